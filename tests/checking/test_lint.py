"""Beyond validity: each rule speaks where it should and nowhere else."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from kpibook.base.words import LANGUAGES, words
from kpibook.checking.lint import CODES, LINTS, Review, last_year, of_a_year, review_catalog
from kpibook.model import Catalog, Cycle, CycleStatus, Department
from linted import PROPORTIONAL, SOUND, TODAY, clerk, months, sales, strict, with_items
from making import catalog, cycle, indicator, item, measure, role

RATING = {"rule": "rating"}


def found(made: Catalog, code: str, cycles: Sequence[Cycle] = (), earlier: Catalog | None = None) -> list[str]:
    """What the strict checks say under one code, without its place."""
    review = Review(made, tuple(cycles), earlier)
    problems = review_catalog(review, (), TODAY)
    return [problem.message(words("en")) for problem in problems if problem.code == code]


@pytest.mark.parametrize(
    ("standard", "says"),
    [
        pytest.param({"rule": "formula", "points": "actual * 2"}, True, id="a formula shows no mark"),
        pytest.param({"rule": "linear", "zero": 0, "full": 10}, False, id="full marks are one"),
        pytest.param({"rule": "bands", "bands": [{"points": 5}]}, False, id="so are bands"),
        pytest.param(RATING, False, id="ratings have none"),
    ],
)
def test_an_item_says_what_is_expected(standard: Mapping[str, Any], says: bool) -> None:
    made = with_items(item("sales", 100, standard))

    expected = ["sales of Clerk has no target, and its rule does not say what is expected"] if says else []
    assert found(made, "lint-no-target") == expected


def test_an_item_that_is_only_described_needs_a_target_too() -> None:
    made = with_items({"indicator": "sales"}, {"indicator": "orders", "target": 5}, status="approved")

    assert found(made, "lint-no-target") == ["sales of Clerk has no target, and its rule does not say what is expected"]


@pytest.mark.parametrize(
    ("count", "code", "says"),
    [
        (2, "lint-few-items", ["Clerk is scored by 2 items, fewer than 3"]),
        (3, "lint-few-items", []),
        (10, "lint-many-items", []),
        (11, "lint-many-items", ["Clerk is scored by 11 items, more than 10"]),
    ],
)
def test_a_scorecard_has_three_to_ten_items(count: int, code: str, says: list[str]) -> None:
    made = with_items(*(sales(9, number) for number in range(1, count + 1)))

    assert found(made, code) == says


def test_a_company_sets_its_own_limits() -> None:
    limits = {"fewest_items": 2, "least_weight": 20, "rated_points": 60}
    ratings = [item("manners", 85, RATING), sales(15)]
    made = catalog([clerk(*ratings)], [indicator("manners"), indicator("sales_1")], limits=limits)

    assert found(made, "lint-few-items") == []
    assert found(made, "lint-small-weight") == ["sales_1 of Clerk weighs 15, less than 20"]
    assert found(made, "lint-unquantified") == ["85 points of Clerk are given by ratings, more than 60"]


def test_a_weight_of_five_is_felt_and_one_of_less_is_not() -> None:
    made = with_items(sales(5, 1), sales(4, 2), sales(91, 3))

    assert found(made, "lint-small-weight") == ["sales_2 of Clerk weighs 4, less than 5"]


def test_up_to_forty_points_may_be_rated() -> None:
    forty = with_items(item("manners", 40, RATING), sales(60))
    more = with_items(item("manners", 25, RATING), item("teamwork", 16, RATING), sales(59))

    assert found(forty, "lint-unquantified") == []
    assert found(more, "lint-unquantified") == ["41 points of Clerk are given by ratings, more than 40"]


DEDUCTION = {"rule": "deduction", "deduct": [{"measure": "late", "points": 2}]}
SHORTFALL = {"rule": "shortfall", "per": 5, "points": 1}
BONUS = {"indicator": "sales_1", "target": 10, "max": 5, "standard": {"rule": "excess", "per": 1, "points": 1}}
FINE = {"indicator": "late_days", "min": -5, "standard": DEDUCTION}


@pytest.mark.parametrize(
    ("items", "extras", "says"),
    [
        pytest.param([item("a", 50, DEDUCTION), sales(50)], [], [], id="half of the points may be lost"),
        pytest.param(
            [item("a", 30, DEDUCTION), item("b", 21, SHORTFALL, target=5), sales(49)],
            [],
            ["Clerk can only lose: 51 points by deductions, 0 extras, and none of them adds any"],
            id="more may not",
        ),
        pytest.param([item("a", 60, DEDUCTION), sales(40)], [BONUS], [], id="unless something can be won"),
        pytest.param(
            [item("a", 60, DEDUCTION), sales(40, standard={"rule": "proportional", "cap": 120})],
            [],
            [],
            id="by more than the target",
        ),
        pytest.param(
            [sales(100)],
            [FINE],
            ["Clerk can only lose: 0 points by deductions, 1 extra, and none of them adds any"],
            id="extras that only take off",
        ),
    ],
)
def test_who_can_lose_can_also_win(items: list[dict[str, Any]], extras: list[dict[str, Any]], says: list[str]) -> None:
    assert found(with_items(*items, extras=extras), "lint-all-deduction") == says


def banded(direction: str, *bands: Mapping[str, Any], of: str = "actual", **limits: int) -> Catalog:
    one = item("returns", 100, {"rule": "bands", "of": of, "bands": list(bands)})
    return catalog([clerk(one)], [indicator("returns", name="Returns", direction=direction, **limits)])


def test_a_band_beyond_what_can_be_measured_is_out_of_reach() -> None:
    bands = ({"from": 101, "points": 20}, {"from": 0, "points": 10}, {"upto": -1, "points": 0})

    made = banded("higher", *bands, minimum=0, maximum=100)

    assert found(made, "lint-band-out-of-reach") == [
        "band 1 of Returns (20 points) lies outside the values that it can have",
        "band 3 of Returns (0 points) lies outside the values that it can have",
    ]
    assert found(banded("higher", *bands), "lint-band-out-of-reach") == []


def months_of_bands(company: Path, *shares: Sequence[str], of: str = "actual", **limits: int) -> None:
    """Closed months in which three clerks are scored by the bands of a rate: 90, 80 or 60 and more, else nothing."""
    bands = "[{from: 90, points: 100}, {from: 80, points: 80}, {from: 60, upto: 79, points: 60}, {points: 0}]"
    text = f"""
        name: Clerk
        department: shop
        scorecard:
          - section: Work
            items: [{{indicator: rate, weight: 100, target: 100, standard: {{rule: bands, of: {of}, bands: {bands}}}}}]
    """
    (company / "handbook/roles/clerk.yml").write_text(dedent(text), encoding="utf-8")
    rate = 'rate: {name: Rate, unit: "%", direction: higher, owner: shop}\n'
    (company / "handbook/indicators/clerk.yml").write_text(rate, encoding="utf-8")
    with (company / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write(f"limits: {{{', '.join(f'{key}: {value}' for key, value in limits.items())}}}\n")
    for month, values in enumerate(shares, start=1):
        folder = company / f"scorecards/2025-{month:02d}"
        (folder / "actuals").mkdir(parents=True)
        (folder / "cycle.yml").write_text(f"name: month {month}\nkind: month\nstatus: closed\n", encoding="utf-8")
        people = "".join(f"C{number},Clerk {number},clerk,shop\n" for number in range(len(values)))
        (folder / "people.csv").write_text(f"person,name,role,department\n{people}", encoding="utf-8")
        rows = "".join(f"C{number},rate,{value}\n" for number, value in enumerate(values))
        (folder / "actuals/shop.csv").write_text(f"subject,measure,actual\n{rows}", encoding="utf-8")


def never_reached(company: Path) -> list[str]:
    shutil.rmtree(company / "scorecards/2026-09", ignore_errors=True)
    return [line for line in strict(company)[1] if "lint-band-never-reached" in line]


@pytest.mark.parametrize("of", ["actual", "attainment"])
def test_a_band_that_nobody_reached_in_the_closed_cycles_is_told_with_their_number(company: Path, of: str) -> None:
    months_of_bands(company, *[["81", "85", "88", "52"]] * 3, of=of)

    told = never_reached(company)

    assert [line.partition("warning: ")[2] for line in told] == [
        "最近 3 个已结束的周期共有 12 个结果，没有一个落在Rate的第 1 档（100 分） [lint-band-never-reached]",
        "最近 3 个已结束的周期共有 12 个结果，没有一个落在Rate的第 3 档（60 分） [lint-band-never-reached]",
    ]
    assert told[0].startswith("handbook/roles/clerk.yml:6:")


def test_a_band_that_somebody_reached_once_is_not_told(company: Path) -> None:
    months_of_bands(company, ["91", "85", "88", "79"], *[["81", "85", "88", "52"]] * 2)

    assert never_reached(company) == []


def test_few_results_or_one_cycle_tell_nothing_of_a_band(company: Path) -> None:
    months_of_bands(company, ["81"] * 12)
    assert never_reached(company) == []

    shutil.rmtree(company / "scorecards/2025-01")
    months_of_bands(company, ["81"] * 6, ["81"] * 5)
    assert never_reached(company) == []


def test_a_company_says_from_how_many_results_on_a_band_is_judged(company: Path) -> None:
    months_of_bands(company, ["81"], ["95"], band_results=2)

    assert [line.partition("第 ")[2][:1] for line in never_reached(company)] == ["3"]


def test_only_the_closed_cycles_of_the_last_year_are_looked_at() -> None:
    thirteen = [replace(each, status=CycleStatus.CLOSED) for each in months(13)]
    quarter = replace(cycle([], period="2026-Q2"), status=CycleStatus.CLOSED)
    running = cycle([], period="2026-11")

    assert of_a_year([*thirteen, quarter, running]) == (*thirteen[1:], quarter)
    assert of_a_year([running]) == ()


def test_no_attainment_lies_under_zero() -> None:
    made = banded("higher", {"from": 0, "points": 10}, {"upto": -1, "points": 0}, of="attainment", minimum=-50)

    assert found(made, "lint-band-out-of-reach") == [
        "band 2 of Returns (0 points) lies outside the values that it can have"
    ]


@pytest.mark.parametrize(
    ("direction", "of", "says"),
    [
        ("higher", "actual", True),
        ("lower", "actual", False),
        ("range", "actual", False),
        ("lower", "attainment", True),
    ],
)
def test_better_values_never_give_fewer_points(direction: str, of: str, says: bool) -> None:
    made = banded(direction, {"upto": 2, "points": 20}, {"upto": 5, "points": 10}, {"points": 0}, of=of)

    assert bool(found(made, "lint-band-direction")) is says


def test_the_two_bands_that_are_the_wrong_way_round_are_named() -> None:
    made = banded("lower", {"upto": 2, "points": 10}, {"upto": 5, "points": 20}, {"points": 0})

    assert found(made, "lint-band-direction") == [
        "band 2 of Returns goes against its direction: the better value gives 10 points, the worse one 20"
    ]


def test_an_indicator_has_a_definition() -> None:
    made = catalog([], [indicator("sales", name="Sales"), indicator("orders", definition="Paid orders.")])

    assert found(made, "lint-no-definition") == ["Sales has no definition"]


def test_what_is_supplied_has_an_owner_and_a_source_and_what_is_computed_or_rated_needs_none() -> None:
    made = catalog(
        [
            clerk(
                item("visits", 40, PROPORTIONAL, target=5), item("ratio", 30, PROPORTIONAL), item("manners", 30, RATING)
            )
        ],
        [
            indicator("visits", owner=None),
            indicator("ratio", owner=None, formula="sales / 2"),
            indicator("manners", owner=None),
        ],
        [measure("sales", name="Sales"), measure("orders", source="register")],
    )

    assert found(made, "lint-no-owner") == ["somebody has to supply visits, but no department is named"]
    assert found(made, "lint-no-source") == [
        "Sales does not say where it comes from",
        "visits does not say where it comes from",
    ]


def test_what_no_points_depend_on_is_not_collected_and_a_sketch_owes_nothing() -> None:
    sketch = role("sketch", [{"indicator": "mood", "target": 5}, {"indicator": "zeal"}], name="Sketch")
    planned = role("planned", [{"indicator": "zeal"}], name="Planned", status="consulted", reports_to="sketch")

    made = catalog([sketch, planned], [indicator(each, owner=None) for each in ("mood", "zeal")])

    assert found(made, "lint-no-owner") == found(made, "lint-no-source") == []
    assert found(made, "lint-no-reporting-line") == []
    assert found(made, "lint-no-target") == [
        "zeal of Planned has no target, and its rule does not say what is expected"
    ]


def test_an_indicator_inside_a_formula_is_collected() -> None:
    made = catalog([], [indicator("visits", owner=None, **SOUND), indicator("ratio", formula="visits / 2")])

    assert found(made, "lint-no-owner") == ["somebody has to supply visits, but no department is named"]


def test_everybody_but_the_head_of_all_reports_to_somebody() -> None:
    shop = Department.build(id="shop", name="Shop", head="boss")
    given = {"status": "consulted"}
    roles = [
        role("boss", (), **given),
        role("deputy", (), name="Deputy", **given),
        role("clerk", (), reports_to="boss"),
    ]

    made = replace(catalog(roles), departments={"shop": shop})

    assert found(made, "lint-no-reporting-line") == ["Deputy reports to nobody"]


def twins(first: Mapping[str, Any], second: Mapping[str, Any], language: str = "en") -> list[str]:
    made = catalog([], [indicator("one", **first), indicator("two", **second)], language=language)
    return found(made, "lint-twins")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("订单转换率", "订单转化率"),
        ("客户满意度", "顾客满意程度"),
        ("门店 销售额", "店铺销售额"),
        ("到货率", "到货比率"),
    ],
)
def test_names_that_mean_the_same_are_told(one: str, other: str) -> None:
    assert twins({"name": one}, {"name": other}, "zh") == [
        f"{other} and {one} (one) seem to be the same: {words('zh')('lint.alike.name')}"
    ]


@pytest.mark.parametrize(("one", "other"), [("退货率", "退款率"), ("到货率", "未到货率"), ("订单量", "订单率")])
def test_names_that_are_merely_similar_are_not(one: str, other: str) -> None:
    assert twins({"name": one}, {"name": other}, "zh") == []


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        pytest.param("buyers / visitors * 100", "100 * (buyers / visitors)", True, id="written in another order"),
        pytest.param("buyers / visitors * 100", "buyers / visitors", True, id="in another unit"),
        pytest.param("1 - lost / all_orders", "(all_orders - lost) / all_orders", True, id="rearranged"),
        pytest.param("buyers / visitors", "visitors / buyers", False, id="upside down"),
        pytest.param("buyers / visitors", "department.buyers / visitors", False, id="in another scope"),
        pytest.param("a - a", "b - b", False, id="over other numbers"),
        pytest.param("1 / (a - a)", "a - a", True, id="without a value"),
    ],
)
def test_formulas_that_give_the_same_are_told(one: str, other: str, says: bool) -> None:
    expected = ["Second and First (one) seem to be the same: their formulas give the same"] if says else []

    assert twins({"name": "First", "formula": one}, {"name": "Second", "formula": other}) == expected


def test_definitions_that_say_the_same_are_told_and_short_ones_are_not() -> None:
    long = "Orders that were returned after delivery, of all orders that were delivered in the month"

    assert twins({"name": "A", "definition": long}, {"name": "B", "definition": f"{long}."}) == [
        "B and A (one) seem to be the same: their definitions are almost equal"
    ]
    assert twins({"name": "A", "definition": "returns"}, {"name": "B", "definition": "returns"}) == []
    assert twins({"name": "A", "definition": long}, {"name": "B", "definition": long[::2] + long[::2]}) == []
    first, second = {"name": "A", "definition": long, "formula": "a / b"}, {"definition": long, "formula": "a / c"}
    assert twins(first, {"name": "B", **second}) == []


def test_two_measures_of_one_name_are_told_once() -> None:
    made = catalog([], [], [measure("gmv", name="Turnover"), measure("sales", name="turnover")])

    assert found(made, "lint-twins") == [
        "turnover and Turnover (gmv) seem to be the same: their names are almost equal"
    ]


@pytest.mark.parametrize(
    ("text", "ground", "word"),
    [
        ("35岁以下", "age", "35岁"),
        ("限女性，已婚已育优先", "sex", "限女"),
        ("未婚", "family", "未婚"),
        ("本地户口", "origin", "户口"),
        ("身体健康，五官端正", "health", "身体健康"),
        ("under 35", "age", "under 35"),
        ("Female preferred", "sex", "Female"),
        ("unmarried", "family", "unmarried"),
        ("native speaker", "origin", "native speaker"),
        ("in good health", "health", "good health"),
        ("招男", "sex", "招男"),
        ("女销售优先", "sex", "女销售"),
        ("80后", "age", "80后"),
        ("有孩者不考虑", "family", "有孩"),
        ("限本市", "origin", "限本市"),
        ("汉族", "origin", "汉族"),
        ("native English speaker", "origin", "native English speaker"),
        ("no children", "family", "no children"),
    ],
)
def test_a_requirement_that_may_discriminate_is_told_in_either_language(text: str, ground: str, word: str) -> None:
    made = with_items(sales(100), qualifications={"other": [text]})

    named = words("en")(f"lint.grounds.{ground}.name")
    expected = f"a requirement of Clerk says “{word}”, which may discriminate by {named}"
    assert expected in found(made, "lint-may-discriminate")


@pytest.mark.parametrize(
    "text",
    [
        "年龄不限",
        "性别、年龄均不限",
        "持健康证",
        "了解男女装",
        "男女均可",
        "熟悉本地市场",
        "五年以上经验",
        "regardless of age, sex or origin",
        "over 20 years of experience",
        "health certificate",
        "carries 20 kg",
    ],
)
def test_a_requirement_that_shuts_nobody_out_is_not_told(text: str) -> None:
    made = with_items(sales(100), qualifications={"other": [text], "experience": text})

    assert found(made, "lint-may-discriminate") == []


def test_what_a_duty_of_a_department_requires_is_read_too() -> None:
    shop = Department.build(id="shop", name="Shop", duties=[{"name": "Serving", "requirement": "young and friendly"}])

    made = replace(catalog([]), departments={"shop": shop})

    assert found(made, "lint-may-discriminate") == ["a requirement of Shop says “young”, which may discriminate by age"]


UNCHANGED = ["the target of sales_1 of Clerk has not changed for a year (12 cycles, 10)"]


def test_a_target_that_nobody_touched_for_twelve_months_is_told() -> None:
    made = with_items(sales(100))

    assert found(made, "lint-target-unchanged", months(12)) == UNCHANGED
    assert found(made, "lint-target-unchanged", months(11)) == []


def test_a_target_that_changed_in_that_year_is_not_told() -> None:
    change = [{"on": "2026-03-01", "what": "target of sales 8 → 10"}]
    before = with_items(sales(100, target=8))

    assert found(with_items(sales(100), changes=change), "lint-target-unchanged", months(12)) == []
    assert found(with_items(sales(100)), "lint-target-unchanged", months(12), before) == []
    assert found(with_items(sales(100)), "lint-target-unchanged", months(12), catalog([])) == []
    assert found(with_items(sales(100)), "lint-target-unchanged", months(12), with_items(sales(90))) == UNCHANGED


def test_targets_of_persons_and_departments_count() -> None:
    given = with_items(sales(100))
    own = with_items(sales(100, target=None))

    assert found(given, "lint-target-unchanged", months(12, E1=[10] * 11 + [12])) == []
    assert found(given, "lint-target-unchanged", months(12, shop=[10] * 12)) == UNCHANGED
    assert found(own, "lint-target-unchanged", months(12, E1=[12] * 12)) == [
        "the target of sales_1 of Clerk has not changed for a year (12 cycles, -)"
    ]
    assert found(own, "lint-target-unchanged", months(12, E1=[*range(12)])) == []
    assert found(own, "lint-target-unchanged", months(12)) == []


def test_a_department_s_targets_age_as_those_of_a_role() -> None:
    parts = [{"section": "Work", "items": [sales(100)]}]
    shop = Department.build(id="shop", name="Shop", scorecard=parts)
    made = replace(catalog([], [indicator("sales_1")]), departments={"shop": shop})

    assert found(made, "lint-target-unchanged", months(12), made) == [
        "the target of sales_1 of Shop has not changed for a year (12 cycles, 10)"
    ]


def test_the_company_s_targets_age_too() -> None:
    made = catalog([], [indicator("sales_1")], scorecard=[{"section": "Work", "items": [sales(100)]}])
    other = catalog([], [indicator("sales_1")], scorecard=[{"section": "Work", "items": [sales(100, target=9)]}])

    assert found(made, "lint-target-unchanged", months(12), made) == [
        "the target of sales_1 of Acme has not changed for a year (12 cycles, 10)"
    ]
    assert found(made, "lint-target-unchanged", months(12), other) == []


def test_a_year_is_twelve_months_four_quarters_or_two_years_without_a_gap() -> None:
    twelve = months(12)
    quarters = [replace(cycle([], period=f"2026-Q{n}"), status=CycleStatus.CLOSED) for n in range(1, 5)]
    years = [replace(cycle([], period=str(n)), status=CycleStatus.CLOSED) for n in (2025, 2026)]

    assert last_year(twelve) == tuple(twelve)
    assert last_year(months(14)) == tuple(months(14)[2:])
    assert last_year([*twelve[:5], *twelve[6:]]) == ()
    assert last_year([*twelve[:11], replace(twelve[11], status=CycleStatus.OPEN)]) == ()
    assert last_year(quarters) == tuple(quarters)
    assert last_year(years) == tuple(years)
    assert last_year(years[1:]) == ()


def test_what_is_faulty_already_is_not_judged_twice() -> None:
    made = replace(with_items(sales(100), reports_to=None), faulty=frozenset({("role", "clerk")}))

    assert found(made, "lint-few-items") == []
    assert found(made, "lint-no-reporting-line") == []


def test_items_without_an_indicator_are_named_by_its_id() -> None:
    made = catalog([clerk(sales(4), item("ghost", 96, {"rule": "formula", "points": "1"}))])

    assert found(made, "lint-small-weight") == ["sales_1 of Clerk weighs 4, less than 5"]
    assert found(made, "lint-target-unchanged", months(12)) == UNCHANGED


# Pages and words


def test_every_rule_has_a_page_in_both_languages() -> None:
    for language in LANGUAGES:
        say = words(language)
        for code in CODES:
            assert f"problems.{code}.message" in say
            assert {
                part for part in ("title", "what", "why", "mend", "example") if f"lint.page.{code}.{part}" in say
            } == {*("title", "what", "why", "mend", "example")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_example_is_yaml(language: str, code: str) -> None:
    assert yaml.safe_load(words(language)(f"lint.page.{code}.example"))


def test_every_rule_says_something_about_a_poor_catalog() -> None:
    assert len(LINTS) == len({lint.__name__ for lint in LINTS})
    assert {code for code in CODES if code.startswith("lint-")} == {
        key.split(".")[1] for key in tuple(words("en").keys()) if key.startswith("problems.lint-")
    }
