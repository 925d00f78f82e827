"""Results as CSV that Excel opens as it is: UTF-8 with its mark, `\\n` at the line ends, text that stays text."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO, fixed, plain
from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.reading.tables import text_cell
from kpibook.scoring.explain import reason
from kpibook.scoring.results import Card, ItemScore, Results
from kpibook.scoring.units import published_units

MARK = "\ufeff"
ITEM_COLUMNS = (
    *("cycle", "person", "role", "section", "indicator", "weight"),
    *("target", "actual", "attainment", "points", "status", "reason", "label"),
)
TOTAL_COLUMNS = (
    *("cycle", "person", "name", "department", "role"),
    *("total", "grade", "rank", "coverage", "status"),
)
CALIBRATED_COLUMNS = ("total_computed", "total_calibrated")
LAST_COLUMNS = ("computed", "adjustment", "streaks")
ROWS_AT_ONCE = 500


def write_scores(results: Results, catalog: Catalog, say: Words, folder: Path) -> None:
    """Write `items.csv` and `totals.csv` of one cycle into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, chunks in (("items.csv", items_csv), ("totals.csv", totals_csv)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(chunks(results, catalog, say))


def items_csv(results: Results, catalog: Catalog, say: Words) -> Iterator[str]:
    """`items.csv` in chunks: a row for each item and extra, in the order of people.csv and of the catalog.

    The rows of departments and of the company come last; they name the subject as the person, and no role.
    """
    return _table(ITEM_COLUMNS, _item_rows(results, catalog, say))


def totals_csv(results: Results, catalog: Catalog, say: Words) -> Iterator[str]:
    """`totals.csv` in chunks: a row for each person, department and the company, with a column for each pay line.

    Before the total stand the computed and the calibrated one, in a cycle with a calibration.csv alone. Behind the
    pay lines stand the total before adjustments, the adjustments, and the streaks that came full.
    """
    paid = (streak.name for streak in catalog.company.streaks if streak.amount is not None)
    lines = tuple(dict.fromkeys((*(line.name for role in catalog.roles.values() for line in role.pay), *paid)))
    columns = [*TOTAL_COLUMNS]
    if results.cycle.calibration is not None:
        columns[columns.index("total") : columns.index("total")] = CALIBRATED_COLUMNS
    header = (*columns, *map(text_cell, lines), *LAST_COLUMNS)
    cards = (*results.cards, *published_units(results.units, catalog))
    return _table(header, (_total_row(card, results, catalog, lines) for card in cards))


def _table(header: Iterable[str], rows: Iterator[str]) -> Iterator[str]:
    yield f"{MARK}{','.join(header)}\n"
    while chunk := "".join(islice(rows, ROWS_AT_ONCE)):
        yield chunk


def _item_rows(results: Results, catalog: Catalog, say: Words) -> Iterator[str]:
    cycle, write = str(results.cycle.period), _item_writer(catalog, say)
    for card in (*results.cards, *published_units(results.units, catalog)):
        for part in card.spans:
            head = f"{cycle},{text_cell(card.person)},{'' if card.is_unit else part.role.id},"
            for score in part.items:
                yield head + write(score)
            for score in part.extras:
                yield head + write(score)


def _item_writer(catalog: Catalog, say: Words) -> Callable[[ItemScore], str]:
    """Writes the rest of a row from the section on."""
    rate = catalog.company.rounding.rate
    heads: dict[int, str] = {}

    def write(score: ItemScore) -> str:
        head = heads.get(id(score.item))
        if head is None:
            head = heads[id(score.item)] = _item_head(score, say)
        target = plain(score.target.value) if score.target else ""
        actual = "" if score.actual is None else plain(score.actual)
        attainment = "" if score.attainment is None else plain(score.attainment * HUNDRED, rate)
        points = "" if score.points is None else plain(score.points)
        why = text_cell(reason(score, catalog, say))
        label = text_cell(score.label) if score.label else ""
        return f"{head},{target},{actual},{attainment},{points},{score.status.value},{why},{label}\n"

    return write


def _item_head(score: ItemScore, say: Words) -> str:
    """Section, indicator and weight: the same for everybody in a role."""
    section = say("exports.extras") if score.is_extra else score.section
    weight = "" if score.item.weight is None else plain(score.item.weight)
    return f"{text_cell(section)},{score.indicator.id},{weight}"


def _total_row(card: Card, results: Results, catalog: Catalog, lines: tuple[str, ...]) -> str:
    rounding = catalog.company.rounding
    cells = [str(results.cycle.period), text_cell(card.person), text_cell(card.name)]
    cells += ["", ""] if card.is_unit else [card.department, card.role.id]
    totals = [card.total]
    if results.cycle.calibration is not None:
        totals = [card.total_computed, card.calibration.total if card.calibration else None, card.total]
    cells += ["" if total is None else fixed(total, rounding.score) for total in totals]
    cells.append(text_cell(card.grade.id) if card.grade else "")
    cells.append("" if card.rank is None else str(card.rank))
    cells += [plain(card.coverage, rounding.rate), card.status.value]
    amounts = (_amount(card, line) for line in lines)
    cells += ["" if amount is None else fixed(amount, rounding.money) for amount in amounts]
    cells.append("" if card.computed is None else fixed(card.computed, rounding.score))
    cells.append(plain(card.adjustment) if card.adjustments else "")
    cells.append(text_cell("; ".join(outcome.streak.name for outcome in card.streaks)))
    return ",".join(cells) + "\n"


def _amount(card: Card, line: str) -> mpq | None:
    """What a pay line came to, over all roles held in the cycle."""
    amounts = [outcome.amount for outcome in card.pay if outcome.line.name == line]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if known and len(known) == len(amounts) else None
