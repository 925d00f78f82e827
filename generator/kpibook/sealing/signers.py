"""Who signs: a person's id, a name that one person of the roster bears, or a text such as the owner or the board."""

from collections.abc import Collection, Iterable

from kpibook.base.persons import is_person, person_key
from kpibook.model import Cycle


class NameFault(ValueError):
    """A name does not tell who is meant, or may not sign; `code` stands under `problems.` in the locale."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values = values


def person_of(name: str, cycles: Iterable[Cycle]) -> str:
    """The id, in small letters, of the person of these cycles who is meant by a name; empty for nobody of them.

    Raises:
        NameFault: several people bear the name.
    """
    rows = [row for cycle in cycles for row in cycle.people]
    folded = name.strip().casefold()
    if any(row.person.casefold() == folded for row in rows):
        return folded
    # Written as people write names: with blanks of any width, or the id behind the name.
    found = {row.person.casefold() for row in rows if is_person(name, row.person, row.name)}
    if len(found) > 1:
        raise NameFault("name-several", name=name, people=", ".join(sorted(found)))
    return next(iter(found), "")


def check_approver(asker: str, approver: str, moved: Collection[str], cycles: Collection[Cycle]) -> None:
    """An approver is neither the one who asks nor somebody whose result moves; `moved` are ids in small letters.

    Raises:
        NameFault: this one may not approve.
    """
    who, other = person_of(approver, cycles), person_of(asker, cycles)
    if person_key(approver) == person_key(asker) or (who and who == other):
        raise NameFault("name-asker", name=approver)
    if who and who in moved:
        raise NameFault("name-subject", name=approver)
