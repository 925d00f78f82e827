"""Cards as PDF files: one or two A4 pages each, named and described so that nobody is."""

import asyncio
import csv
import datetime
import io
import re
import shutil
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader

from burden import COMMENT, FORTY, LONG, PLAIN, THREE, write_burden
from commands import run
from kpibook.base.words import words
from kpibook.publishing.printing import (
    PrintedCard,
    PrintError,
    card_document,
    one_level_denser,
    print_sheets,
    with_date,
)

COMPANY = Path(__file__).parents[1] / "golden" / "cards" / "company"
SAY = words("zh")
DAY = datetime.date(2026, 10, 31)
A4 = (595, 842)
RADICALS = str.maketrans("⻔⻘⻅⻓⻚", "门青见长页")
"""Signs that share a glyph with an ideograph and that no normal form makes one."""
PAGE = '---\ntitle: "Scorecard 2026-10"\n---\n# {name} {{#card}}\n\n[shop](../departments/shop.md) [item](#item-1)\n'


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the company whose cards are kept as golden pages; the working folder."""
    shutil.copytree(COMPANY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def engine(chromium: Path) -> Path:
    """Chromium's engine alone, which starts in half the time; where it is not installed, the whole prints the same."""
    return Path(shutil.which("chromium-headless-shell") or chromium)


