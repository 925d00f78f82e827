"""Verifying: hashes, and results computed once more; figures that a program computes otherwise stay as they were."""

import json
from dataclasses import replace

import pytest

from kpibook.sealing.input_hashes import figure_hash
from kpibook.sealing.seals import parse_seal
from lives import Life

REVISION = "2026-10/revisions/1"


def sealed_otherwise(life: Life) -> None:
    """October as a program sealed it that computed 99 points for E02 where this one computes 104."""
    life.publish()
    totals = life.read(f"{REVISION}/totals.csv")
    before = next(line for line in totals.splitlines() if ",E02," in line)
    assert ",104.0,104,A," in before
    after = before.replace(",104.0,104,A,", ",99.0,99,A,")
    life.path(f"{REVISION}/totals.csv").write_text(totals.replace(before, after), encoding="utf-8", newline="")
    seal = parse_seal(life.path(f"{REVISION}/seal.json").read_bytes())
    files = {**seal.files, "revisions/1/totals.csv": figure_hash(life.path(f"{REVISION}/totals.csv").read_bytes())}
    other = replace(seal, files=files, people={**seal.people, "E02": "0123abcd"}, results="0" * 64, version="0.0.1")
    life.path(f"{REVISION}/seal.json").write_text(other.text(), encoding="utf-8", newline="\n")


def test_what_this_program_computes_otherwise_is_told_by_person(life: Life) -> None:
    sealed_otherwise(life)

    by_hashes, computed = life.run("verify"), life.run("verify", "--recompute", code=1)

    assert by_hashes.stdout.endswith("1 个周期都与封存时一致。\n")
    assert computed.stdout == (
        "scorecards/2026-10/revisions/1/seal.json: error: 2026-10 里 E02 的结果，现在算的与 0.0.1 版程序封存的不同"
        " [result-differs]\n"
        "    hint: 以封存的为准；推算过程要看 0.0.1 版程序\n"
        "1 个周期中有的与封存时不一致。\n"
    )


def test_cards_show_what_was_sealed_and_leave_the_derivation_out(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPIBOOK_KEY", "a key of the tests")
    sealed_otherwise(life)

    life.run("pages")
    told = life.run("explain", "2026-10", "E02").stdout
    life.run("score", "2026-10", "--out", "out")

    pages = {path.read_text(encoding="utf-8") for path in (life.root / "build/cards/2026-10/p").iterdir()}
    [card] = [page for page in pages if "周然" in page.split("## ")[0]]
    assert "99.0" in card
    assert "104" not in card
    assert "0.0.1" in card
    assert "99" in told
    assert "104" not in told
    totals = (life.root / "out/totals.csv").read_text(encoding="utf-8")
    assert ",E02,周然,shop,barista,99.0,A," in totals


def test_a_sealed_cycle_is_verified_in_the_company_s_language(life: Life) -> None:
    life.publish()
    company = life.root / "handbook/company.yml"
    company.write_text(company.read_text(encoding="utf-8").replace("language: zh", "language: en"), encoding="utf-8")

    told = life.run("verify").stdout

    seal = json.loads(life.read(f"{REVISION}/seal.json"))["hash"][:12]
    assert told == (
        f"2026-10: revision 1 of 2026-11-11 by HR is as it was sealed ({seal})\n1 cycle is as it was sealed.\n"
    )


@pytest.mark.parametrize("combine", ["recompute", "mean_of_scores"])
def test_a_sealed_quarter_is_computed_from_what_it_took(life: Life, combine: str) -> None:
    life.reopen_september()
    life.run("publish", "2026-09", "--by", "HR", "--anyway", "--reason", "no month before", "--on", "2026-10-11")
    life.publish()
    quarter = life.path("2026-Q4")
    quarter.mkdir()
    (quarter / "cycle.yml").write_text(
        f"name: 2026年第4季度\nkind: quarter\nstatus: open\ncombine: {combine}\n", encoding="utf-8"
    )
    people = life.read("2026-10/people.csv")
    (quarter / "people.csv").write_text(people, encoding="utf-8")
    reason = ("--anyway", "--reason", "two months are yet to come")
    life.run("publish", "2026-Q4", "--by", "HR", *reason, "--on", "2026-11-12")
    before = life.read("2026-Q4/revisions/1/totals.csv")

    life.change("2026-10/actuals/support.csv", "E01,sales,55000,", "E01,sales,25000,")
    life.correct("2026-10", "--later", "leave")

    assert life.run("verify", "--recompute").stdout.endswith("3 个周期都与封存时一致。\n")
    refused = life.correct("2026-Q4", code=1)
    assert "[correct-nothing]" in refused.stderr
    assert life.read("2026-Q4/revisions/1/totals.csv") == before
    if combine == "mean_of_scores":
        taken = life.read("2026-Q4/revisions/1/carried.csv")
        assert "2026-10,1,E01,total,104\n" in taken


def test_the_mean_of_months_is_that_of_the_published_totals(life: Life) -> None:
    """October is published by its own handbook; what today's handbook would give it is nobody's total."""
    life.publish()
    role = life.root / "handbook/roles/barista.yml"
    role.write_text(role.read_text(encoding="utf-8").replace("target: 20000", "target: 200000"), encoding="utf-8")
    quarter = life.path("2026-Q4")
    quarter.mkdir()
    (quarter / "cycle.yml").write_text(
        "name: 2026年第4季度\nkind: quarter\nstatus: open\ncombine: mean_of_scores\n", encoding="utf-8"
    )
    (quarter / "people.csv").write_text(life.read("2026-10/people.csv"), encoding="utf-8")

    life.run("score", "2026-Q4", "--out", "out")

    rows = (life.root / "out/totals.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[5] for row in rows if ",E02," in row] == ["104.0"]


def test_where_nothing_was_published_there_is_nothing_to_verify(life: Life) -> None:
    assert life.run("verify").stdout == "还没有公布过的周期，没有什么可核对。\n"
    assert "还没有公布过的周期" in life.run("verify", "--recompute").stdout
