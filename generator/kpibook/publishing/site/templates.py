"""The templates of MkDocs and its theme, compiled once in a process however many sites are made in it."""

import os
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from mkdocs.theme import Theme


class CompiledTemplates(BytecodeCache):
    """Templates as they were compiled before in this process, in memory alone: nobody can put others there.

    Jinja itself holds what is kept against the template's text.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take up what is kept of a template, if anything is."""
        if code := self._kept.get(_name_of(bucket)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[_name_of(bucket)] = bucket.bytecode_to_string()


def _name_of(bucket: Bucket) -> tuple[str, ...]:
    """A template's name and place, and what reads it: the same text is other code with other extensions."""
    return bucket.key, *sorted(bucket.environment.extensions)


# Two sites, the second language and each build of `serve` use the same forty templates, which take as long to compile
# as the pages of a small company to render.
_COMPILED = CompiledTemplates()


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
