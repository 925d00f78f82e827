"""One layout for every YAML file of a catalog; words, order, comments and how a text is quoted stay as they are."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from kpibook.base.problems import Place, Problem, has_errors
from kpibook.reading.yamlfile import read_bytes, read_yaml

LONGEST_LINE = 160
"""A mapping or list that is written on one line stays there if it ends before this column."""

_NO_BREAK = 10**6
_NOTHING = {"": [("tag:yaml.org,2002:null", re.compile("^$"))]}


class _Texts(VersionedResolver):
    """Every scalar is a text, as in the catalog: `NO`, `0123` and `12:30` are written as they were read."""

    @property
    def versioned_resolver(self) -> Any:
        """What a plain scalar may be besides a text: nothing."""
        return _NOTHING


class _Emitter(Emitter):
    """Sets the items of an inner list in by two; those of a list that is the whole file begin at its edge."""

    @property
    def sequence_dash_offset(self) -> int:
        """How far a dash stands from the key of its list."""
        return 2 if len(self.indents) > 1 else 0

    @sequence_dash_offset.setter
    def sequence_dash_offset(self, _: int) -> None:
        """The offset is fixed."""

    @property
    def best_sequence_indent(self) -> int:
        """How far the content of an item stands from the key of its list."""
        levels = self.indents.values
        return 2 if levels and levels[0][1] and len(levels) <= 2 else 4

    @best_sequence_indent.setter
    def best_sequence_indent(self, _: int) -> None:
        """The indent is fixed."""


class FormattedFile(NamedTuple):
    """A file, its text in the one layout, and what stands in the way of that."""

    path: Path
    text: str
    is_changed: bool = False
    problems: tuple[Problem, ...] = ()


def lay_out_files(files: Iterable[tuple[Path, str]]) -> Iterator[FormattedFile]:
    """Each file, under the name by which its places are told, in the one layout; nothing is written."""
    for path, name in files:
        value, problems = read_yaml(path, name)
        if has_errors(problems):
            yield FormattedFile(path, "", problems=problems)
            continue
        before = path.read_bytes()
        text = before.decode("utf-8-sig")
        laid = lay_out(text)
        after = laid.encode("utf-8")
        if read_bytes(after, name)[0] != value or _comments(laid) != _comments(text):
            yield FormattedFile(path, "", problems=(Problem("layout-would-lose", Place(name)),))
        else:
            yield FormattedFile(path, laid, after != before)


def save(laid: FormattedFile) -> None:
    """Put a file's new text in its place, whole or not at all."""
    fresh = laid.path.with_name(f"{laid.path.name}.kpibook-new")
    fresh.write_text(laid.text, encoding="utf-8", newline="\n")
    fresh.chmod(laid.path.stat().st_mode)
    fresh.replace(laid.path)


def lay_out(text: str) -> str:
    """A sound YAML text in the one layout."""
    writer = _writer()
    data = writer.load(text)
    if data is None:
        return _tidied(text)
    out = io.StringIO()
    _settle(data, 0)
    writer.dump(data, out)
    return _tidied(out.getvalue())


def rewritten(text: str, change: Callable[[Any], None]) -> str:
    """A sound YAML text in the one layout, after `change` was made to what it holds, in place."""
    writer = _writer()
    data = writer.load(text)
    change(data)
    out = io.StringIO()
    _settle(data, 0)
    writer.dump(data, out)
    return _tidied(out.getvalue())


def _writer() -> YAML:
    writer = YAML(typ="rt")
    writer.Resolver = _Texts
    writer.Emitter = _Emitter
    writer.map_indent = 2
    writer.preserve_quotes = True
    writer.width = _NO_BREAK
    writer.allow_unicode = True
    return writer


def _settle(node: Any, indent: int) -> None:
    """Write quoted texts with one kind of quotes, and lists and mappings that are too long for one line on several."""
    for key, value in list(node.items() if isinstance(node, CommentedMap) else enumerate(node)):
        if isinstance(value, SingleQuotedScalarString) and not set(value) & {'"', "\\"}:
            node[key] = DoubleQuotedScalarString(value)
        if not isinstance(value, CommentedMap | CommentedSeq):
            continue
        begin = indent + (len(key) + 2 if isinstance(node, CommentedMap) else 2)
        if value.fa.flow_style() and begin + len(_on_one_line(value)) > LONGEST_LINE:
            value.fa.set_block_style()
        _settle(value, indent + 2)


def _on_one_line(value: Any) -> str:
    if isinstance(value, CommentedMap):
        return "{" + ", ".join(f"{key}: {_on_one_line(part)}" for key, part in value.items()) + "}"
    if isinstance(value, CommentedSeq):
        return "[" + ", ".join(map(_on_one_line, value)) + "]"
    quote = '"' if isinstance(value, SingleQuotedScalarString | DoubleQuotedScalarString) else ""
    return f"{quote}{'' if value is None else value}{quote}"


def _tidied(text: str) -> str:
    """Two spaces before a comment, none at the end of a line, no two empty lines on end; block texts stay."""
    lines: list[str] = []
    for line in _set_in(list(_lines(text))):
        if line.is_prose or line.code or line.comment or (lines and lines[-1]):
            gap = "  " if line.code.strip() and line.comment else ""
            lines.append(line.code + gap + line.comment)
    return "\n".join(lines).rstrip("\n") + "\n" if any(lines) else ""


def _set_in(lines: list["_Line"]) -> Iterator["_Line"]:
    """A comment of its own line stands under the line before it or over the next one."""
    before = 0
    for number, line in enumerate(lines):
        if line.comment and not line.code.strip():
            after = next((_indent(each.code) for each in lines[number:] if each.code.strip()), 0)
            own = len(line.code)
            yield line._replace(code=" " * (own if own in (before, after) else after))
        else:
            before = _indent(line.code) if line.code else before
            yield line


def _indent(code: str) -> int:
    return len(code) - len(code.lstrip(" "))


class _Line(NamedTuple):
    """A line as its code, with what it is set in, and its comment."""

    code: str
    comment: str = ""
    is_prose: bool = False


def _lines(text: str) -> Iterator[_Line]:
    """The lines of a file; those of a block text (`|`) as they are."""
    ends: dict[int, int] = {}
    prose: set[int] = set()
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        start, end = token.start_mark, token.end_mark
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            prose.update(range(start.line + 1, end.line))
            ends[start.line] = start.column + 1
        elif start.index < end.index:
            ends[end.line] = max(ends.get(end.line, 0), end.column)
    for number, line in enumerate(text.splitlines()):
        rest = line[ends.get(number, 0) :]
        found = re.search(r"#.*", rest)
        if number in prose:
            yield _Line(line, is_prose=True)
        elif found:
            before = line[: len(line) - len(rest) + found.start()]
            yield _Line(before.rstrip() if before.strip() else before, found[0].rstrip())
        else:
            yield _Line(line.rstrip())


def _comments(text: str) -> list[str]:
    """All comments; the same before and after, so that none can have been lost."""
    return sorted(line.comment for line in _lines(text) if line.comment)
