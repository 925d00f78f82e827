"""Whom a text means that people wrote: an id, a name, or both."""

import unicodedata


def is_person(text: str, person: str, name: str) -> bool:
    """Whether a text written by people, as an id, a name or both, means the person."""
    written, own, called = _bare(text), _bare(person), _bare(name)
    return bool(written) and written in {own, called, called + own, own + called}


def _bare(text: str) -> str:
    """Without blanks, brackets and other signs; the hyphen of an id stays."""
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in signs if sign.isalnum() or sign == "-")
