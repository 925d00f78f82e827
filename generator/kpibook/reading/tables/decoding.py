"""From bytes to text: byte order mark, then strict UTF-8, then GB18030; what does not decode costs its line only."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple, NoReturn

from kpibook.reading.tables.charsets import CALLED, rival_of_gb18030
from kpibook.reading.tables.files import FileFault


class Encoding(StrEnum):
    """How the text of a file is stored."""

    UTF_8 = "utf-8"
    UTF_8_BOM = "utf-8-sig"
    UTF_16 = "utf-16"
    GB18030 = "gb18030"


class Encoded(NamedTuple):
    """The bytes of a file and how to read them; `mixed` where some lines are UTF-8 and some GB18030."""

    data: bytes
    encoding: Encoding
    mixed: bool = False


BLOCK = 1 << 20
EURO = b"\xa2\xe3"
"""€ in GB18030; WHATWG reads the lone byte 80 of the older GBK as the same sign."""

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_THREE_BYTES = re.compile(rb"[\xe0-\xf4]")
_ODD_IN_UTF_8 = re.compile("[\x80-\u07ff\u3400-\u4dbf\ue000-\uf8ff]")
_GB_UNITS = re.compile(
    rb"((?:[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39]))+)|\x80",
)
_PRIVATE = re.compile("[\ue78d-\ue796\ue81e-\ue864]")
_OF_2022 = str.maketrans(
    {
        **dict(zip(range(0xE78D, 0xE797), "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19", strict=True)),
        **dict(
            zip(
                (0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864),
                "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
                strict=True,
            )
        ),
    }
)
"""Characters that Python's codec still leaves in the private use area; GB 18030-2022 gives them their own places."""

_SAMPLE = 20_000
_SYMBOL_ROWS = (0xA1, 0xA3)
_FIRST_HAN_ROW = 0xB0


def detect(data: bytes) -> Encoded:
    """How a file is encoded.

    Raises:
        FileFault: `encoding-ambiguous` or `encoding-either` where two readings are possible,
            `encoding-unknown` where none is.
    """
    if data.startswith(_BOM):
        return Encoded(data[len(_BOM) :], Encoding.UTF_8_BOM)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoded(_from_utf_16(data), Encoding.UTF_16)
    if data.count(0) * 4 > len(data):
        raise FileFault("encoding-unknown", guess="UTF-16")
    if not _is_utf_8(data):
        return _by_majority(data)
    _refuse_two_readings(data)
    return Encoded(data, Encoding.UTF_8)


def blocks(encoded: Encoded) -> Iterator[str]:
    """The text in pieces that end where a line ends; bytes that do not decode become lone surrogates."""
    data, start = encoded.data, 0
    while start < len(data):
        end = data.find(b"\n", start + BLOCK) + 1 or len(data)
        yield _decode(data[start:end], encoded)
        start = end


def readable(text: str) -> str:
    """A text whose undecodable bytes are written out, as `\\xb3`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _from_utf_16(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode("utf-8")
    except UnicodeError as err:
        raise FileFault("encoding-unknown", guess="UTF-16") from err


def _is_utf_8(data: bytes) -> bool:
    try:
        start = 0
        while start < len(data):
            end = data.find(b"\n", start + BLOCK) + 1 or len(data)
            data[start:end].decode("utf-8")
            start = end
    except UnicodeDecodeError:
        return False
    return True


def _tells_utf_8(line: bytes) -> bool:
    """Whether a line that decodes as UTF-8 was surely written as UTF-8.

    Big5 may decode as UTF-8 by chance, but then it reads as Western letters among rare characters.
    """
    if not _THREE_BYTES.search(line):
        return False
    return not (_ODD_IN_UTF_8.search(line.decode("utf-8")) and _is_big5(line))


def _is_big5(line: bytes) -> bool:
    try:
        line.decode("big5")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_two_readings(data: bytes) -> None:
    """Short words of GBK such as 一, and few of Big5, are also valid UTF-8: a file with nothing else may be either."""
    if data.isascii():
        return
    if _THREE_BYTES.search(data):
        if any(map(_tells_utf_8, (found[0] for found in _LINE.finditer(data)))):
            return
        raise FileFault("encoding-unknown", guess="Big5 / Latin-1")
    line = next(line for line in _LINE.findall(data) if not line.isascii()).strip()
    other = _gb18030(line)
    if other is not None:
        raise FileFault("encoding-ambiguous", utf8=line.decode("utf-8")[:40], gb18030=other[:40])


def _by_majority(data: bytes) -> Encoded:
    utf_8, gb18030, sample, doubtful = 0, 0, "", b""
    for found in _LINE.finditer(data):
        line = found[0]
        if line.isascii():
            continue
        if _is_utf_8(line):
            utf_8 += _tells_utf_8(line)
        elif (text := _gb18030(line)) is not None:
            gb18030 += 1
            sample += text if len(sample) < _SAMPLE else ""
            doubtful += line if len(doubtful) < _SAMPLE else b""
    # A few lines in another encoding may happen to be UTF-8: they say nothing of the others.
    is_gb18030 = gb18030 > utf_8
    if (is_gb18030 and not _looks_chinese(sample)) or not (utf_8 or gb18030):
        raise FileFault("encoding-unknown", guess="Big5 / Latin-1" if gb18030 else "?")
    if is_gb18030 and (rival := rival_of_gb18030(doubtful)):
        _refuse_rival(doubtful, rival)
    return Encoded(data, Encoding.GB18030 if is_gb18030 else Encoding.UTF_8, mixed=bool(utf_8 and gb18030))


def _refuse_rival(data: bytes, rival: str) -> NoReturn:
    """Tell both readings of the first line that has two."""
    line = next(line for line in _LINE.findall(data) if not line.isascii()).strip()
    texts = {"other": line.decode(rival, "replace")[:40], "gb18030": (_gb18030(line) or "")[:40]}
    raise FileFault("encoding-either", encoding=CALLED[rival], **texts)


def _looks_chinese(text: str) -> bool:
    """Whether at least half of what is not ASCII is in everyday Chinese use (GB 2312)."""
    foreign = "".join(character for character in text if character > "\x7f")
    rows = foreign.encode("gb2312", "ignore")[::2]
    expected = sum(row >= _FIRST_HAN_ROW or row in _SYMBOL_ROWS for row in rows)
    return 2 * expected >= len(foreign)


def _decode(piece: bytes, encoded: Encoded) -> str:
    if not encoded.mixed:
        try:
            return _strict(piece, encoded.encoding)
        except UnicodeDecodeError:
            pass
    return "".join(_decode_line(line, encoded) for line in _LINE.findall(piece))


def _strict(piece: bytes, encoding: Encoding) -> str:
    if encoding is not Encoding.GB18030:
        return piece.decode("utf-8")
    text = piece.decode("gb18030")
    return text.translate(_OF_2022) if _PRIVATE.search(text) else text


def _decode_line(line: bytes, encoded: Encoded) -> str:
    if line.isascii():
        return line.decode("ascii")
    if encoded.encoding is Encoding.GB18030:
        is_other = encoded.mixed and _THREE_BYTES.search(line) and _is_utf_8(line)
        text = None if is_other else _gb18030(line)
        return line.decode("ascii", "surrogateescape") if text is None else text
    return line.decode("utf-8", "surrogateescape")


def _gb18030(line: bytes) -> str | None:
    try:
        return _strict(_GB_UNITS.sub(lambda found: found[1] or EURO, line), Encoding.GB18030)
    except UnicodeDecodeError:
        return None
