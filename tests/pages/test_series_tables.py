"""Targets by month on the pages of roles and departments; those of persons stand on no page of the handbook."""

from dataclasses import replace

from gmpy2 import mpq

from handbook_made import a_catalog, a_role, an_indicator, pages_of
from kpibook.base.periods import Period
from kpibook.base.problems import NOWHERE
from kpibook.model import Department
from kpibook.model.series import PlacedTarget, SeriesKind, TargetSeries


def series(**values: int) -> TargetSeries:
    periods = {Period.parse(key.removeprefix("p").replace("_", "-")): value for key, value in values.items()}
    return TargetSeries({period: PlacedTarget(mpq(value), NOWHERE) for period, value in periods.items()}, NOWHERE)


def test_a_role_shows_its_year_and_nothing_of_anybody() -> None:
    full = {"rule": "proportional"}
    items = [{"indicator": "sales", "weight": "100", "target": "100", "standard": full}]
    role = a_role(scorecard=[{"section": "业绩", "items": items}])
    catalog = a_catalog(
        departments={"shop": Department.build(id="shop", name="门店")},
        indicators={"sales": an_indicator()},
        roles={role.id: role},
    )
    found = {
        (SeriesKind.ROLE, role.id, "sales"): series(p2026_02=7000, p2026_01=5000, p2026_Q1=20000, p2027_01=1),
        (SeriesKind.ROLE, role.id, "hidden"): series(p2026_01=4321),
        (SeriesKind.PERSON, "e77", "sales"): series(p2026_01=4321),
    }

    pages = pages_of(replace(catalog, series=found))

    page = pages["roles/clerk.md"]
    assert page.index("2027 年各期目标") < page.index("2026 年各期目标")
    lines = page[page.index("2026 年各期目标") :].splitlines()
    assert [line for line in lines if line.startswith("| ")][2:] == [
        "| 1月 | 5,000 元 |",
        "| 2月 | 7,000 元 |",
        "| 第1季度 | 20,000 元 |",
    ]
    assert not [path for path, text in pages.items() if "4,321" in text or "e77" in text]
