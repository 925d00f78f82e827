"""Addresses of documents in notes: a link where the company keeps its evidence there, else the text that they are."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from markupsafe import Markup

from kpibook.pages.text import escape

_ADDRESS = re.compile(r"https://[A-Za-z0-9.:-]+(?:[/?#][A-Za-z0-9/?#%&=+@:;,.!~*$_()-]*)?")
_CLOSING = ".,:;!?"
"""What ends a sentence and no address."""
_BESIDE = "\"'<>()]}"
"""What may stand around an address."""


def with_links(text: str, hosts: Collection[str]) -> Markup | str:
    """The text with links to documents on `hosts`; without any the text itself, which is still to be escaped.

    The page of a card has a name that nobody may guess, so a link does not tell where it was followed from. Where
    letters follow at once, as in Chinese text, nobody knows where the address ends: it stays text.
    """
    if not hosts or "https://" not in text:
        return text
    return Markup("").join(_parts(text, hosts))


def _parts(text: str, hosts: Collection[str]) -> Iterator[Markup]:
    """The text between the links, escaped, and the links."""
    done = 0
    for found in _ADDRESS.finditer(text):
        address = _without_marks_around(found[0])
        if _is_open(text[found.end() :]) or urlsplit(address).netloc.lower() not in hosts:
            continue
        yield escape(text[done : found.start()])
        yield Markup(f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(address)}</a>')
        done = found.start() + len(address)
    yield escape(text[done:])


def _without_marks_around(address: str) -> str:
    """An address without the signs of the sentence around it."""
    bare = address.rstrip(_CLOSING)
    spare = bare.count(")") - bare.count("(")
    while spare > 0 and bare.endswith(")"):
        bare, spare = bare[:-1].rstrip(_CLOSING), spare - 1
    return bare


def _is_open(rest: str) -> bool:
    """Whether what follows may still belong to the address, or make it another one: a letter, an `@`."""
    after = rest[:1]
    return after.isalnum() or (after.isascii() and not after.isspace() and after not in f"{_CLOSING}{_BESIDE}")
