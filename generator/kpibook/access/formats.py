"""The list of who may open what, as text, JSON or CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from kpibook.access.listing import CARD, CYCLE, DEPARTMENT, HR, Listed, Page
from kpibook.base.words import Words

Format = Callable[[Sequence[Listed], Words], Iterator[str]]
COLUMNS = ("login", "person", "folder", "cycle", "page", "about", "reason")


def as_text(listed: Sequence[Listed], say: Words) -> Iterator[str]:
    """A paragraph for each viewer: what of each cycle, and why."""
    for each in listed:
        viewer = each.viewer
        yield say("access.viewer", login=viewer.login, name=viewer.name, folder=viewer.folder)
        if viewer.is_hr:
            yield f"  {say('access.everything')}"
        elif not each.pages:
            yield f"  {say('access.nothing')}"
        for _, pages in groupby(each.pages, key=lambda page: page.cycle):
            yield from (f"  {line}" for line in _lines(tuple(pages), say))


def _lines(pages: Sequence[Page], say: Words) -> Iterator[str]:
    """What a viewer sees of one cycle."""
    cycle, comma = pages[0].cycle, say("access.comma")
    if any(page.kind == CYCLE and page.reason != HR for page in pages):
        yield say("access.cycle", cycle=cycle)
    departments = [page.name for page in pages if page.kind == DEPARTMENT]
    if departments:
        yield say("access.departments", cycle=cycle, names=comma.join(departments))
    cards = [page for page in pages if page.kind == CARD]
    for reason in dict.fromkeys(page.reason for page in cards):
        names = [page.name for page in cards if page.reason == reason]
        words = {"cycle": cycle, "reason": say(f"access.reason.{reason}"), "count": len(names)}
        yield say("access.cards", **words, names=comma.join(names))


def as_json(listed: Sequence[Listed], say: Words) -> Iterator[str]:
    """A JSON list of viewers, each with its pages."""
    del say
    found = [
        {
            "login": each.viewer.login,
            "person": each.viewer.person,
            "name": each.viewer.name,
            "folder": each.viewer.folder,
            "hr": each.viewer.is_hr,
            "pages": [
                {"cycle": str(page.cycle), "page": page.kind, "about": page.about, "reason": page.reason}
                for page in each.pages
            ],
        }
        for each in listed
    ]
    yield json.dumps(found, ensure_ascii=False, indent=2)


def as_csv(listed: Sequence[Listed], say: Words) -> Iterator[str]:
    """A row for each viewer and page."""
    del say
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in listed:
        viewer = each.viewer
        for page in each.pages:
            row = (viewer.login, viewer.person, viewer.folder, page.cycle, page.kind, page.about, page.reason)
            writer.writerow([str(cell) for cell in row])
    yield stream.getvalue().removesuffix("\n")


FORMATS: dict[str, Format] = {"text": as_text, "json": as_json, "csv": as_csv}
