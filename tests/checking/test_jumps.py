"""Numbers that do not look like their history are told with their row, and hold nothing."""

import dataclasses
from pathlib import Path

import pytest

from kpibook.checking.checks.jumps import check_jumps, jumps
from kpibook.model import Cycle, Waiver
from lives import Life
from making import catalog, cycle, measure

MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")


def history(*values: str | None) -> dict[str, Cycle]:
    """Cycles up to October, each with one number of E1; None where it was not given."""
    months = MONTHS[-len(values) :]
    return {
        month: cycle([], {} if value is None else {("E1", "sales"): value}, period=month)
        for month, value in zip(months, values, strict=True)
    }


def found(*values: str | None) -> list[tuple[str, int]]:
    cycles = history(*values)
    by_period = {each.period: each for each in cycles.values()}
    return [(each.kind.value, each.times) for each in jumps(cycles["2026-10"], by_period)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(("100", "120", "1199"), [], id="a little less than ten times the most"),
        pytest.param(("100", "120", "1200"), [("times", 10)], id="ten times the most"),
        pytest.param(("100", "120", "12000"), [("times", 100)], id="a hundred times"),
        pytest.param(("100", "120", "10"), [("times", 10)], id="a tenth of the least"),
        pytest.param(("100", "120", "10.1"), [], id="a little more than a tenth"),
        pytest.param(("100", "1"), [("times", 100)], id="a hundredth, after one value"),
        pytest.param(("100", "2000"), [], id="ten times after one value says nothing"),
        pytest.param(("0", "5", "49"), [], id="a 0 before is no measure of anything"),
        pytest.param(("5", "3", "4", "0"), [("zero", 0)], id="suddenly nothing"),
        pytest.param(("5", "3", "0"), [], id="nothing, after two values"),
        pytest.param(("5", "0", "4", "0"), [], id="nothing, which it was before"),
        pytest.param(("123.4", "123.4", "123.4", "123.4"), [("repeated", 4)], id="four in a row"),
        pytest.param(("9.1", "123.4", "123.4", "123.4"), [], id="three in a row"),
        pytest.param(("100", "100", "100", "100"), [], id="a round number"),
        pytest.param(("-100", "-120", "-1200"), [("times", 10)], id="below zero"),
        pytest.param((None, None, "7"), [], id="no history"),
        pytest.param(("7", None, None, None, "900"), [("times", 100)], id="history with gaps"),
    ],
)
def test_a_number_is_looked_at_beside_its_history(values: tuple[str, ...], expected: list[tuple[str, int]]) -> None:
    assert found(*values) == expected


def test_shorter_and_longer_cycles_are_no_history() -> None:
    cycles = [cycle([], {("E1", "sales"): "1"}, period=name) for name in ("2026-Q1", "2026-Q2")]
    october = cycle([], {("E1", "sales"): "900"}, period="2026-10")

    assert jumps(october, {each.period: each for each in (*cycles, october)}) == ()


def test_a_jump_is_a_warning_at_its_row_that_can_be_waived() -> None:
    cycles = history("100", "120", "12000")
    by_period = {each.period: each for each in cycles.values()}

    [problem] = check_jumps(catalog([], [], [measure("sales")]), cycles["2026-10"], by_period)

    assert str(problem) == (
        "scorecards/2026-10/actuals/shop.csv:2:1: warning: E1 sales is 12,000, and of all earlier cycles 120 comes"
        " nearest: 100 times apart or more [number-jumped]\n"
        "    hint: check the unit and the decimal point; if it is right, add code number-jumped,"
        " where measures/sales/2026-10/E1 with its reason, by and until to waivers.yml"
    )


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("number-jumped", ("100", "120", "12000")),
        ("number-zero", ("5", "3", "4", "0")),
        ("number-repeated", ("123.4", "123.4", "123.4", "123.4")),
    ],
)
@pytest.mark.parametrize(("until", "is_told"), [("2026-10-30", True), ("2026-10-31", False)])
def test_a_reason_waives_a_jump_of_each_kind_until_its_day(
    code: str, values: tuple[str, ...], until: str, *, is_told: bool
) -> None:
    cycles = history(*values)
    by_period = {each.period: each for each in cycles.values()}
    waiver = Waiver.build(code=code, where="measures/sales/2026-10/E1", reason="已核对", until=until)
    made = dataclasses.replace(catalog([], [], [measure("sales")]), waivers=(waiver,))

    assert [problem.code for problem in check_jumps(made, cycles["2026-10"], by_period)] == [code] * is_told


def test_of_many_of_a_measure_a_few_are_told_and_the_rest_is_counted() -> None:
    cycles = {
        month: cycle([], {(f"E{at}", "sales"): value for at in range(10)}, period=month)
        for month, value in (("2026-08", "100"), ("2026-09", "120"), ("2026-10", "12000"))
    }
    by_period = {each.period: each for each in cycles.values()}

    problems = list(check_jumps(catalog([], [], [measure("sales")]), cycles["2026-10"], by_period))

    assert [problem.code for problem in problems] == ["number-jumped"] * 3 + ["number-others"]
    assert "7 more numbers of sales" in str(problems[-1])


def test_publish_tells_jumps_and_publishes(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.complete_october()
    file = next(
        path
        for path in (tmp_path / "scorecards/2026-10/actuals").glob("*.csv")
        if "E02,sales," in path.read_text(encoding="utf-8")
    )
    lines = file.read_text(encoding="utf-8").splitlines()
    changed = [f"{line.split(',')[0]},sales,99999999," if line.startswith("E02,sales,") else line for line in lines]
    file.write_text("\n".join(changed) + "\n", encoding="utf-8")

    done = life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11")

    assert "[number-jumped]" in done.output
    assert "周然 销售额 是 99,999,999" in done.output
    assert "status: published" in (tmp_path / "scorecards/2026-10/cycle.yml").read_text(encoding="utf-8")
