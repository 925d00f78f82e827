"""Approvals that count: which roles, targets and adjustments lack one, and what they lack."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.persons import is_person
from kpibook.base.problems import Place
from kpibook.model import Adjustment, Approval, ApprovalPolicy, Assignment, Catalog, Cycle, Department, Role, TargetRow


class ApprovalSubject(StrEnum):
    """What has to be approved."""

    ROLE = "role"
    TARGET = "target"
    ADJUSTMENT = "adjustment"


class Lack(StrEnum):
    """What an approval lacks."""

    REASON = "reason"
    APPROVER = "approved_by"
    DAY = "on"
    OWN = "own"
    """The approver is the person whom it is for."""
    HEAD = "head"
    """The approver leads the department whom it is for."""
    LIMIT = "limit"
    """More points than may be given at all."""
    STATUS = "status"
    """The role is a draft, or has only been consulted on."""


class Unapproved(NamedTuple):
    """Something that lacks its approval."""

    subject: ApprovalSubject
    about: str
    """A person, a department or a role."""
    key: str
    """The indicator of a target."""
    place: Place
    lacks: tuple[Lack, ...]
    policy: ApprovalPolicy
    value: mpq | None = None
    """The target or the points that do not count."""

    @property
    def counts(self) -> bool:
        """Whether it counts all the same."""
        return self.policy is not ApprovalPolicy.REQUIRE


class CycleApprovals:
    """What lacks an approval in a cycle; nothing where the company asks for none."""

    def __init__(self, catalog: Catalog, cycle: Cycle) -> None:
        self._policies = catalog.company.approvals
        self._cycle = cycle
        self._names = {row.person: row.name for row in cycle.people}
        self._heads = {key: tuple(_heads(each, cycle)) for key, each in catalog.departments.items() if each.head}
        held = (catalog.roles.get(identifier) for identifier in dict.fromkeys(row.role for row in cycle.people))
        self.roles = {found.about: found for role in held if role and (found := self._role(role))}
        self.targets = {(found.about, found.key): found for found in self._targets()}
        self.adjustments = {found.place: found for found in self._adjustments()}

    def __iter__(self) -> Iterator[Unapproved]:
        yield from self.roles.values()
        yield from self.targets.values()
        yield from self.adjustments.values()

    def split(self, person: str) -> tuple[tuple[Adjustment, ...], tuple[tuple[Adjustment, Unapproved], ...]]:
        """The adjustments of a person that count, and those that do not, with what they lack."""
        found = [(row, self.adjustments.get(row.place)) for row in self._cycle.adjustments.get(person, ())]
        refused = tuple((row, lacking) for row, lacking in found if lacking and not lacking.counts)
        return tuple(row for row, lacking in found if not lacking or lacking.counts), refused

    def _role(self, role: Role) -> Unapproved | None:
        """A role that is not approved; one that is described only has no total that could count.

        Where nobody has to approve roles, one whose file says nothing of its status is not told.
        """
        policy, is_required = self._policies.roles, self._policies.roles is ApprovalPolicy.REQUIRE
        if policy is ApprovalPolicy.OFF or role.is_described_only:
            return None
        lacks: tuple[Lack, ...] = ()
        if role.status is not Approval.APPROVED and (is_required or "status" in role.model_fields_set):
            lacks = (Lack.STATUS,)
        elif is_required:
            lacks = _empty({Lack.APPROVER: role.by, Lack.DAY: role.on})
        return Unapproved(ApprovalSubject.ROLE, role.id, "", role.place_of("status"), lacks, policy) if lacks else None

    def _targets(self) -> Iterator[Unapproved]:
        policy, rows = self._policies.targets, self._cycle.targets
        asks_day = _asks_day(policy, rows.values())
        for (subject, indicator), row in rows.items() if policy is not ApprovalPolicy.OFF else ():
            if lacks := self._lacks(row, subject, asks_day=asks_day):
                yield Unapproved(ApprovalSubject.TARGET, subject, indicator, row.place, lacks, policy, row.value)

    def _adjustments(self) -> Iterator[Unapproved]:
        policy, most = self._policies.adjustments, self._policies.adjustment_most
        rows = [(person, row) for person, rows in self._cycle.adjustments.items() for row in rows]
        asks_day = _asks_day(policy, (row for _, row in rows))
        for person, row in rows if policy is not ApprovalPolicy.OFF else ():
            lacks = self._lacks(row, person, asks_day=asks_day)
            if most is not None and abs(row.points) > most:
                lacks = (*lacks, Lack.LIMIT)
            if lacks:
                yield Unapproved(ApprovalSubject.ADJUSTMENT, person, "", row.place, lacks, policy, row.points)

    def _lacks(self, row: TargetRow | Adjustment, subject: str, *, asks_day: bool) -> tuple[Lack, ...]:
        lacks = _empty({Lack.REASON: row.reason, Lack.APPROVER: row.approved_by})
        if is_person(row.approved_by, subject, self._names.get(subject, "")):
            lacks = (*lacks, Lack.OWN)
        if any(is_person(row.approved_by, head.person, head.name) for head in self._heads.get(subject, ())):
            lacks = (*lacks, Lack.HEAD)
        return (*lacks, Lack.DAY) if asks_day and row.approved_on is None else lacks


def _heads(department: Department, cycle: Cycle) -> Iterator[Assignment]:
    """Who holds the leading role of a department: in it, else anywhere."""
    held = [row for row in cycle.people if row.role == department.head]
    inside = [row for row in held if row.department == department.id]
    yield from inside or held


def _empty(values: Mapping[Lack, object]) -> tuple[Lack, ...]:
    return tuple(lack for lack, value in values.items() if not value)


def _asks_day(policy: ApprovalPolicy, rows: Iterable[TargetRow | Adjustment]) -> bool:
    """Whether the day is asked for: where approval is required, or as soon as one row of the file tells its day."""
    return policy is ApprovalPolicy.REQUIRE or any(row.approved_on for row in rows)
