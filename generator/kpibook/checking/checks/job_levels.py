"""Job levels of a role: each has a name of its own, changes items that are there, and makes a whole scorecard."""

from collections.abc import Iterator
from dataclasses import replace

from kpibook.base.problems import Problem
from kpibook.checking.checks.base import ReferenceEnd, dangling_reference
from kpibook.checking.checks.rules import check_points
from kpibook.checking.checks.targets import check_targets
from kpibook.checking.checks.weights import check_marks, check_weights_given, check_weights_total
from kpibook.model import Catalog, Extra, JobLevel, Role, ScorecardItem

AT_A_LEVEL = (check_weights_given, check_weights_total, check_marks, check_points, check_targets)
"""What holds for a scorecard holds for it on each level."""


def check_job_levels(catalog: Catalog) -> Iterator[Problem]:
    """Levels are told apart, and they and the items name each other."""
    for role in catalog.roles.values():
        ids = [level.id for level in role.levels]
        for number, level in enumerate(role.levels):
            if level.id.casefold() in (each.casefold() for each in ids[:number]):
                yield Problem("job-level-twice", level.place_of("id"), {"level": level.id, "role": role.id})
            yield from _items(role, level)
        entries: tuple[ScorecardItem | Extra, ...] = (*role.items, *role.extras)
        for item in entries:
            for named in item.levels:
                if named not in ids:
                    link = ReferenceEnd(role.id, "levels", item.place_of("levels"))
                    yield dangling_reference(named, tuple(ids), link, role.place_of().file)


def _items(role: Role, level: JobLevel) -> Iterator[Problem]:
    known = {item.indicator for item in role.items}
    there = {item.indicator for item in role.items if not item.levels or level.id in item.levels}
    for own in level.items:
        values = {"indicator": own.indicator, "level": level.id}
        if own.indicator not in known:
            link = ReferenceEnd(f"{role.id} {level.id}", "indicator", own.place_of("indicator"))
            yield dangling_reference(own.indicator, tuple(known), link, role.place_of().file)
        elif own.indicator not in there:
            yield Problem("job-level-item-elsewhere", own.place_of("indicator"), values)
        elif own.weight is own.marks is own.given_target is None:
            yield Problem("job-level-item-empty", own.place_of(), values)


def check_scorecards_at_levels(catalog: Catalog) -> Iterator[Problem]:
    """On each level the weights make a whole, and targets and points can be used; what is so anyhow is told once."""
    whole = {key: role for key, role in catalog.roles.items() if role.levels and ("role", key) not in catalog.faulty}
    plain = replace(catalog, roles=whole, departments={})
    known = {(found.code, found.place) for check in AT_A_LEVEL for found in check(plain)} if whole else set()
    for role in whole.values():
        for level in role.levels:
            own = role.at_level(level.id).model_copy(update={"id": f"{role.id} {level.id}", "levels": ()})
            at_level = replace(plain, roles={own.id: own})
            for problem in (found for check in AT_A_LEVEL for found in check(at_level)):
                if (problem.code, problem.place) not in known:
                    known.add((problem.code, problem.place))
                    yield problem
