"""What totals are out of, and the most that a scorecard can come to."""

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.model import Catalog, Extra, Scored, Total, levelled
from kpibook.rules.standards import ByFormula, Excess, Rating
from kpibook.scoring.results import Card


def told_out_of(card: Card, catalog: Catalog) -> mpq | None:
    """What the total of a card is out of, where that is not 100 as everywhere, and the same for all its roles."""
    roles = (part.role for part in card.spans if not part.role.is_described_only)
    found = {catalog.total_of(role).full for role in roles}
    return found.pop() if len(found) == 1 and HUNDRED not in found else None


def most_points(owner: Scored, rule: Total) -> mpq | None:
    """The most that items and extras give together, before the total is turned; None where an extra has no end."""
    items = sum(
        (
            levelled(rule.item_levels, item.best, item.weight) * section.per_mark(item, rule)
            for section in owner.scorecard
            for item in section.items
            if item.standard and item.weight
        ),
        ZERO,
    )
    extras = [_most_of_extra(extra) for extra in owner.extras]
    return None if None in extras else items + sum((most for most in extras if most), ZERO)


def _most_of_extra(extra: Extra) -> mpq | None:
    """The most points that an extra adds; None where it has no limit of its own or of its rule."""
    if extra.most is not None or extra.standard is None:
        return max(extra.most or ZERO, ZERO)
    is_open = isinstance(extra.standard, Excess | Rating | ByFormula)
    return None if is_open else max(extra.standard.best(ZERO), ZERO)
