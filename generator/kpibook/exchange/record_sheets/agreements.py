"""HR's workbook of agreements: what everybody is to sign for a cycle, and what was signed of it."""

from collections.abc import Mapping

from kpibook.exchange.record_sheets.columns import AGREEMENTS
from kpibook.exchange.record_sheets.forms import FollowUpRequest, RecordBook, RecordSheet, SheetRow, stamp_of
from kpibook.exchange.record_sheets.marks import HR
from kpibook.model import Agreement
from kpibook.records.agreements import agreement_number, last_agreements, signed_state
from kpibook.scoring.results import Card


def agreement_book(request: FollowUpRequest) -> RecordBook:
    """The workbook with a row for everybody who has items to agree on."""
    say = request.say
    title = say("following.agreements_title", company=request.catalog.company.name, cycle=request.cycle.name)
    signed = last_agreements(request.follow_up.records)
    rows = tuple(_row(card, request, signed) for card in request.results.cards if card.spans[-1].items)
    stamp = stamp_of(request, AGREEMENTS, HR, rows)
    sheet = RecordSheet(AGREEMENTS, say("following.sheet.agreements"), title, stamp, rows)
    return RecordBook(AGREEMENTS.name, title, "following.how.agreements", (sheet,))


def _row(card: Card, request: FollowUpRequest, signed: Mapping[str, Agreement]) -> SheetRow:
    """What was signed of the present agreement; one that was signed before a change is to be signed anew."""
    say, found = request.say, signed_state(card, request.catalog, signed)
    department = request.catalog.departments.get(card.department)
    row = {
        **{"person": card.person, "name": card.name, "signed_by": card.name},
        "catalog": agreement_number(card, request.catalog),
        "department": department.name if department else card.department,
    }
    if found is None:
        return {**row, "state": say("following.agreed.unsigned")}
    last = found.agreement
    if not found.is_current:
        return {**row, "state": say("following.agreed.outdated", on=last.on)}
    kept = {"catalog": last.catalog, "signed_on": str(last.on), "signed_by": last.by}
    return {**row, **kept, "state": say("following.agreed.signed")}
