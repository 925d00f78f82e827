"""Every word that the generator adds for a reader, from `locale/<language>/*.yml`."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from string import Formatter

import yaml

LOCALE = Path(__file__).parents[1] / "locale"
LANGUAGES = ("zh", "en")
_BY_NUMBER = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")
"""What is said of one thing and of any other number of them: `{count} {count:row is|rows are} left`."""
_SPACED = re.compile(r"\{(\w+)~\}")
"""What an ideograph follows: `{condition~}时` has a blank after `不低于 60`, and none after `三次`."""
_LATIN = re.compile(r"[A-Za-z0-9%]$")
APART = {
    "cli": "cli",
    "periods": "base/periods.yml",
    "plausible": "checking/plausible.yml",
    "tables": "reading/tables.yml",
    "units": "base/units.yml",
}
"""First parts of keys, and the folder or file of each language that holds all of them: they are read by themselves.

Help and refusals need those of the command line alone; names of cycles, units and empty cells are understood in all
languages, and the words for one and for several of a unit are those of English in any. All texts of one language take
as long to read as a short run.
"""


class Words:
    """The texts of one language by their dotted key.

    Values fill the `{names}` in a text, and `{name:one|many}` is written as the number of that name asks for; after
    `{name~}` comes a blank if the value ends in a Latin letter, a digit or %.
    """

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts
        self._asked: dict[str, str] = {}
        """Those that were asked for: a card asks for hundreds, most of them those of the card before."""
        self._patterns: dict[str, str] = {}
        """Those that were asked for with values, taken apart once: with `%(name)s` for each value."""
        self._by_value: dict[str, str] = {}
        """Those that read otherwise of one thing than of several or by what stands before, or with `{number:02}`."""

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of `key`; raises KeyError for a key that no locale file has."""
        if values:
            pattern = self._patterns.get(key)
            # To have braces read each time takes half as long again.
            return self._filled(key, values) if pattern is None else pattern % values
        text = self._asked.get(key)
        if text is None:
            text = self._asked[key] = self._texts[key]
        return text

    def _filled(self, key: str, values: Mapping[str, object]) -> str:
        """A text that was not asked for with values before, or that is no pattern."""
        text = self._by_value.get(key)
        if text is None:
            text = self._texts[key]
            pattern = _pattern(text)
            if pattern is not None:
                self._patterns[key] = pattern
                return pattern % values
            self._by_value[key] = text
        text = _BY_NUMBER.sub(lambda found: found[2 if is_one(values[found[1]]) else 3], text)
        text = _SPACED.sub(lambda found: _spaced(found[1], str(values[found[1]])), text)
        return text.format_map(values)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> Iterator[str]:
        """All keys, in the order of the files."""
        return iter(self._texts)


def _pattern(text: str) -> str | None:
    """A text with `%(name)s` for each `{name}`; None for one that asks for more than that."""
    if _BY_NUMBER.search(text) or _SPACED.search(text):
        return None
    pieces = list(Formatter().parse(text))
    if any(form or conversion for _, _, form, conversion in pieces):
        return None
    return "".join(
        literal.replace("%", "%%") + ("" if name is None else f"%({name})s") for literal, name, _, _ in pieces
    )


def _spaced(name: str, value: str) -> str:
    """The place of a value, with the blank that it needs behind it."""
    return f"{{{name}}} " if _LATIN.search(value) else f"{{{name}}}"


def is_one(value: object) -> bool:
    """Whether a number is said of one thing: `1`, `-1`, `+1`."""
    return str(value).lstrip("+-\u2212") == "1"


def by_number(text: str) -> tuple[str, str] | None:
    """What is said of one thing and of several, `point|points`; None for a text that is no such pair."""
    one, bar, many = text.partition("|")
    return (one, many) if bar else None


@cache
def words(language: str) -> Words:
    """The words of `zh` or `en`."""
    return Words(language, _Texts(LOCALE / language))


class _Texts(Mapping[str, str]):
    """The texts of the files below a folder, read when one of them is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._apart: dict[str, Mapping[str, str]] = {}

    def __getitem__(self, key: str) -> str:
        first = key.partition(".")[0]
        if first not in APART:
            return self._all[key]
        if first not in self._apart:
            self._apart[first] = _read_below(self._folder / APART[first])
        return self._apart[first][key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> Mapping[str, str]:
        return _read_below(self._folder)


def _read_below(place: Path) -> Mapping[str, str]:
    """The texts of a file, or of all files below a folder, by their keys."""
    texts: dict[str, str] = {}
    for path in sorted(place.rglob("*.yml")) if place.is_dir() else [place]:
        for key, text in _flat(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader), ""):
            if key in texts:
                raise ValueError(f"{path.name}: {key} stands in two locale files")
            texts[key] = text
    return texts


def _flat(node: object, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{prefix}.{key}" if prefix else key)
    else:
        yield prefix, str(node)
