"""What a calibration changed: how many have each grade before and after, and who moved."""

from collections import Counter
from collections.abc import Iterator

from kpibook.analysis.study import CycleStudy
from kpibook.model import Grade
from kpibook.pages.analysis.links import card_link
from kpibook.pages.analysis.tables import AnalysisPart, Cell, Head, part, table
from kpibook.pages.figures import NONE, Figures
from kpibook.scoring.results import Card


def calibration_part(study: CycleStudy, figures: Figures) -> AnalysisPart:
    """Grades before and after, and a row for each person who was calibrated.

    Before is what was computed ahead of gates; after is what holds.
    """
    say = figures.say
    found = [card for card in study.results.cards if card.calibration]
    grades = [grade.id for grade in study.catalog.grades]
    rows = (
        (say(f"analysis.calibration.{key}"), *(str(counts[grade]) for grade in grades))
        for key, counts in (("before", _counts(study, is_before=True)), ("after", _counts(study, is_before=False)))
    )
    counted = table(say, ("state",), rows, chart="shares", first=1, caption=say("analysis.caption.grades"))
    counted = counted._replace(heads=(*counted.heads, *(Head(grade, is_figure=True) for grade in grades)))
    heads = ("name", "department", "before.", "after.", "grade_before", "grade_after", "reason")
    listed = table(say, heads, _rows(found, figures))
    moved = sum(_id(_grade_before(card)) != _id(card.grade) for card in found)
    lead = say("analysis.calibration.lead", people=len(found), moved=moved)
    return part(figures, "calibration", lead, counted, listed)


def _rows(cards: list[Card], figures: Figures) -> Iterator[tuple[Cell, ...]]:
    for card in cards:
        if found := card.calibration:
            yield (
                *(card_link(card, figures), figures.department(card.department)),
                *(figures.total(found.computed), figures.total(card.total)),
                *(_id(found.grade) or NONE, _id(card.grade) or NONE, found.row.reason),
            )


def _grade_before(card: Card) -> Grade | None:
    return card.calibration.grade if card.calibration else card.grade


def _counts(study: CycleStudy, *, is_before: bool) -> Counter[str]:
    return Counter(_id(_grade_before(card) if is_before else card.grade) for card in study.results.cards)


def _id(grade: Grade | None) -> str:
    return grade.id if grade else ""
