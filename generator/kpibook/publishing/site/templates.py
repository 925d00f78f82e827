"""The templates of MkDocs and its theme, compiled once in a process however many sites are made in it."""

import os
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from mkdocs.theme import Theme


class _Compiled(BytecodeCache):
    """What templates were compiled to, in memory alone: nobody can put something of their own there."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what the same source of the same file became."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a source became."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


# Two sites, the second language and each build of `serve` use the same forty templates, which take as long to compile
# as the pages of a small company to render. Every environment of MkDocs compiles a source alike.
_COMPILED = _Compiled()


class _Visible(FileSystemLoader):
    """Lists no folder whose name begins with a dot.

    MkDocs copies nothing from there, and looks at each of the 14,000 icons that the theme keeps in one.
    """

    def list_templates(self) -> list[str]:
        """The files below all folders of the theme, by their names there."""
        found = set[str]()
        for top in self.searchpath:
            for folder, folders, files in os.walk(top):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found.update((Path(folder) / name).relative_to(top).as_posix() for name in files)
        return sorted(found)


def quick_environment(theme: Theme) -> Environment:
    """The environment that MkDocs makes for a theme, which compiles and lists no more than it has to."""
    made = Theme.get_env(theme)
    made.loader = _Visible(theme.dirs)
    made.bytecode_cache = _COMPILED
    return made
