"""The guide's page on tables: which of them import reads, how it knows their columns, and what it does not read.

The words are those that import itself goes by, and a test imports each table that the page shows.
"""

from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from kpibook.pages import paths
from kpibook.pages.context import HandbookContext

LAYOUTS = ("long", "wide", "two_rows", "months", "several", "days", "roster", "ratings", "targets")
NOT_READ = (
    "import-header-unclear",
    "import-title-no-actual",
    "import-column-unit",
    "import-measure-missing",
    "title-other-period",
    "import-measure-ambiguous",
    "import-period-missing",
    "sheet-other-unit",
    "name-differs",
    "import-rater-missing",
    "conflicting-values",
)
"""By the code that import tells."""
QUALIFIERS = ("actual", "plan", "last", "cumulative", "derived", "group", "unit")
HEADERS = ("subject", "name", "measure_name", "period", "note", "rater", "post", "manager", "week", "job_level", "kind")
MONEY = ("one", "thousand", "ten_thousand", "hundred_thousand", "million", "ten_million", "hundred_million")
TIME = ("second", "minute", "hour", "day")

OWN = """\
import_words:
  actual: [{actual}]
  unit_words: [{{word: {word}, unit: {unit}}}]
  no_value: [{no_value}]
"""


class SheetView(NamedTuple):
    """A table as a spreadsheet shows it: the letters of its columns, and its rows by their numbers."""

    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


class LayoutView(NamedTuple):
    """A layout that is read, an example of it, and what is taken from that: cell, who, what, value."""

    title: str
    anchor: str
    about: str
    sheet: SheetView
    taken: tuple[tuple[str, ...], ...]


class RefusalView(NamedTuple):
    """A table that is not read, why, and what to do."""

    code: str
    why: str
    mend: str
    sheet: SheetView


def tables_page(context: HandbookContext) -> tuple[str, str]:
    """The page on tables."""
    say = context.say
    layouts = tuple(_layout(context, name) for name in LAYOUTS)
    not_read = tuple(
        RefusalView(code, say(f"{at}.why"), say(f"{at}.mend"), _sheet(say(f"{at}.sheet")))
        for code in NOT_READ
        for at in (f"tables_guide.not_read.{code}",)
    )
    return context.render(
        "guide_tables",
        paths.GUIDE_TABLES,
        source=context.file("company.yml"),
        layouts=layouts,
        meanings=tuple(_meanings(context)),
        own=OWN.format(**{key: say(f"tables_guide.own_words.{key}") for key in ("actual", "word", "unit", "no_value")}),
        not_read=not_read,
    )


def _layout(context: HandbookContext, name: str) -> LayoutView:
    at, say = f"tables_guide.read.{name}", context.say
    taken = tuple(_cut(say(f"{at}.taken")))
    return LayoutView(say(f"{at}.title"), name.replace("_", "-"), say(f"{at}.about"), _sheet(say(f"{at}.sheet")), taken)


def _sheet(text: str) -> SheetView:
    rows = tuple(_cut(text))
    width = max(map(len, rows))
    filled = (row + ("",) * (width - len(row)) for row in rows)
    return SheetView(tuple(ascii_uppercase[:width]), tuple(enumerate(filled, start=1)))


def _cut(text: str) -> Iterator[tuple[str, ...]]:
    return (tuple(cell.strip() for cell in line.split("|")) for line in text.splitlines())


def _meanings(context: HandbookContext) -> Iterator[tuple[str, str]]:
    """The words that import knows in the company's language, and what they mean."""
    say = context.say
    found: Sequence[tuple[str, tuple[str, ...]]] = (
        *((name, (f"importing.header.{name}",)) for name in HEADERS),
        *((name, _qualifier(name)) for name in QUALIFIERS),
        ("money", tuple(f"importing.money.{unit}" for unit in MONEY)),
        ("time", tuple(f"importing.time.{unit}" for unit in TIME)),
        ("no_value", ("tables.no_value",)),
    )
    for name, keys in found:
        known = dict.fromkeys(word for key in keys for word in say(key).split("|"))
        yield say(f"tables_guide.meanings.{name}"), say("importing.comma").join(known)


def _qualifier(name: str) -> tuple[str, ...]:
    """Where the words of a kind of numbers stand: some of them are columns of long tables, too."""
    header = {"actual": "actual", "plan": "target", "last": "previous"}.get(name)
    return (*((f"importing.header.{header}",) if header else ()), f"importing.word.{name}")
