"""How far items are whose numbers come week by week, against the part of the target for the days so far."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.exchange.status import FORMATS, state_of
from kpibook.model import Catalog, Cycle, CycleStatus, Reading, WeekPart
from kpibook.pages.cards.items import parts
from kpibook.pages.figures import Figures
from kpibook.scoring import score
from kpibook.scoring.explain.origins import source_text
from kpibook.scoring.progress import Progress, ProgressReader, lacking_weeks
from kpibook.sealing.open_points import open_points
from making import catalog, cycle, indicator, item, person, place, role

ZH = words("zh")
FULL = {"rule": "proportional"}


def made(**values: Any) -> Catalog:
    return catalog(
        [role("clerk", [item("sales", 60, FULL, target=310), item("rate", 40, FULL, target=90)])],
        [indicator("sales", unit="件"), indicator("rate", unit="%", accumulate="last")],
        **values,
    )


def weekly(values: Sequence[int], first: int = 40) -> Reading:
    """A number of each ISO week from one on, in lines 2, 3, …"""
    days = [datetime.date.fromisocalendar(2026, first + n, 1) for n in range(len(values))]
    weeks = tuple(
        WeekPart(day, day + datetime.timedelta(days=6), mpq(value), place(2 + n, "actuals/shop.csv"))
        for n, (day, value) in enumerate(zip(days, values, strict=True))
    )
    return Reading(mpq(sum(values)), weeks[-1].place, "", weeks=weeks)


def october(values: Sequence[int], **row: Any) -> Cycle:
    base = cycle([person("E1", **row)], {("E1", "rate"): 80})
    return replace(base, actuals={**base.actuals, ("E1", "sales"): weekly(values)}, weekly=(("E1", "sales"),))


def progress(of: Cycle, company: Catalog | None = None) -> list[Progress | None]:
    company = company or made()
    [card] = score(company, of, {}).cards
    reader = ProgressReader(company, of)
    return [reader.of(card.spans[0], each) for each in card.spans[0].items]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=5))
def test_what_is_due_is_the_targets_part_of_the_days(values: list[int]) -> None:
    found, of_rate = progress(october(values))

    last = min(4 + 7 * (len(values) - 1), 31)
    assert of_rate is None
    assert found is not None
    due = Fraction(310 * last, 31)
    assert (found.through.day, found.due) == (last, mpq(due.numerator, due.denominator))
    share = sum(values) / due
    assert found.share == mpq(share.numerator, share.denominator)


def test_of_who_came_later_the_days_begin_on_the_first_one_there() -> None:
    first = datetime.date(2026, 10, 11)

    [whole, _] = progress(october([1, 1, 1], first_day=first), made(part_cycle={"targets": "by_days"}))
    [before, _] = progress(october([1], first_day=first))

    assert whole is not None
    assert (whole.days, whole.whole, whole.due) == (8, 21, mpq(310) * 21 / 31 * 8 / 21)
    assert before is None


def test_a_cycle_that_is_over_and_numbers_without_weeks_have_none() -> None:
    over = replace(october([1]), status=CycleStatus.PUBLISHED)
    plain = cycle([person("E1")], {("E1", "sales"): 80, ("E1", "rate"): 80})

    assert (progress(over), progress(plain)) == ([None, None], [None, None])


def test_the_card_tells_what_is_due_and_the_weeks_behind_the_number() -> None:
    company, of = made(), october([20, 60, 60])
    [card] = (results := score(company, of, {})).cards

    [part] = parts(card, Figures(results, company, ZH))
    row = part.groups[0].rows[0]

    assert row.figures == "140 件 / 310 件，完成 45%；到 10月18日 应为 180 件，进度 78%"
    assert "到 10月18日 为止按天数应为：310 × 18 ÷ 31 = 180 件" in str(row.lines)
    text = source_text(card.spans[0].items[0].sources[0], company, ZH)
    assert text == (
        "sales 140 件（各周相加或合成：2026-W40 20、2026-W41 60、2026-W42 60；"
        "scorecards/2026-10/actuals/shop.csv:2, scorecards/2026-10/actuals/shop.csv:3, "
        "scorecards/2026-10/actuals/shop.csv:4）"
    )


def test_status_names_who_is_behind() -> None:
    company, of = made(), october([20, 60, 60])
    state = state_of(score(company, of, {}), company, {})

    text = list(FORMATS["text"](state, ZH, datetime.date(2026, 10, 20)))

    at = text.index("按周上报的数据，进度：")
    assert text[at + 1 : at + 3] == [
        "  sales：到 10月18日（周日），1 人（或部门），落后于时间进度的 1 个",
        "  落后：Name E1 77.78%",
    ]


def test_a_cycle_that_lacks_weeks_is_not_published() -> None:
    company, of = made(), october([20, 60, 60])
    results = score(company, of, {})

    found = [each for each in open_points(results, state_of(results, company, {}), ()) if each.code == "open-weeks"]

    assert [dict(each.values) for each in found] == [
        {"measure": "sales", "weeks": "2026-W43, 2026-W44", "subjects": "E1"}
    ]
    assert lacking_weeks(weekly([1] * 5), Period.parse("2026-10")) == ()
