"""What is written as one of two words names both of them; what is written as a day says when it is due."""

from collections.abc import Iterator

from kpibook.base.names import name_key
from kpibook.base.problems import Problem
from kpibook.model import Catalog, Indicator, Measure, NumberKind


def check_answers(catalog: Catalog) -> Iterator[Problem]:
    """The unit of yes and no is its two words; a day is due after the cycle or on a day, and nothing else is."""
    entries: tuple[Measure | Indicator, ...] = (*catalog.measures.values(), *catalog.indicators.values())
    for each in entries:
        dues = [key for key in ("due_after", "due_on") if getattr(each, key) is not None]
        values = {"measure": each.id}
        if each.kind is not NumberKind.NUMBER and catalog.collected(each.id) is None:
            yield Problem("kind-of-computed", each.place_of("kind"), values)
        elif each.kind is NumberKind.YES_NO and not _are_two(each.unit):
            yield Problem("answers-not-two", each.place_of("unit"), {**values, "unit": str(each.unit)})
        elif each.kind is NumberKind.DATE and len(dues) != 1:
            yield Problem("date-without-due", each.place_of("kind"), values)
        if each.kind is not NumberKind.DATE and dues:
            yield Problem("due-of-no-date", each.place_of(dues[0]), {**values, "key": dues[0]})


def _are_two(unit: str) -> bool:
    words = [name_key(word) for word in unit.split("/")]
    return len(words) == 2 and all(words) and words[0] != words[1]