@pytest.fixture
def printer(engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What prints; the cards of the whole company are printed by the whole browser."""
    monkeypatch.setenv("KPIBOOK_BROWSER", str(engine))


def index(folder: Path) -> list[list[str]]:
    text = (folder / "index.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def text_of(path: Path) -> str:
    """The text without spaces; some fonts give radicals for the characters that look like them."""
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    return "".join(unicodedata.normalize("NFKC", text).translate(RADICALS).split()).replace(":", "：")


def a_sheet(name: str, heading: str = "Ann") -> PrintedCard:
    return PrintedCard(name, PAGE.format(name=heading), ("E1", heading, "Shop", "Seller"))


@pytest.fixture(scope="module")
def printed(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all cards of a cycle."""
    root = tmp_path_factory.mktemp("printed")
    shutil.copytree(COMPANY, root, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("KPIBOOK_BROWSER", str(chromium))
        result = run("print", "2026-10", "--out", "paper")
    assert (result.exit_code, result.stdout) == (0, "已写出 11 份 PDF 和 paper/index.csv。\n")
    return root / "paper"


def test_every_card_of_a_cycle_is_a_file_of_one_or_two_a4_pages(printed: Path) -> None:
    header, *rows = index(printed)

    assert header == ["文件", "工号", "姓名", "部门", "岗位"]
    assert {path.name for path in printed.iterdir()} == {"index.csv", *(file for file, *_ in rows)}
    for file, person, name, *_ in rows:
        pages = PdfReader(printed / file).pages
        assert 1 <= len(pages) <= 2
        assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {A4}
        assert f"{name}·" in text_of(printed / file)
        told = f"工号{person}" if person.startswith("Q") else "考核对象"
        assert told in text_of(printed / file)


def test_a_printed_card_is_unfolded_signed_and_without_navigation(printed: Path) -> None:
    [file] = [row[0] for row in index(printed) if row[1] == "Q02"]

    found = text_of(printed / file)

    assert "面谈与签字" in found
    assert "改进计划" in found
    assert found.partition("两者都有")[2].count("日期") == 3
    assert "1/2" in found
    assert "2/2" in found
    assert "考核周期2026-09" not in found


@pytest.fixture(scope="module")
def burdened(engine: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The papers of a company that is hard to set, by person."""
    root = tmp_path_factory.mktemp("burdened")
    write_burden(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("KPIBOOK_BROWSER", str(engine))
        assert run("print", "2026-10", "--out", "paper").exit_code == 0
    return {row[1]: root / "paper" / row[0] for row in index(root / "paper")[1:]}


@pytest.mark.parametrize("person", [FORTY, THREE, LONG, PLAIN])
def test_forty_items_three_roles_and_a_long_comment_fit_on_two_pages(burdened: dict[str, Path], person: str) -> None:
    found = text_of(burdened[person])

    assert len(PdfReader(burdened[person]).pages) <= 2
    assert found.partition("两者都有")[2].count("日期") == 3
    assert "绩效改进计划" in found
    assert (COMMENT.replace("，", ",") in found) is (person != PLAIN)


def test_a_card_of_much_text_keeps_every_number_and_says_what_it_leaves_out(burdened: dict[str, Path]) -> None:
    found = text_of(burdened[FORTY])

    for row in range(2, 82):
        assert f"数据表第{row}行" in found
    assert "计算：第39类工单按时完成率=210÷288×100≈72.9167%" in found
    assert "为排进两页,纸上略去了" in found
    assert not re.search("离[A-E]差[0-9.]+分", found)
    assert re.search("离[A-E]差[0-9.]+分", text_of(burdened[PLAIN]))


def test_a_document_is_tightened_until_it_is_as_dense_as_can_be() -> None:
    document = card_document('<div class="card-basis">x</div>', "", "zh")

    steps = [document]
    while (tighter := one_level_denser(steps[-1])) != steps[-1]:
        steps.append(tighter)

    assert [step.count("card-paper-") for step in steps] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert one_level_denser("<p>no items</p>") == "<p>no items</p>"


def test_neither_names_nor_properties_of_files_tell_whose_they_are(printed: Path) -> None:
    people = [row for row in index(printed)[1:] if row[4]]
    assert len(people) == 9
    for file, person, name, *_ in people:
        properties = " ".join(str(value) for value in (PdfReader(printed / file).metadata or {}).values())

        assert re.fullmatch(r"[0-9a-f]{32}\.pdf", file)
        assert "绩效考核表 2026年10月" in properties
        assert name not in properties
        assert person not in properties


def test_departments_and_the_company_have_papers_of_their_own(printed: Path) -> None:
    assert index(printed)[1:3] == [
        ["unit-store.pdf", "store", "门店部", "门店部", ""],
        ["unit-company.pdf", "company", "青禾书店", "", ""],
    ]


@pytest.mark.usefixtures("printer")
def test_a_department_is_printed_alone(company: Path) -> None:
    run("print", "2026-10", "--department", "online", "--out", "paper")

    assert {row[3] for row in index(company / "paper")[1:]} == {"线上部"}


@pytest.mark.usefixtures("printer")
def test_the_same_cards_give_the_same_bytes(tmp_path: Path) -> None:
    sheets = [a_sheet("one"), a_sheet("two", "王芳")]

    for folder in ("first", "second"):
        assert print_sheets(sheets, tmp_path / folder, SAY, DAY) == 2

    for file in ("one.pdf", "two.pdf", "index.csv"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


@pytest.mark.usefixtures("printer")
def test_a_name_in_the_index_is_no_formula(tmp_path: Path) -> None:
    print_sheets([a_sheet("one", "=1+1")], tmp_path, SAY, DAY)

    assert index(tmp_path)[1] == ["one.pdf", "E1", "'=1+1", "Shop", "Seller"]


@pytest.mark.usefixtures("printer")
def test_a_caller_with_an_event_loop_of_its_own_may_print(tmp_path: Path) -> None:
    async def printed_inside() -> int:
        return print_sheets([a_sheet("one")], tmp_path, SAY, DAY)

    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(lambda: asyncio.run(printed_inside())).result() == 1


@pytest.mark.usefixtures("printer")
def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    print_sheets([], tmp_path / "paper", SAY, DAY)

    assert (tmp_path / "paper").stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("printer")
def test_without_a_font_for_chinese_nothing_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text("<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>", encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts))

    print_sheets([a_sheet("one", "Ann")], tmp_path / "latin", SAY, DAY)
    with pytest.raises(PrintError) as refused:
        print_sheets([a_sheet("one", "王芳")], tmp_path / "chinese", SAY, DAY)

    assert [problem.code for problem in refused.value.problems] == ["no-chinese-font"]


def test_without_a_browser_the_run_says_what_to_install(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPIBOOK_BROWSER", str(company / "none"))

    result = run("print", "2026-10", "--out", "paper")

    assert result.exit_code == 1
    assert "找不到能用来打印的浏览器 [no-browser]" in result.stderr
    assert "安装 Chromium、Chrome 或 Edge" in result.stderr


def test_without_the_library_the_run_says_how_to_install_it(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)

    result = run("print", "2026-10", "--out", "paper")

    assert result.exit_code == 1
    assert "[no-print-library]" in result.stderr
    assert "pip install 'kpibook[print]'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("2026-11",), "没有周期 2026-11"),
        (("2026-10", "--person", "Q0"), "没有 Q0；相近的编号："),
        (("2026-10", "--department", "stores"), "没有部门 stores；现有：store"),
    ],
)
def test_what_is_not_there_is_wrong_usage(company: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run("print", *arguments, "--out", "paper")

    assert result.exit_code == 2
    assert told in result.stderr
    assert not (company / "paper").exists()


@pytest.mark.usefixtures("printer")
def test_a_folder_that_cannot_be_written_is_told(company: Path) -> None:
    (company / "paper").write_text("", encoding="utf-8")

    result = run("print", "2026-10", "--out", "paper/cards")

    assert result.exit_code == 2
    assert "写不了" in result.stderr


def test_a_sheet_leads_to_no_other_page() -> None:
    made = card_document(PAGE.format(name="<b>"), "p {}", "zh")

    assert "departments" not in made
    assert 'href="#item-1"' in made
    assert '<html lang="zh" dir="ltr">' in made
    assert "<title>Scorecard 2026-10</title>" in made


def test_the_time_of_making_is_a_given_day_and_no_byte_moves() -> None:
    made = b"<</CreationDate (D:20270102030405+00'00')\n/ModDate (D:20270102030405-08'00')>>"

    assert with_date(made, DAY) == b"<</CreationDate (D:20261031000000+00'00')\n/ModDate (D:20261031000000-08'00')>>"


def test_who_reads_in_another_language_gets_the_paper_in_it(company: Path, printer: None) -> None:
    settings, people = company / "handbook/company.yml", company / "scorecards/2026-10/people.csv"
    settings.write_text(settings.read_text(encoding="utf-8") + "languages: [zh, en]\n", encoding="utf-8")
    head, *rows = people.read_text(encoding="utf-8").splitlines()
    told = [f"{head},language", *(f"{row},{'en' if row.startswith('Q02,') else ''}" for row in rows)]
    people.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")

    result = run("print", "2026-10", "--out", "paper")

    assert result.exit_code == 0, result.output
    names = {row[1]: row[0] for row in index(company / "paper")}
    assert "Pointsofeachitem" in text_of(company / "paper" / names["Q02"])
    assert "Pointsofeachitem" not in text_of(company / "paper" / names["Q03"])
    assert "各项得分" in text_of(company / "paper" / names["Q03"])
