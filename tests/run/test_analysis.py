"""`kpibook analysis`: pages for HR alone, made again only where something decides it, taken over by a build."""

import contextlib
import gc
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from companies import a_company, change
from kpibook.analysing import studies
from kpibook.base.periods import PeriodKind
from kpibook.cli import main
from kpibook.content import read
from kpibook.pages.analysis.rendering import cycle_page
from kpibook.scoring.results import Results

ANALYSIS = Path("site-cards/analysis")
NOTHING = "还没有针对现在这些数据的分析"


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny company with a site, analysed; tests change copies of it."""
    root = a_company(tmp_path_factory.mktemp("analysed"))
    change(root / "handbook/company.yml", "language: zh\n", "language: zh\naccess: {hr: [office]}\n")
    with contextlib.chdir(root):
        run("build")
        run("analysis")
    return root


@pytest.fixture
def company(analysed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the analysed company; the working folder."""
    shutil.copytree(analysed, tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def pages(folder: Path = ANALYSIS) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


ALL = ["2026-09.html", "2026-10.html", "index.html", "year-2026-month.html"]


def test_without_a_site_there_is_nothing_to_put_the_pages_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_company(tmp_path)
    monkeypatch.chdir(tmp_path)

    done = run("analysis", code=2)

    assert "kpibook build" in done.output


def test_each_cycle_has_a_page_and_the_year_one(company: Path) -> None:
    assert pages() == ALL
    page = (ANALYSIS / "2026-10.html").read_text(encoding="utf-8")
    for anchor in ("spread", "borderline", "sensitivity", "raters", "indicators", "jumps", "scale"):
        assert f'id="{anchor}"' in page
    start = (company / "site-cards/index.html").read_text(encoding="utf-8")
    assert 'href="analysis/index.html"' in start
    for href in re.findall(r'href="([^":#]+\.html)"', page):
        assert (ANALYSIS / href).is_file(), href


def test_no_viewer_and_no_public_page_has_anything_of_it(company: Path) -> None:
    for site in ("site", "site-viewers"):
        found = [path for path in (company / site).rglob("*") if path.is_file()]
        assert found
        assert not [path for path in found if "analysis" in path.relative_to(company).as_posix()]
        for path in found:
            if path.suffix == ".html":
                assert "数据分析" not in path.read_text(encoding="utf-8"), path


def test_pages_are_closed_to_other_accounts(company: Path) -> None:
    for path in (company / ANALYSIS).iterdir():
        assert not path.stat().st_mode & 0o007


def test_nothing_is_done_twice(company: Path) -> None:
    before = (ANALYSIS / "2026-10.html").stat().st_mtime_ns

    done = run("analysis")

    assert (ANALYSIS / "2026-10.html").stat().st_mtime_ns == before
    assert "4" in done.output


def test_the_analysis_of_other_cycles_is_another_one(company: Path) -> None:
    run("analysis", "2026-09")

    assert pages() == ["2026-09.html", "index.html"]


def test_a_build_takes_the_pages_over_while_nothing_decides_otherwise(company: Path) -> None:
    before = {name: (ANALYSIS / name).stat().st_ino for name in ALL}
    policy = next((company / "handbook/pages").rglob("*.md"))
    policy.write_text(policy.read_text(encoding="utf-8") + "\n再说一句。\n", encoding="utf-8")

    run("build", "--fresh")

    assert {name: (ANALYSIS / name).stat().st_ino for name in ALL} == before
    run("analysis")
    assert {name: (ANALYSIS / name).stat().st_ino for name in ALL} == before


@pytest.mark.parametrize("file", ["scorecards/2026-10/actuals/support.csv", "handbook/grades.yml"])
def test_a_build_of_other_numbers_drops_them_and_says_so(company: Path, file: str) -> None:
    with (company / file).open("a", encoding="utf-8") as stream:
        stream.write("E03,sales,14000,\n" if file.endswith("csv") else "# 改过\n")

    run("build")

    assert pages() == ["index.html"]
    assert NOTHING in (ANALYSIS / "index.html").read_text(encoding="utf-8")
    run("analysis")
    assert pages() == ALL


def test_a_page_that_was_lost_is_made_again(company: Path) -> None:
    (ANALYSIS / "2026-10.html").unlink()

    run("analysis")

    assert pages() == ALL


def test_a_cycle_leaves_the_memory_without_a_search_for_garbage(tmp_path: Path) -> None:
    """Such a search takes a second among the cards of 10,000 people, and commands make none."""
    a_company(tmp_path)
    content = read(tmp_path / "handbook", tmp_path / "scorecards")
    gc.collect()
    gc.disable()
    try:
        before = alive()
        for study in studies(content, PeriodKind.MONTH):
            assert alive() > before
            cycle_page(study, content.say, b"key")
            del study
        after = alive()
    finally:
        gc.enable()

    assert after == before


def alive() -> int:
    """How many results of cycles are in memory."""
    return sum(isinstance(each, Results) for each in gc.get_objects())


def test_one_process_makes_the_same_pages(company: Path) -> None:
    before = {name: (ANALYSIS / name).read_bytes() for name in ALL}

    run("analysis", "--fresh", "--jobs", "1")

    assert {name: (ANALYSIS / name).read_bytes() for name in ALL} == before


def test_numbers_that_come_by_import_tell_the_day(company: Path) -> None:
    sent = company / "sent.csv"
    sent.write_text("姓名,到店人数\n林晓,900\n", encoding="utf-8")
    change(company / "scorecards/2026-10/actuals/support.csv", "E01,visitors,900,\n", "")
    run("import", str(sent), "--cycle", "2026-10", "--today", "2026-11-08")

    run("build")
    run("analysis")

    told = (ANALYSIS / "2026-10.html").read_text(encoding="utf-8")
    assert "2 期中有 1 期记下了收到日期" in told
    assert "不足三期，说不准" in told
