"""The tables of a revision: items.csv, totals.csv and carried.csv, with every number exactly as it was."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gmpy2 import mpq

from kpibook.base.numbers import exact_text, fixed
from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import Catalog, Reading
from kpibook.scoring.carried import Carried, CarriedGap, parse_exact
from kpibook.scoring.results import Card, ItemScore, Results, TakenKey
from kpibook.scoring.sources import Gap
from kpibook.scoring.streaks import STANDING, standing_of

MARK = "\ufeff"
ITEM_COLUMNS = (
    *("cycle", "person", "role", "section", "indicator", "is_extra", "weight"),
    *("target", "actual", "attainment", "points", "status", "label"),
)
TOTAL_COLUMNS = (
    *("cycle", "person", "name", "department", "role", "status", "total", "total_exact", "grade", "rank", "ranked"),
    *("coverage", "computed", "adjustment"),
)
PAY = "pay: "
"""How a column of totals.csv begins that holds a pay line."""
CALIBRATED_COLUMNS = ("total_computed", "total_calibrated")
"""In a cycle with a calibration alone."""
CARRIED_COLUMNS = ("cycle", "revision", "subject", "key", "value")
GAPS = frozenset((*(gap.value for gap in Gap), "absent"))


def items_table(results: Results) -> str:
    """Every item and extra of every card, those of departments and the company last."""
    return _table(ITEM_COLUMNS, _item_rows(results))


def totals_table(results: Results, catalog: Catalog) -> str:
    """Every card with its total as published and exactly, and the amount of each pay line."""
    lines = tuple(dict.fromkeys(outcome.line.name for card in results.cards for outcome in card.pay))
    rows = (_total_row(card, results, catalog, lines) for card in (*results.cards, *results.units))
    calibrated = () if results.cycle.calibration is None else CALIBRATED_COLUMNS
    return _table((*TOTAL_COLUMNS, *calibrated, *(f"{PAY}{line}" for line in lines)), rows)


def carried_table(taken: Mapping[TakenKey, str], revisions: Mapping[TakenKey, str]) -> str:
    """Everything that was taken from other cycles, with the revision of each at that time; empty for none."""
    ordered = sorted(taken.items(), key=lambda each: (each[0][0], *each[0][1:]))
    rows = ((str(key[0]), revisions.get(key, ""), *key[1:], value) for key, value in ordered)
    return _table(CARRIED_COLUMNS, rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([text_of(cell) for cell in row] for row in rows)
    return MARK + stream.getvalue()


def text_of(cell: str) -> str:
    """A cell that no spreadsheet takes as a formula; numbers stay as they are."""
    return f"'{cell}" if cell[:1] in "=+@\t\r" and cell[:1] else cell


def _item_rows(results: Results) -> Iterator[Sequence[str]]:
    cycle = str(results.cycle.period)
    for card in (*results.cards, *results.units):
        for piece in card.spans:
            role = "" if card.is_unit else piece.role.id
            for score in (*piece.items, *piece.extras):
                yield cycle, card.person, role, *_item(score)


def _item(score: ItemScore) -> Sequence[str]:
    numbers = (score.target.value if score.target else None, score.actual, score.attainment, score.points)
    kind = "yes" if score.is_extra else "no"
    head = (score.section, score.indicator.id, kind, _exact(score.weight))
    return (*head, *map(_exact, numbers), score.status, score.label)


def _total_row(card: Card, results: Results, catalog: Catalog, lines: Sequence[str]) -> Sequence[str]:
    places = catalog.company.rounding
    total = "" if card.total is None else fixed(card.total, places.score)
    where = ("", "") if card.is_unit else (card.department, card.role.id)
    return (
        *(str(results.cycle.period), card.person, card.name, *where, card.status, total, _exact(card.exact)),
        *(card.grade.id if card.grade else "", str(card.rank or ""), str(card.ranked or "")),
        *(_exact(card.coverage), _exact(card.computed), _exact(card.adjustment) if card.adjustments else ""),
        *(() if results.cycle.calibration is None else _calibrated(card)),
        *(_pay(card, line) for line in lines),
    )


def _calibrated(card: Card) -> Sequence[str]:
    """The total as it was computed, and as it was calibrated where it was."""
    return _exact(card.total_computed), _exact(card.calibration.total if card.calibration else None)


def _pay(card: Card, line: str) -> str:
    amounts = [outcome.amount for outcome in card.pay if outcome.line.name == line]
    known = [amount for amount in amounts if amount is not None]
    return exact_text(sum(known, mpq(0))) if known and len(known) == len(amounts) else ""


def _exact(value: mpq | None) -> str:
    return "" if value is None else exact_text(value)


def read_rows(text: str) -> list[dict[str, str]]:
    """The rows of a table of a revision."""
    reader = csv.DictReader(io.StringIO(text.removeprefix(MARK), newline=""))
    return [{key: unquoted(value or "") for key, value in row.items() if key is not None} for row in reader]


def unquoted(cell: str) -> str:
    """A cell without the sign that guards it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "@", "\t", "\r") else cell


def read_carried(text: str, file: str) -> Carried:
    """What a sealed cycle took from others, each with its row in carried.csv."""
    numbers: dict[TakenKey, Reading] = {}
    gaps: dict[TakenKey, CarriedGap] = {}
    stood: dict[Period, dict[str, dict[str, str]]] = {}
    for line, row in enumerate(read_rows(text), 2):
        key = (Period.parse(row["cycle"]), row["subject"], row["key"])
        value, place = row["value"], Place(file, line, 1)
        if row["key"].startswith(STANDING):
            of_cycle = stood.setdefault(key[0], {})
            of_cycle.setdefault(key[1], {})[row["key"].removeprefix(STANDING)] = value
        elif value in GAPS:
            gaps[key] = CarriedGap(value, place)
        elif not row["key"].startswith(LOOKED_AT):
            numbers[key] = Reading(parse_exact(value), place, value)
    standings = {
        period: {person: standing_of(texts) for person, texts in people.items()} for period, people in stood.items()
    }
    return Carried(numbers, gaps, standings)


LOOKED_AT = ("card.", "item.", "extra.")
"""How keys begin that cards are only compared with."""
