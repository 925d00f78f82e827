"""How the grades of a group stand to the company's quotas: a mark on the bar of each grade that has one."""

from collections.abc import Iterator, Mapping, Sequence

from kpibook.model import COMPANY
from kpibook.pages.figures import Figures
from kpibook.pages.groups import QuotaMark, counts
from kpibook.pages.suppression import graded
from kpibook.scoring.quotas import QuotaCount, quota_counts
from kpibook.scoring.results import Card


def quota_marks(told: Sequence[Card], figures: Figures, group: str = COMPANY) -> Mapping[str, QuotaMark]:
    """The marks by grade of those who are told, of a department or the company; none where quotas are for others.

    Nothing either where somebody may not be told or the group is looked at with others: a quota counts everybody.
    """
    people = {card.person for card in graded(told)}
    found = {
        each.quota.grade: each
        for each in quota_counts(figures.results.cards, figures.catalog)
        if each.group.id == group and not each.group.small and {card.person for card in each.group.cards} == people
    }
    return dict(_marks(found, told, figures))


def _marks(found: Mapping[str, QuotaCount], told: Sequence[Card], figures: Figures) -> Iterator[tuple[str, QuotaMark]]:
    say, grades = figures.say, figures.catalog.grades
    for number, (grade, people) in enumerate(zip(grades, counts(told, figures), strict=True)):
        if not (quota := found.get(grade.id)):
            continue
        key, over = "and_better" if number else "best", quota.holders - quota.allowed
        most = say(f"cards.quota.{key}", grade=grade.id, allowed=quota.allowed, count=quota.holders)
        side = "over" if over > 0 else "left" if over < 0 else "even"
        # Those with a better grade use the quota up first; what they leave is where the mark stands.
        place = max(quota.allowed - (quota.holders - people), 0)
        yield grade.id, QuotaMark(place, say(f"cards.quota.{side}", most=most, people=abs(over)))
