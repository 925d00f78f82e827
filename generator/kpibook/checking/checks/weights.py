"""What has to add up: weights and sections to 100, shares of working time to 100, raters to 1."""

from collections.abc import Iterator
from itertools import pairwise

from kpibook.base.entry import Entry
from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import holders, holders_with_points, with_sign
from kpibook.model import Catalog, Company, Department, RaterWeights, Role, Section
from kpibook.rules.standards import Rating
from kpibook.rules.standards.base import ONE


def check_weights_given(catalog: Catalog) -> Iterator[Problem]:
    """Where one item has a weight, all have one; each is from 0, which is a trial, to what all of them make."""
    for holder in holders_with_points(catalog):
        most = max(catalog.total_of(holder.entry).whole, HUNDRED)
        for item in holder.entry.items:
            values = {"owner": holder.entry.id, "indicator": item.indicator}
            if item.weight is None:
                yield Problem("weight-missing", item.place_of(), values)
            elif item.given_weight is not None and not ZERO <= item.given_weight <= most:
                numbers = {"weight": show(item.given_weight), "whole": show(most)}
                yield Problem("weight-out-of-range", item.place_of("weight"), {**values, **numbers})
            elif item.marks is not None and item.marks <= 0:
                yield Problem("not-positive", item.place_of("marks"), {"key": "marks", "value": show(item.marks)})


def check_weights_total(catalog: Catalog) -> Iterator[Problem]:
    """The weights of a scorecard add up to 100, or what its total is out of, unless all of it is on trial."""
    for holder in holders_with_points(catalog):
        rule = catalog.total_of(holder.entry)
        weights = [section.counted(rule) for section in holder.entry.scorecard]
        has_levels = isinstance(holder.entry, Role) and holder.entry.levels
        if None in weights or has_levels or not holder.is_whole(catalog):
            # Where a role has levels, the scorecard of each of them is the whole.
            continue
        total = sum((weight for weight in weights if weight is not None), ZERO)
        if total != rule.whole and any(weights):
            difference = with_sign(rule.whole - total)
            values = {"owner": holder.entry.id, "total": show(total), "whole": show(rule.whole)}
            yield Problem("weights-total", holder.entry.place_of("scorecard"), {**values, "difference": difference})


def check_section_weights(catalog: Catalog) -> Iterator[Problem]:
    """The weight of a section is what its items add up to, unless they share it by marks of their own."""
    for holder in holders_with_points(catalog):
        rule = catalog.total_of(holder.entry)
        for section in holder.entry.scorecard if holder.is_whole(catalog) else ():
            total = section.counted(rule)
            if isinstance(holder.entry, Role) and holder.entry.levels:
                # On each level the items may add up to something else.
                continue
            if section.weight is not None and total is not None and total != section.weight:
                values = {"section": section.section, "weight": show(section.weight), "total": show(total)}
                yield Problem("section-weight", section.place_of("weight"), values)


def check_marks(catalog: Catalog) -> Iterator[Problem]:
    """A section has a weight where its items have marks alone, and where the total is made of weighted sections."""
    for holder in holders_with_points(catalog):
        rule = catalog.total_of(holder.entry)
        for section in holder.entry.scorecard:
            if section.has_marks:
                yield from _marks(section)
            elif rule.by == "sections" and section.weight is None and holder.is_whole(catalog):
                yield Problem("total-without-weight", section.place_of(), {"section": section.section})


def _marks(section: Section) -> Iterator[Problem]:
    if section.weight is None:
        values = {"section": section.section, "marks": show(section.marks)}
        yield Problem("section-marks-weight", section.place_of(), values)
    for item in section.items:
        if item.marks is None or item.given_weight is not None:
            values = {"section": section.section, "indicator": item.indicator}
            yield Problem("marks-mixed", item.place_of("weight"), values)


def check_total_levels(catalog: Catalog) -> Iterator[Problem]:
    """A total by levels has levels, from the best down; no other total has any."""
    owners: tuple[Company | Department | Role, ...]
    owners = (catalog.company, *catalog.departments.values(), *catalog.roles.values())
    for owner in owners:
        rule = owner.total
        if rule is None:
            continue
        if rule.by == "levels" and not rule.levels:
            yield Problem("total-levels-missing", rule.place_of("by"), {"owner": owner.id})
        elif rule.by != "levels" and rule.levels:
            yield Problem("total-levels-unused", rule.place_of("levels"), {"by": rule.by}, Level.WARNING)
        for above, below in pairwise(rule.levels):
            if below.threshold >= above.threshold or below.factor > above.factor:
                values = {"level": below.level, "above": above.level}
                yield Problem("total-levels-order", below.place_of(), values)


def check_shares(catalog: Catalog) -> Iterator[Problem]:
    """The shares of the duties make 100; duties without a share leave a gap, which is named."""
    for holder in holders(catalog):
        duties = () if isinstance(holder.entry, Company) else holder.entry.duties
        shares = [duty.share for duty in duties if duty.share is not None]
        for duty in duties:
            if duty.share is not None and not ZERO < duty.share <= HUNDRED:
                yield Problem("share-out-of-range", duty.place_of("share"), {"share": show(duty.share)})
        total = sum(shares, ZERO)
        if not shares or total == HUNDRED == total * len(duties) / len(shares) or not holder.is_whole(catalog):
            continue
        values = {"owner": holder.entry.id, "total": show(total), "difference": with_sign(HUNDRED - total)}
        if len(shares) < len(duties) and total < HUNDRED:
            open_duties = ", ".join(duty.name for duty in duties if duty.share is None)
            values = {**values, "duties": open_duties, "gap": show(HUNDRED - total)}
            yield Problem("shares-open", holder.entry.place_of("duties"), values, Level.WARNING)
        else:
            yield Problem("shares-total", holder.entry.place_of("duties"), values)


def check_raters(catalog: Catalog) -> Iterator[Problem]:
    """The weights of raters make 1, those that are only shown have 0; only a rating has raters."""
    yield from _raters(catalog.company.rater_weights, catalog.company)
    for holder in holders(catalog):
        for item in holder.entry.items:
            if item.raters is not None:
                yield from _raters(item.raters, item)
                if item.standard is not None and not isinstance(item.standard, Rating):
                    values = {"rule": item.standard.rule}
                    yield Problem("raters-without-rating", item.place_of("raters"), values, Level.WARNING)


def _raters(raters: RaterWeights, entry: Entry) -> Iterator[Problem]:
    for relation, weight in raters.items():
        if weight < 0:
            values = {"relation": str(relation), "weight": show(weight)}
            yield Problem("rater-weight", entry.place_of("raters"), values)
    total = sum(raters.values(), ZERO)
    if total != ONE:
        yield Problem("raters-total", entry.place_of("raters"), {"total": show(total)})
