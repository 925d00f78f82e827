"""What the titles above a table say of its period."""

from pathlib import Path

import pytest

from sent_tables import make_company, numbers, plain_file, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("2026年三季度销售表", "2026-Q3"),
        ("2026年第三季度销售表", "2026-Q3"),
        ("2026年Q3销售", "2026-Q3"),
        ("三季度", "2026-Q3"),
        ("2025年第四季度", "2025-Q4"),
        ("2026年上半年销售表", "2026-H1"),
        ("2025年销售表", "2025"),
        ("2025年度销售表", "2025"),
        ("2026年9-10月销售", "9-10月"),
        ("1至10月销售汇总", "1至10月"),
        ("2026年1月—10月", "1月—10月"),
        ("2026年7-9月", "7-9月"),
    ],
)
def test_a_title_of_another_quarter_half_or_year_is_refused(root: Path, title: str, said: str) -> None:
    result = run(root, "import", plain_file(root, f"{title}\n姓名,销售额\n林晓,5\n"))

    assert numbers(root) == {}
    assert f"的标题写的是 {said}，不是 2026-10 [title-other-period]" in result.output


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("2026年10月1日-15日销售", "10月1日-15日"),
        ("10月16日至10月31日", "10月16日至10月31日"),
        ("2026年10月上旬", "上旬"),
        ("10月下半月销售", "下半月"),
        ("2026年10月第2周", "第2周"),
        ("10月销售（截至10月15日）", "截至10月15日"),
    ],
)
def test_a_title_of_a_part_of_the_cycle_is_refused(root: Path, title: str, said: str) -> None:
    result = run(root, "import", plain_file(root, f"{title}\n姓名,销售额\n林晓,5\n"))

    assert numbers(root) == {}
    assert f"的标题写的是 {said}，不是 2026-10 [title-other-period]" in result.output


@pytest.mark.parametrize(
    "title",
    [
        "2026年10月1日-31日销售",
        "10月销售（9月26日至10月25日）",
        "10月销售（截至10月31日）",
        "10月销售（截至11月5日统计）",
        "10月销售，请于11月上旬前交",
        "2026年四季度销售表",
        "2026年下半年",
        "2026年度销售表",
        "2026年10月（2025年同期对比）",
        "2026年10月Q3项目组",
        "PQ2 门店",
        "2026年10月（1-9月见上表）",
        "2026-10月销售",
        "四季青门店销售",
        "第十二季度",
    ],
)
def test_a_title_that_names_a_period_with_the_cycle_within_changes_nothing(root: Path, title: str) -> None:
    run(root, "import", plain_file(root, f"{title}\n姓名,销售额\n林晓,5\n"))

    assert numbers(root) == {"E01 sales": "5"}


@pytest.mark.parametrize("title", ["2026年9-10月销售额", "2026年三季度与四季度销售额", "2026年三季度起各月销售额"])
def test_a_title_of_several_months_does_not_matter_where_columns_are_months(root: Path, title: str) -> None:
    run(root, "import", plain_file(root, f"{title},,\n姓名,9月,10月\n林晓,4,5\n"))

    assert numbers(root) == {"E01 sales": "5"}
