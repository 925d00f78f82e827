"""What the titles above a table say of its period."""

from pathlib import Path

import pytest

from sent_tables import make_company, numbers, plain_file, run, workbook


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
        ("二〇二五年销售表", "2025"),
        ("二○二五年九月销售", "2025-09"),
        ("贰零贰陆年玖月", "2026-09"),
        ("25年10月销售", "2025-10"),
        ("2025年销售表（10月）", "2025-10, 2025"),
        ("2025 sales", "2025"),
        ("2026 年 9 月 销售", "2026-09"),
        ("统计月份：9", "2026-09"),
    ],
)
def test_a_title_of_another_quarter_half_or_year_is_refused(root: Path, title: str, said: str) -> None:
    result = run(root, "import", plain_file(root, f"{title}\n姓名,销售额\n林晓,5\n"))

    assert numbers(root) == {}
    assert f"的标题写的是 {said}，不是 2026-10 [title-other-period]" in result.output


def test_a_title_of_the_same_month_last_year_is_refused(root: Path) -> None:
    result = run(root, "import", plain_file(root, "去年10月销售\n姓名,销售额\n林晓,5\n"))

    assert numbers(root) == {}
    assert "标题里写着“去年”，销售额 看来不是 2026-10 的实际数" in result.output


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("2026年10月1日-15日销售", "10月1日-15日"),
        ("10月16日至10月31日", "10月16日至10月31日"),
        ("2026年10月上旬", "上旬"),
        ("10月下半月销售", "下半月"),
        ("2026年10月第2周", "第2周"),
        ("10月销售（截至10月15日）", "截至10月15日"),
        ("2026年10月1日销售", "2026年10月1日"),
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
        "2026年度10月销售表",
        "2026年度销售月报",
        "制表日期：2026年10月15日",
        "请于10月15日前交",
        "二〇二六年十月销售",
        "2026 Marathon",
        "2026年10月（2025年同期对比）",
        "2026年10月Q3项目组",
        "PQ2 门店",
        "2026年10月（1-9月见上表）",
        "2026-10月销售",
        "四季青门店销售",
    ],
)
def test_a_title_that_names_the_cycle_or_says_nothing_else_changes_nothing(root: Path, title: str) -> None:
    run(root, "import", plain_file(root, f"{title}\n姓名,销售额\n林晓,5\n"))

    assert numbers(root) == {"E01 sales": "5"}


LONGER = [
    ("2026年四季度销售表", "2026-Q4"),
    ("2026年下半年", "2026-H2"),
    ("2026年度销售表", "2026"),
    ("四季度销售", "2026-Q4"),
    ("全年销售", "全年"),
    ("年度销售", "年度"),
    ("季度销售表", "季度"),
    ("门店周报", "周报"),
]


@pytest.mark.parametrize(("title", "said"), LONGER)
def test_a_title_of_a_longer_time_with_the_cycle_within_is_refused(root: Path, title: str, said: str) -> None:
    result = run(root, "import", plain_file(root, f"{title}\n姓名,销售额\n林晓,5\n"))

    assert numbers(root) == {}
    assert f"的标题写的是 {said}，不是 2026-10 [title-other-period]" in result.output


@pytest.mark.parametrize("name", ["10月.csv", "2026-10.csv", "月报.csv"])
@pytest.mark.parametrize("title", [title for title, _ in LONGER])
def test_a_longer_time_in_a_title_does_not_matter_where_the_file_names_the_month(
    root: Path, title: str, name: str
) -> None:
    run(root, "import", plain_file(root, f"{title}\n姓名,销售额\n林晓,5\n", name))

    assert numbers(root) == {"E01 sales": "5"}


@pytest.mark.parametrize("title", [title for title, _ in LONGER])
def test_a_longer_time_in_a_title_does_not_matter_where_a_column_or_the_rows_say_the_month(
    root: Path, title: str
) -> None:
    run(root, "import", plain_file(root, f"{title},\n姓名,本月销售额\n林晓,5\n", "a.csv"))
    run(root, "import", plain_file(root, f"{title},,\n月份,姓名,销售额\n9月,周然,4\n10月,周然,5\n", "b.csv"))

    assert numbers(root) == {"E01 sales": "5", "E02 sales": "5"}


def test_the_name_of_a_sheet_is_a_title(root: Path) -> None:
    result = run(root, "import", workbook(root, [["姓名", "销售额"], ["林晓", 5]], sheet="全年"))

    assert numbers(root) == {}
    assert "sent.xlsx: error: 全年 的标题写的是 全年，不是 2026-10 [title-other-period]" in result.output


def test_a_year_above_columns_or_rows_of_months_is_theirs(root: Path) -> None:
    across = run(root, "import", plain_file(root, "2025年销售额,,\n姓名,9月,10月\n林晓,4,5\n"))
    down = run(root, "import", plain_file(root, "2025年,,\n月份,姓名,销售额\n10月,周然,5\n"))

    assert numbers(root) == {}
    for result in (across, down):
        assert "的标题写的是 2025，不是 2026-10 [title-other-period]" in result.output


def test_the_name_of_a_department_or_a_number_says_nothing_of_the_time(root: Path) -> None:
    measures = root / "handbook" / "measures.yml"
    measures.write_text(measures.read_text("utf-8").replace("name: 库存额", "name: 年度库存额"), "utf-8")

    run(root, "import", plain_file(root, "年度库存额,\n姓名,年度库存额\n林晓,5\n"))

    assert numbers(root) == {"E01 stock": "5"}


def test_a_lone_line_of_a_longer_time_ends_what_is_certain(root: Path) -> None:
    result = run(root, "import", plain_file(root, "姓名,销售额\n林晓,5\n全年,\n周然,60\n"))

    assert numbers(root) == {"E01 sales": "5"}
    assert "中间单独一行写着“全年”，不知道它下面的数还是不是同样的" in result.output


@pytest.mark.parametrize("title", ["2026年9-10月销售额", "2026年三季度与四季度销售额", "2026年三季度起各月销售额"])
def test_a_title_of_several_months_does_not_matter_where_columns_are_months(root: Path, title: str) -> None:
    run(root, "import", plain_file(root, f"{title},,\n姓名,9月,10月\n林晓,4,5\n"))

    assert numbers(root) == {"E01 sales": "5"}
