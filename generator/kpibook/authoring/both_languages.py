"""What is taken over from the library, told in both languages of a handbook in two."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from kpibook.authoring.library_texts import read_file
from kpibook.base.entry import SPOKEN
from kpibook.reading.yamlfile import read_bytes

PLAIN = ("level",)
"""Keys of texts by which something is told apart: those are in one language alone."""


def tell_in_both(data: Any, file: str, language: str) -> None:
    """Put both languages into the entries of a file of the library, wherever the two differ.

    `data` may be a part of the file's entries; the same file in the other `language` has the same layout.
    """
    _speak(data, _plain_in(file, language), language)


@lru_cache(64)
def _plain_in(file: str, language: str) -> Any:
    return read_bytes(read_file("/".join((language, *Path(file).parts[1:]))).encode(), file)[0]


def _speak(data: Any, other: Any, language: str) -> None:
    pairs = enumerate(data) if isinstance(data, list) else [*data.items()]
    for key, value in pairs:
        if isinstance(value, dict | list):
            _speak(value, other[key], language)
        elif isinstance(value, str) and value != other[key] and key not in PLAIN:
            texts = CommentedMap((each, other[key] if each == language else value) for each in SPOKEN)
            texts.fa.set_flow_style()
            data[key] = texts
