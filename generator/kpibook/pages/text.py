"""Text from data becomes Markdown that stays text: no name, note or cell can turn into markup.

Templates are safe by default: `{{ value }}` is escaped by `escape`, and only what is already `Markup` (made by the
functions here, or by a macro) passes as it is.
"""

import posixpath
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from kpibook.base.visible import visible
from kpibook.base.words import Words

TEMPLATES = Path(__file__).parent.parent / "templates"
REPLACEMENT = "&#65533;"
REMEMBERED = 4096
"""How many escaped texts are kept: names of indicators, targets and sentences return on card after card."""

_WORDS = "A-Za-z\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_INERT = (
    "(,;?%\u3001-\u3003\u3008-\u3011\uff01\uff05\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff5e"
    "\u201c\u201d\u2018\u2019…·—×÷≤≥±→¥"
)
_INERT_BETWEEN = (
    r"[0-9]\.(?=[0-9])",
    rf"[{_WORDS}][.:](?= )",
    rf"[{_WORDS}]\.(?=\Z)",
    rf"[{_WORDS}]\)",
    rf"[0-9{_WORDS}][-/](?=[0-9{_WORDS}])",
    rf"[0-9{_WORDS}] =(?= [0-9{_WORDS}])",
)
"""Signs that are nothing but punctuation where they stand: `12.5`, `text.`, `note: text`, `2026-10`, `a/b`, `x = y`."""


def _active(inert: str, start: str, end: str) -> str:
    """The pattern of what is written as an entity: signs that are not inert, and blanks beside blanks or at an end."""
    between = "".join(f"(?<!{each})" for each in _INERT_BETWEEN).replace(r"\Z", end)
    # One set of signs begins all of them: a search for it passes over text several times as fast.
    return rf"[^0-9{_WORDS}{inert}](?:(?<! ){between}|(?<= )(?:(?= )|{end}|(?<={start} )))"


_ACTIVE = re.compile(_active(_INERT, r"\A", r"\Z"))
_ACTIVE_IN_LINES = re.compile(_active(rf"\n{_INERT}", "^", "$"), re.MULTILINE)
"""The same in each of several lines."""
_HARMLESS = "\t\n\u00ad\u200b\u200c\u200d"
"""Signs without width that steer nothing: where a line may break, and what joins an emoji."""
_LINE_END = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ANCHOR = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "<>&\"'"}


def escape(text: object) -> Markup:
    """The text for a paragraph, a list item, a heading, a link or a table cell; a line break reads as a space.

    Whatever is neither a letter, a digit, an ideograph nor harmless punctuation becomes a numeric entity.
    """
    plain = str(text)
    if not plain.isprintable():
        plain = _LINE_END.sub("\n", plain)
    return Markup(_ACTIVE.sub(_entity, plain))


def escaped(value: object) -> Markup:
    """As `escape`, for text that may be `Markup` already and that returns on page after page."""
    return value if type(value) is Markup else _remembered(value)


@lru_cache(maxsize=REMEMBERED)
def _remembered(value: object) -> Markup:
    return escape(value)


def bullets(texts: Iterable[str]) -> Markup:
    """A list of texts, one to a line."""
    each = tuple(texts)
    if not each:
        return Markup("")
    if any(type(text) is Markup or not text.isprintable() for text in each):
        return Markup("\n".join([f"- {escaped(text)}" for text in each]))
    # Searched through together: ten thousand cards have half a million lines, most of them unlike any other.
    return Markup("- " + _ACTIVE_IN_LINES.sub(_entity, "\n".join(each)).replace("\n", "\n- "))


def text_width(text: str) -> int:
    """How many ideographs wide a text is; other signs are half as wide, and take a third of the bytes."""
    ideographs = (len(text.encode("utf-8")) - len(text)) // 2
    return (len(text) + ideographs) // 2


def _entity(found: re.Match[str]) -> str:
    return _entity_of(found[0])


@lru_cache(maxsize=1024)
def _entity_of(sign: str) -> str:
    code = ord(sign)
    if sign not in _HARMLESS and (shown := visible(sign)) != sign:
        return shown.replace("\\", "&#92;")
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code < 0xFDF0:
        return REPLACEMENT
    return f"&#{code};"


def capitalised(text: str) -> str:
    """The text with a capital first letter, as for a word that stands alone in a chip."""
    return text[:1].upper() + text[1:]


