"""The published cycles of a year, of the shortest kind that there is, with what streaks brought in each."""

from collections.abc import Mapping

from gmpy2 import mpq

from kpibook.base.periods import Period, PeriodKind
from kpibook.content.loading import Content
from kpibook.content.results import past_results
from kpibook.scoring.results import Results
from kpibook.scoring.years import Reward, YearCycle
from kpibook.sealing.revisions import Sealed
from kpibook.sealing.tables import PAY


def years_of(content: Content) -> tuple[int, ...]:
    """The years in which a cycle was published that is shorter than a year."""
    return tuple(sorted({period.first_day.year for period in _published(content)}))


def year_cycles(content: Content, year: int) -> tuple[YearCycle, ...]:
    """The published cycles up to the end of a year, oldest first, all of the shortest kind that the year has."""
    published = _published(content)
    kinds = {period.kind for period in published if period.first_day.year == year}
    kind = next(each for each in PeriodKind if each in kinds)
    asked = [period for period in published if period.kind is kind and period.first_day.year <= year]
    return tuple(_year_cycle(content, period) for period in asked)


def _published(content: Content) -> list[Period]:
    settled = (period for period, cycle in content.cycles.items() if cycle.status.is_settled)
    return sorted(period for period in settled if period.kind is not PeriodKind.YEAR)


def _year_cycle(content: Content, period: Period) -> YearCycle:
    results, sealed = past_results(content, period, has_items=False), content.seals.get(period)
    rewards = _sealed_rewards(content, period, sealed) if sealed else _rewards(results)
    return YearCycle(results, rewards)


def _rewards(results: Results) -> Mapping[str, tuple[Reward, ...]]:
    """What streaks brought in a cycle that was never sealed."""
    return {
        card.person.casefold(): tuple(
            Reward(results.cycle.period, pay.line.name, pay.amount)
            for pay in card.pay
            if pay.streak and pay.amount is not None
        )
        for card in results.cards
    }


def _sealed_rewards(content: Content, period: Period, sealed: Sealed) -> Mapping[str, tuple[Reward, ...]]:
    """What streaks brought by the newest revision; what is called like a line of pay counts as that line."""
    catalog = content.catalog_of(period)
    lines = {line.name for role in catalog.roles.values() for line in role.pay}
    names = [each.name for each in catalog.company.streaks if each.amount is not None and each.name not in lines]
    return {
        person.casefold(): tuple(
            Reward(period, name, mpq(row[f"{PAY}{name}"])) for name in names if row.get(f"{PAY}{name}")
        )
        for person, row in (sealed.totals(sealed.number) if names else {}).items()
    }
