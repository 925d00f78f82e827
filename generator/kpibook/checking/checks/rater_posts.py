"""Posts whose holders rate are roles that are there, rate in a relation that counts, and have one holder."""

from collections.abc import Iterator

from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import ReferenceEnd, check_reference, holders
from kpibook.model import Catalog, Cycle
from kpibook.rules.standards import Rating
from kpibook.scoring.post_holders import holders as holders_of
from kpibook.scoring.post_holders import rater_by_post


def check_rater_posts(catalog: Catalog) -> Iterator[Problem]:
    """A post that rates is a role, and its relation is one by which the item is rated."""
    for holder in holders(catalog):
        for item in holder.entry.items:
            weights = (item.raters or catalog.company.rater_weights) if isinstance(item.standard, Rating) else {}
            for relation, role in item.rater_posts.items():
                place = item.place_of("rater_posts")
                yield from check_reference(catalog, "role", role, ReferenceEnd(holder.entry.id, "rater_posts", place))
                if relation not in weights:
                    values = {"indicator": item.indicator, "relation": str(relation)}
                    yield Problem("rater-post-unused", place, values, Level.WARNING)


def check_post_holders(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Each post by which somebody of the roster is rated has one holder who rates."""
    place = Place(f"{cycle.folder}/people.csv")
    told = set[tuple[str, str]]()
    for row in cycle.people:
        role = catalog.post(*row.post)
        for post in dict.fromkeys(post for item in (role.items if role else ()) for post in item.rater_posts.values()):
            found = holders_of(cycle, post)
            others = [person for person in found if person != row.person]
            code = "rater-post-empty" if not others else "rater-post-shared" if len(others) > 1 else ""
            if not code or post not in catalog.roles or (code, post) in told:
                continue
            told.add((code, post))
            days = ", ".join(f"{person} {found[person]}" for person in others)
            rater = rater_by_post(cycle, post, row.person) or "-"
            values = {"post": catalog.roles[post].name, "people": days, "rater": rater}
            yield Problem(code, place, values, Level.WARNING)
