"""Whom a text means that people wrote: an id, a name, or both."""

import unicodedata


def is_person(text: str, person: str, name: str) -> bool:
    """Whether a text written by people, as an id, a name or both, means the person."""
    written, own, called = person_key(text), person_key(person), person_key(name)
    return bool(written) and written in {own, called, called + own, own + called}


def person_key(text: str) -> str:
    """A name as it is compared: without blanks, brackets and other signs; the hyphen of an id stays."""
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in signs if sign.isalnum() or sign == "-")
