"""Targets by month of a year: which of them holds, and what months make for a longer cycle."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.checking.checks import check_catalog, check_cycle, check_cycles
from kpibook.model import Catalog, Combine
from kpibook.model.series import PlacedTarget, SeriesKind, TargetSeries
from kpibook.scoring import score
from kpibook.scoring.explain.origins import target_text
from kpibook.scoring.results import Card, ItemScore, Status
from kpibook.scoring.sources import Gap
from making import catalog, cycle, indicator, item, measure, person, place, role, target

ZH = words("zh")
FULL = {"rule": "proportional"}
ROLE, DEPARTMENT, PERSON = SeriesKind


def series(values: Mapping[str, int]) -> TargetSeries:
    at = place(2, "handbook/targets/2026.csv")
    return TargetSeries({Period.parse(period): PlacedTarget(mpq(value), at) for period, value in values.items()}, at)


def company(given: Mapping[tuple[SeriesKind, str, str], Mapping[str, int]], **values: Any) -> Catalog:
    """Clerks sell for 100 a month and answer 90 % of calls; rates do not add up."""
    made = catalog(
        [role("clerk", [item("sales", 60, FULL, target=100), item("rate", 40, FULL, target=90)])],
        [indicator("sales"), indicator("rate", formula="answered / calls * 100", unit="%")],
        [measure("answered"), measure("calls")],
        **values,
    )
    found = {key: series(targets) for key, targets in given.items()}
    return Catalog(
        **{each: getattr(made, each) for each in made.__dataclass_fields__ if each != "series"}, series=found
    )


def scored(made: Catalog, period: str, numbers: Mapping[str, int], **values: Any) -> Card:
    given = {("E1", key): value for key, value in {"answered": 90, "calls": 100, **numbers}.items()}
    row = person("E1", **values.pop("row", {}))
    return score(made, cycle([row], given, period=period, **values), {}).cards[0]


def targets(card: Card) -> list[mpq | None]:
    return [each.target.value if each.target else None for each in card.spans[0].items]


def first(card: Card) -> ItemScore:
    return card.spans[0].items[0]


YEAR = {f"2026-{month:02}": 100 + month for month in range(1, 13)}


def test_the_months_of_a_role_go_before_its_own_target() -> None:
    made = company({(ROLE, "clerk", "sales"): YEAR})

    assert targets(scored(made, "2026-10", {"sales": 55})) == [mpq(110), mpq(90)]
    assert scored(made, "2026-10", {"sales": 55}).total == mpq(70)
    assert targets(scored(made, "2027-10", {"sales": 55})) == [mpq(100), mpq(90)]


def test_persons_go_before_departments_before_roles_and_the_cycles_own_before_all() -> None:
    of_all = {
        (ROLE, "clerk", "sales"): {"2026-10": 110},
        (DEPARTMENT, "shop", "sales"): {"2026-10": 120},
        (PERSON, "e1", "sales"): {"2026-10": 130},
    }
    own = {("shop", "sales"): target(140)}

    found = [targets(scored(company(dict(list(of_all.items())[:n])), "2026-10", {"sales": 1}))[0] for n in range(4)]

    assert found == [mpq(100), mpq(110), mpq(120), mpq(130)]
    assert targets(scored(company(of_all), "2026-10", {"sales": 1}, targets=own))[0] == mpq(140)


@given(st.lists(st.integers(1, 10**6), min_size=12, max_size=12), st.integers(0, 10**6), st.integers(1, 4))
def test_months_add_up_to_quarters_and_the_year(months: Sequence[int], sales: int, quarter: int) -> None:
    made = company({(ROLE, "clerk", "sales"): {f"2026-{n:02}": value for n, value in enumerate(months, 1)}})

    for period, whole in (
        (f"2026-Q{quarter}", sum(months[quarter * 3 - 3 : quarter * 3])),
        ("2026", sum(months)),
    ):
        card = scored(made, period, {"sales": sales})
        points = 60 * min(Fraction(sales, whole), Fraction(1))
        assert (targets(card)[0], first(card).points) == (mpq(whole), mpq(points.numerator, points.denominator))


def test_the_sum_stands_on_the_card_with_the_days_of_who_came_later() -> None:
    made = company({(ROLE, "clerk", "sales"): YEAR}, part_cycle={"targets": "by_days"})
    row = {"first_day": Period.parse("2026-12").first_day}

    card = scored(made, "2026-Q4", {"sales": 1}, row=row)

    found = first(card).target
    assert found is not None
    assert found.value == mpq(333) * 31 / 92
    text = target_text(found, "元", ZH)
    assert text.startswith("112.2065 元（(110 + 111 + 112) × 31 ÷ 92 天，岗位目标") or "（110 + 111 + 112）" in text


def test_rates_need_a_target_of_the_quarter_unless_all_months_agree() -> None:
    same = company({(ROLE, "clerk", "rate"): {"2026-10": 80, "2026-11": 80, "2026-12": 80}})
    other = company({(ROLE, "clerk", "rate"): {"2026-10": 80, "2026-11": 85, "2026-12": 90}})
    own = company({(ROLE, "clerk", "rate"): {"2026-10": 80, "2026-11": 85, "2026-Q4": 84}})

    assert targets(scored(same, "2026-Q4", {"sales": 1}))[1] == mpq(80)
    assert targets(scored(own, "2026-Q4", {"sales": 1}))[1] == mpq(84)
    waits = scored(other, "2026-Q4", {"sales": 1})
    assert (waits.status, [gap.gap for gap in waits.missing]) == (Status.MISSING, [Gap.NO_TARGET])
    told = check_cycle(other, cycle([person("E1")], {}, period="2026-Q4"))
    assert [(each.code, each.values["indicator"]) for each in told if each.code.startswith("series")] == [
        ("series-unclear", "rate")
    ]
    mean = cycle([person("E1")], {}, period="2026-Q4", combine=Combine.MEAN_OF_SCORES)
    assert [each.code for each in check_cycle(other, mean) if each.code.startswith("series")] == []


@pytest.mark.parametrize("kind", [DEPARTMENT, PERSON])
def test_months_that_lack_one_leave_the_quarter_without_a_target(kind: SeriesKind) -> None:
    subject = {DEPARTMENT: "shop", PERSON: "e1"}[kind]
    made = company({(kind, subject, "sales"): {"2026-10": 80, "2026-12": 80}})

    assert targets(scored(made, "2026-Q4", {"sales": 1}))[0] is None


def test_a_year_that_its_months_do_not_make_is_an_error_and_a_rate_has_no_sum() -> None:
    made = company(
        {
            (ROLE, "clerk", "sales"): {**YEAR, "2026": 1279, "2026-Q1": 306},
            (ROLE, "clerk", "rate"): {**YEAR, "2026": 3},
        }
    )

    found = [each for each in check_catalog(made) if each.code.startswith("series")]

    assert [(each.code, dict(each.values)) for each in found] == [
        (
            "series-sum",
            {
                "subject": "clerk",
                "indicator": "sales",
                "period": "2026",
                "target": "1,279",
                "total": "1,278",
                "first": "2026-01",
                "last": "2026-12",
            },
        )
    ]


def test_a_person_of_no_roster_of_the_year_is_told() -> None:
    made = company({(PERSON, "e1", "sales"): YEAR, (PERSON, "e7", "sales"): YEAR})

    found = [each for each in check_cycles(made, [cycle([person("E1")], {})]) if each.code.startswith("series")]

    assert [(each.code, dict(each.values)) for each in found] == [
        ("series-person-unknown", {"person": "e7", "years": "2026"})
    ]


def test_an_item_whose_targets_stand_in_the_file_alone_needs_none_of_its_own() -> None:
    made = catalog([role("clerk", [item("sales", 100, FULL)])], [indicator("sales")])
    with_series = Catalog(
        **{each: getattr(made, each) for each in made.__dataclass_fields__ if each != "series"},
        series={(ROLE, "clerk", "sales"): series({"2026-10": 50})},
    )

    assert "target-missing" in {each.code for each in check_catalog(made)}
    assert "target-missing" not in {each.code for each in check_catalog(with_series)}
    assert scored(with_series, "2026-10", {"sales": 25}).total == mpq(50)
