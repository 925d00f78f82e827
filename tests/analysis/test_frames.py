"""Results as frames: every figure against the cards that it comes from, types, and what is missing with its reason."""

import csv
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings

from companies import a_company
from kpibook import frames
from kpibook.analysis.writing import UnwritableTable, write_table
from kpibook.base.problems import Failure
from kpibook.content import read
from kpibook.frames import CycleResults
from kpibook.scoring import score
from lives import Life
from oracle import World
from worlds import as_catalog, as_cycle, worlds


@pytest.fixture
def cycles(tmp_path: Path) -> frames.ScoredCycles:
    a_company(tmp_path)
    return frames.read(tmp_path / "handbook", tmp_path / "scorecards")


def test_frames_have_the_columns_and_types_that_they_promise(cycles: frames.ScoredCycles) -> None:
    for function, columns in (
        (frames.people, frames.PEOPLE),
        (frames.items, frames.ITEMS),
        (frames.ratings, frames.RATINGS),
        (frames.actuals, frames.ACTUALS),
    ):
        frame = function(cycles)

        assert {name: str(kind) for name, kind in frame.dtypes.items()} == dict(columns)
        assert len(frame)
        for name in frame.select_dtypes("category"):
            assert all(isinstance(each, str) for each in frame[name].cat.categories)


def test_a_frame_of_nothing_has_its_columns() -> None:
    frame = frames.items(())

    assert {name: str(kind) for name, kind in frame.dtypes.items()} == dict(frames.ITEMS)
    assert frame.empty


def test_a_missing_total_is_not_zero_and_says_why(cycles: frames.ScoredCycles) -> None:
    people = frames.people(cycles).set_index(["cycle", "person"])

    october = people.loc[("2026-10", "E03")]
    assert pd.isna(october["total"])
    assert (october["status"], october["missing"]) == ("missing", "not_given")
    assert pd.isna(people.loc[("2026-09", "E03"), "missing"])


def test_numbers_that_are_waited_for_stand_among_the_actuals(cycles: frames.ScoredCycles) -> None:
    actuals = frames.actuals(cycles)

    waiting = actuals[actuals["missing"].notna()]
    assert waiting[["cycle", "subject", "measure", "missing"]].values.tolist() == [
        ["2026-10", "E03", "sales", "not_given"]
    ]
    assert waiting["value"].isna().all()
    given = actuals[actuals["missing"].isna()]
    assert given["value"].notna().all()
    assert set(given["file"].str.split("/").str[0]) == {"scorecards"}


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_every_figure_is_the_float_nearest_to_that_of_the_card(world: World) -> None:
    catalog = as_catalog(world)
    results = score(catalog, as_cycle(world), {})
    cycles = [CycleResults(results, catalog)]

    people, items, ratings = frames.people(cycles), frames.items(cycles), frames.ratings(cycles)

    assert nearest([card.total for card in results.cards]) == told(people["total"])
    assert nearest([card.computed for card in results.cards]) == told(people["computed"])
    assert [card.grade.id if card.grade else None for card in results.cards] == told(people["grade"])
    scores = [each for card in results.cards for part in card.spans for each in (*part.items, *part.extras)]
    assert nearest([each.points for each in scores]) == told(items["points"])
    assert nearest([each.actual for each in scores]) == told(items["actual"])
    assert [each.missing[0].gap.value if each.missing else None for each in scores] == told(items["missing"])
    shares = [
        each.points / each.weight if each.points is not None and each.weight and not each.is_extra else None
        for each in scores
    ]
    assert nearest(shares) == told(items["share"])
    assert len(ratings) == sum(len(each.ratings) for each in scores if not each.is_extra)


def nearest(values: Sequence[object]) -> list[float | None]:
    """By fractions of Python, which divide correctly rounded."""
    return [None if each is None else float(Fraction(str(each))) for each in values]


def told(column: "pd.Series[object]") -> list[object]:
    return [None if pd.isna(each) else each for each in column]


def test_a_published_cycle_gives_the_figures_of_its_seal(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.publish()
    before = frames.people(frames.read(tmp_path / "handbook", tmp_path / "scorecards"))

    totals = tmp_path / "scorecards/2026-10/revisions/1/totals.csv"
    rows = list(csv.DictReader(totals.read_text(encoding="utf-8-sig").splitlines()))

    october = before[before["cycle"] == "2026-10"]
    assert october["settled"].all()
    sealed = {row["person"]: row["total"] for row in rows if row["role"]}
    assert dict(zip(october["person"], october["total"], strict=True)) == {
        person: float(Fraction(total)) for person, total in sealed.items()
    }


def test_faulty_content_gives_no_frames(tmp_path: Path) -> None:
    a_company(tmp_path)
    (tmp_path / "handbook/grades.yml").write_text("- {id: A}\n", encoding="utf-8")

    with pytest.raises(Failure, match=r"grades\.yml"):
        frames.read(tmp_path / "handbook", tmp_path / "scorecards")


def test_text_stays_text_in_csv_and_workbook(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": pd.Series(["=1+1", "007", None], dtype="str"), "total": [1.5, 2.0, None]})

    write_table(frame, tmp_path / "a.csv")
    write_table(frame, tmp_path / "a.xlsx")

    assert (tmp_path / "a.csv").read_bytes() == "\ufeffname,total\n'=1+1,1.5\n007,2.0\n,\n".encode()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert cells[0] == [("=1+1", "s"), (1.5, "n")]
    assert cells[1] == [("007", "s"), (2, "n")]
    assert len(cells) == 2


def test_parquet_asks_for_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(UnwritableTable, match="no_parquet"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "a.parquet")


def test_parquet_keeps_the_types(tmp_path: Path, cycles: frames.ScoredCycles) -> None:
    pytest.importorskip("pyarrow", reason="kpibook[parquet] is not installed")
    people = frames.people(cycles)

    write_table(people, tmp_path / "people.parquet")

    assert pd.read_parquet(tmp_path / "people.parquet").dtypes.equals(people.dtypes)


def test_the_command_writes_a_table_of_the_cycles_that_are_named(tmp_path: Path) -> None:
    life, file = Life(tmp_path), tmp_path / "people.csv"

    done = life.run("table", "people", "2026-09", "--out", str(file))

    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["cycle"], row["person"]) for row in rows] == [("2026-09", f"E0{number}") for number in (1, 2, 3)]
    assert f"已写入 {file}：3 行。" in done.output


def test_an_ending_that_is_not_known_is_wrong_usage(tmp_path: Path) -> None:
    done = Life(tmp_path).run("table", "items", "--out", str(tmp_path / "items.txt"), code=2)

    assert "可以用：.csv, .parquet, .xlsx" in done.output


@pytest.mark.parametrize("arguments", [("check",), ("score", "2026-10", "--out", "scores"), ("build",)])
def test_no_other_command_imports_pandas(arguments: tuple[str, ...], tmp_path: Path) -> None:
    a_company(tmp_path)
    program = (
        "import sys\nfrom kpibook.cli import main\n"
        f"try:\n    main({list(arguments)!r})\nexcept SystemExit:\n    pass\n"
        "print(sorted({'pandas', 'numpy', 'pyarrow'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_frames_can_be_gone_through_again(tmp_path: Path) -> None:
    a_company(tmp_path)
    content = read(tmp_path / "handbook", tmp_path / "scorecards")
    cycles = frames.ScoredCycles(content, content.cycles)

    assert len(cycles) == 2
    assert [str(each.results.cycle.period) for each in (*cycles, *cycles)] == ["2026-09", "2026-10"] * 2
