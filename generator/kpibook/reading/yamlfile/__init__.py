"""Strict YAML: texts, lists and mappings, the place of every value, and all faults of a file in one run."""

import re
import stat
from pathlib import Path

from kpibook.base.entry import Located, LocatedList
from kpibook.base.problems import Place, Problem
from kpibook.base.system_errors import reason
from kpibook.reading.yamlfile.characters import scan
from kpibook.reading.yamlfile.composing import compose

MAX_BYTES = 2_000_000
"""A file that people write by hand is smaller by far; the bound keeps a wrong file from holding everything up."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_GUESS_LENGTH = 40

Read = tuple[Located | LocatedList | None, tuple[Problem, ...]]


def read_yaml(path: Path, name: str) -> Read:
    """Read a file whose places are told under `name`; None is an empty file, or one that cannot be read at all.

    Scalars are text, or None where nothing is written. A mapping or list whose end could not be read is `is_cut`.
    """
    data, faults = read_file(path, name)
    return (None, faults) if data is None else read_bytes(data, name)


def read_text(path: Path, name: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a file in UTF-8, and what is wrong with its encoding; None where it cannot be read."""
    data, faults = read_file(path, name)
    return (None, faults) if data is None else _decode(data.removeprefix(_BOM), name)


def read_bytes(data: bytes, name: str) -> Read:
    """As `read_yaml`, from the bytes of a file."""
    text, faults = _decode(data.removeprefix(_BOM), name)
    if text is None:
        return None, faults
    seen = scan(text, name)
    value, problems = compose(seen, name)
    return value, (*faults, *seen.problems, *problems)


def read_file(path: Path, name: str) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a file, or None and why it cannot be read: it is not there, no file, or too large."""
    try:
        data, fault = _bytes(path, name)
    except OSError as error:
        return None, (Problem("unreadable-file", Place(name), {"reason": reason(error)}),)
    return (None, (fault,)) if fault else (data, ())


def _bytes(path: Path, name: str) -> tuple[bytes, Problem | None]:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        return b"", Problem("not-a-file", Place(name))
    if about.st_size > MAX_BYTES:
        return b"", Problem("yaml-too-large", Place(name), {"size": about.st_size, "limit": MAX_BYTES})
    return path.read_bytes(), None


def _decode(data: bytes, name: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text, and what is wrong with its encoding; a GBK file is read on, to tell its other faults as well."""
    if data.startswith(_UTF16):
        return None, (Problem("looks-like-utf16", Place(name)),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        at = error.start
    line_from = data.rfind(b"\n", 0, at) + 1
    place = Place(name, data.count(b"\n", 0, at) + 1, len(data[line_from:at].decode("utf-8")) + 1)
    line = data[line_from:].split(b"\n", 1)[0]
    guess = _as_gbk(line)
    if not guess:
        return None, (Problem("not-utf8", place, {"byte": at + 1}),)
    fault = Problem("looks-like-gbk", place, {"byte": at + 1, "guess": guess.strip()[:_GUESS_LENGTH]})
    return _as_gbk(data) or None, (fault,)


def _as_gbk(data: bytes) -> str:
    """The text if it reads as everyday Chinese in GBK, else nothing."""
    try:
        text = data.decode("gb18030")
        text.encode("gbk")
    except UnicodeError:
        return ""
    foreign = re.findall(r"[^\x00-\x7f]", text)
    chinese = re.findall(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text)
    return text if 2 * len(chinese) > len(foreign) else ""
