"""Waivers: warnings that are meant for now, each with a reason and a last day."""

import datetime
from collections.abc import Iterable, Iterator

from kpibook.base.problems import Level, Problem, public
from kpibook.base.words import words
from kpibook.checking.checks.comparisons import DATA_CODES
from kpibook.checking.lint.addresses import Addresses
from kpibook.model import Catalog, Waiver


def waive(problems: Iterable[Problem], catalog: Catalog, today: datetime.date) -> tuple[Problem, ...]:
    """The problems that no waiver covers, and what is wrong with the waivers; an error is never covered."""
    addresses, used, left = Addresses(catalog), set[int](), list[Problem]()
    for problem in problems:
        address = addresses.of(problem.place) if problem.level is Level.WARNING else ""
        covering = [n for n, each in enumerate(catalog.waivers) if address and _covers(each, problem.code, address)]
        used.update(covering)
        if not any(catalog.waivers[n].until >= today for n in covering):
            left.append(problem)
    return (*left, *public(_faults(catalog.waivers, used, today)))


def _covers(waiver: Waiver, code: str, address: str) -> bool:
    return waiver.code == code and (address == waiver.where or address.startswith(f"{waiver.where}/"))


def _faults(waivers: tuple[Waiver, ...], used: set[int], today: datetime.date) -> Iterator[Problem]:
    known = words("en")
    for number, waiver in enumerate(waivers):
        values = {"code": waiver.code, "where": waiver.where}
        if f"problems.{waiver.code}.message" not in known:
            yield Problem("waiver-unknown", waiver.place_of("code"), values, Level.WARNING)
        elif number not in used and waiver.code not in DATA_CODES:
            yield Problem("waiver-unused", waiver.place_of("where"), values, Level.WARNING)
        elif waiver.until < today:
            until = waiver.until.isoformat()
            yield Problem("waiver-expired", waiver.place_of("until"), {**values, "until": until}, Level.WARNING)