def joined(texts: Iterable[object], between: object = "") -> Markup | str:
    """Several texts in one: finished Markdown as soon as one of them is, else a text that is still to be escaped.

    The filter of the same purpose in Jinja escapes for HTML alone, and what follows escapes that once more.
    """
    each = tuple(texts)
    if isinstance(between, Markup) or any(isinstance(text, Markup) for text in each):
        return escaped(between).join(map(escaped, each))
    return str(between).join(map(str, each))


def lines(text: object) -> Markup:
    """The text with its line breaks, for a table cell or a list item; blank lines are left out.

    What is finished already stays as it is.
    """
    if isinstance(text, Markup):
        return text
    parts = (part.strip() for part in _LINE_END.sub("\n", str(text)).split("\n"))
    return Markup("<br>").join(escape(part) for part in parts if part)


def paragraphs(text: object) -> Markup:
    """The text with its paragraphs and line breaks, as blocks of their own."""
    blocks = _BLANK_LINES.split(_LINE_END.sub("\n", str(text)).strip())
    return Markup("\n\n").join(lines(block) for block in blocks)


def heading(level: int, text: object, anchor: str) -> Markup:
    """A heading with an id of its own, so that links to it hold; raises ValueError for an id that is no plain word."""
    if not _ANCHOR.fullmatch(anchor):
        raise ValueError(f"not an anchor: {anchor!r}")
    return Markup(f"{'#' * level} {text if isinstance(text, Markup) else escape(text)} {{#{anchor}}}")


def link(text: object, path: str) -> Markup:
    """A link to a path that the generator made."""
    return Markup(f"[{escape(text)}]({path})")


def role_name(identifier: str, name: str) -> Markup:
    """The name of a role beside the handbook; the site makes a link of it where the handbook's address is known."""
    return Markup('<span data-role="{}">{}</span>').format(identifier, escape(name))


def code(text: object) -> Markup:
    """A text as code: an id, a key, a formula."""
    return Markup(f"<code>{escape(' '.join(str(text).split()))}</code>")


def indented(text: str) -> Markup:
    """A text of our own as a block of code; every renderer knows the indented form."""
    return Markup("\n".join(f"    {line}" if line else "" for line in text.split("\n")))


def relative(page: str, target: str) -> str:
    """The path that leads from one page to another; both are paths below the same folder."""
    path, mark, anchor = target.partition("#")
    return _way(page.rpartition("/")[0], path) + mark + anchor


@lru_cache(maxsize=16384)
def _way(folder: str, path: str) -> str:
    """The same from a folder: all pages in it lead to the same few."""
    return posixpath.relpath(path, folder or ".")


def front_matter(**values: object) -> Markup:
    """The YAML block that begins a page; whatever the texts hold, they read back equal."""
    rows = (f"{key}: {_yaml_value(value)}" for key, value in values.items())
    return Markup("\n".join(("---", *rows, "---", "")))


def _yaml_value(value: object) -> str:
    style, flow = ('"', None) if isinstance(value, str) else (None, True)
    dumped = yaml.dump(
        str(value) if isinstance(value, str) else value,
        Dumper=yaml.CSafeDumper,
        default_style=style,
        default_flow_style=flow,
        allow_unicode=True,
        width=2**30,
    )
    return str(dumped).removesuffix("...\n").rstrip("\n")


def summary(text: str, length: int = 120) -> str:
    """The beginning of a text on one line, for a page's description: quotes and brackets in their wide form.

    Themes put a description into an attribute unescaped, so no character of HTML may be left in it.
    """
    line = " ".join(text.split()).translate(_WIDE)
    return line if len(line) <= length else line[: length - 1] + "…"


@cache
def environment(say: Words) -> Environment:
    """The templates, with `say` and the functions of this module at hand."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        finalize=_escaped_value,
        undefined=StrictUndefined,
        # The package does not change while it runs: without this the disk is asked at each include of each card.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(say=say, colon=Markup(say("handbook.colon")), semicolon=Markup(say("handbook.semicolon")))
    made.globals.update(stop=Markup(say("handbook.stop")))
    made.globals.update(heading=heading, link=link, code=code, front_matter=front_matter)
    made.filters.update(join=joined, lines=lines, paragraphs=paragraphs, indented=indented)
    return made


def _escaped_value(value: object) -> object:
    if isinstance(value, Markup | Undefined):
        return value
    return escape(value)
