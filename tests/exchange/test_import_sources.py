"""Which cell a number came from: written by an import, told by cards and derivations, and never of a changed number."""

from pathlib import Path

import pytest

from sent_tables import Cells, make_company, october, plain_file, run, workbook

SALES: Cells = [["10月销售表"], ["单位：万元"], ["姓  名", "销售额"], ["林　晓", 5.5], ["周然", 2.23]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_company(tmp_path)


def actuals(root: Path) -> str:
    return (october(root) / "actuals" / "support.csv").read_text(encoding="utf-8")


def derived(root: Path, person: str = "E01") -> str:
    return run(root, "explain", "2026-10", person, "sales_volume").output


def test_import_writes_beside_each_number_its_cell_and_what_the_cell_gave(root: Path) -> None:
    run(root, "import", workbook(root, SALES, name="9月销售表.xlsx", sheet="明细"), "--cycle", "2026-10")

    assert actuals(root) == (
        "subject,measure,actual,note,source\n"
        "E01,sales,55000,,9月销售表.xlsx!明细!B4=55000\n"
        "E02,sales,22300,,9月销售表.xlsx!明细!B5=22300\n"
    )


def test_card_and_derivation_tell_the_cell(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    run(root, "import", workbook(root, SALES))

    result = run(root, "pages")

    assert result.exit_code == 0, result.output
    row = "scorecards/2026-10/actuals/support.csv:2，原表 sent.xlsx!数据!B4，原文“55000”"
    assert f"来源：销售额 55,000 元（{row}）" in derived(root)
    cards = [path.read_text(encoding="utf-8") for path in (root / "build" / "cards" / "2026-10" / "p").iterdir()]
    told = "销售额 55,000 元（数据表第 2 行，原表 sent&#46;xlsx&#33;数据&#33;B4）"
    assert [told in card for card in cards].count(True) == 1


def test_the_lines_of_a_csv_file_are_told(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,销售额\n林晓,5\n"))

    assert "原表 sent.csv:2，" in derived(root)


def test_the_cells_of_several_days_are_told_as_runs(root: Path) -> None:
    days: Cells = [
        ["日期", "姓名", "到店人数"],
        *([f"2026-10-{day:02}", "林晓", day] for day in (1, 2, 3)),
        ["2026-10-01", "周然", 7],
    ]
    days = [*days, ["2026-10-09", "林晓", 9], ["2026-10-02", "周然", 8]]

    run(root, "import", workbook(root, days))

    text = (october(root) / "actuals" / "support.csv").read_text(encoding="utf-8")
    assert text.splitlines()[1:] == [
        'E01,visitors,15,,"sent.xlsx!数据!C2:C4,C6=15"',
        'E02,visitors,15,,"sent.xlsx!数据!C5,C7=15"',
    ]


def test_days_in_a_csv_file_are_told_by_their_lines(root: Path) -> None:
    run(
        root,
        "import",
        plain_file(root, "日期,姓名,到店人数\n2026-10-01,林晓,1\n2026-10-02,林晓,2\n2026-10-03,林晓,3\n"),
    )

    text = (october(root) / "actuals" / "support.csv").read_text(encoding="utf-8")
    assert text.endswith("E01,visitors,6,,sent.csv:2-4=6\n")


def test_a_number_changed_by_hand_no_longer_names_the_cell(root: Path) -> None:
    run(root, "import", workbook(root, SALES))
    path = october(root) / "actuals" / "support.csv"
    path.write_text(
        actuals(root).replace("sales,55000", "sales,56000").replace("22300,,", '"22,300",,'), encoding="utf-8"
    )

    assert "来源：销售额 56,000 元（scorecards/2026-10/actuals/support.csv:2，原文“56000”）" in derived(root)
    assert "原表 sent.xlsx!数据!B5，原文“22,300”" in derived(root, "E02")


def test_a_newer_number_has_its_own_cell(root: Path) -> None:
    run(root, "import", workbook(root, SALES))

    run(root, "import", plain_file(root, "姓名,销售额\n林晓,6\n"), "--replace")

    assert actuals(root) == (
        "subject,measure,actual,note,source\nE01,sales,6,,sent.csv:2=6\nE02,sales,22300,,sent.xlsx!数据!B5=22300\n"
    )


def test_a_file_without_the_column_stays_as_it_is_where_nothing_new_comes_in(root: Path) -> None:
    path = october(root) / "actuals" / "support.csv"
    path.parent.mkdir()
    before = "subject,measure,actual,note\nE01,sales,55000,\nE02,sales,22300,\n"
    path.write_text(before, encoding="utf-8")

    result = run(root, "import", workbook(root, SALES))

    assert result.exit_code == 0, result.output
    assert actuals(root) == before
    assert "原表" not in derived(root)


def test_a_source_that_somebody_wrote_is_told_as_it_stands(root: Path) -> None:
    path = october(root) / "actuals" / "support.csv"
    path.parent.mkdir()
    text = "subject,measure,actual,source\nE01,sales,55000,财务系统 a=b\nE02,sales,22300,'=1+1\n"
    path.write_text(text, encoding="utf-8")

    assert "support.csv:2，原表 财务系统 a=b，原文“55000”）" in derived(root)
    assert "support.csv:3，原表 =1+1，原文“22300”）" in derived(root, "E02")


def test_a_name_of_a_file_can_be_no_formula(root: Path) -> None:
    run(root, "import", plain_file(root, "姓名,销售额\n林晓,5\n", name="=cmd.csv"))

    assert actuals(root).endswith("E01,sales,5,,'=cmd.csv:2=5\n")
    assert "原表 =cmd.csv:2，" in derived(root)
