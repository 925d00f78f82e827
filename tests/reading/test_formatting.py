"""One layout for YAML files: comments, order, words and quotes stay, and a second time changes nothing."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from commands import run
from kpibook.base.entry import Located, LocatedList
from kpibook.base.problems import has_errors
from kpibook.reading.formatting import LONGEST_LINE, lay_out, lay_out_files
from kpibook.reading.yamlfile import read_bytes, read_yaml
from sources import ROOT

COMPANY = ROOT / "tests" / "company"
FILES = sorted(
    path
    for folder in (ROOT / "handbook", ROOT / "scorecards", COMPANY, ROOT / "tests" / "problems")
    for path in folder.rglob("*.yml")
)
# Only read here: to lay all of them out while tests are collected would take as long as the tests themselves.
SOUND = [path for path in FILES if path.is_file() and not has_errors(read_yaml(path, "x.yml")[1])]

UNTIDY = """\
# yaml-language-server: $schema=x


# The head of the file.
-   {id: shop, name: 'The shop', parent: head}     # inline
# before the second
-   id:   online
    name: NO
    # inside
    duties:
    - name: first     # one
    -   name: second

        share: 0123
    times: [12:30, 1e3,
        on]
    note: |
      kept as it is


      # no comment
    empty:
    nothing: ""
    a: "#1"   # two
# the end


"""

TIDY = """\
# yaml-language-server: $schema=x

# The head of the file.
- {id: shop, name: "The shop", parent: head}  # inline
# before the second
- id: online
  name: NO
  # inside
  duties:
    - name: first  # one
    - name: second

      share: 0123
  times: [12:30, 1e3, on]
  note: |
    kept as it is


    # no comment
  empty:
  nothing: ""
  a: "#1"  # two
# the end
"""


def value_of(text: str) -> Any:
    return read_bytes(text.encode(), "x.yml")


def test_an_untidy_file_gets_the_one_layout() -> None:
    assert lay_out(UNTIDY) == TIDY


def test_the_one_layout_stays() -> None:
    assert lay_out(TIDY) == TIDY


def test_a_list_that_is_too_long_for_a_line_gets_a_line_for_each_item() -> None:
    bands = ", ".join(f"{{from: {mark}, points: {mark}, label: {'x' * 40}}}" for mark in (90, 80, 70))

    laid = lay_out(f"rule: bands\nbands: [{bands}]\n")

    assert laid.splitlines()[:3] == ["rule: bands", "bands:", f"  - {{from: 90, points: 90, label: {'x' * 40}}}"]
    assert len(laid.splitlines()) == 5


def test_what_ends_just_before_the_last_column_stays_on_its_line() -> None:
    fits = f"a: [{'x' * (LONGEST_LINE - 5)}]\n"
    too_long = f"a: [{'x' * (LONGEST_LINE - 4)}]\n"

    assert lay_out(fits) == fits
    assert lay_out(too_long).splitlines() == ["a:", f"  - {'x' * (LONGEST_LINE - 4)}"]


def test_a_comment_stays_with_the_lines_around_it() -> None:
    text = dedent("""\
        scorecard:
            items:
            - {indicator: sales}
            # - {indicator: orders}
        note: a
          # over b
        by: b
        """)

    assert lay_out(text) == dedent("""\
        scorecard:
          items:
            - {indicator: sales}
            # - {indicator: orders}
        note: a
        # over b
        by: b
        """)


@pytest.mark.parametrize(("text", "laid"), [("", ""), ("\n\n", ""), ("# only\n\n\n# words", "# only\n\n# words\n")])
def test_a_file_of_comments_is_tidied_too(text: str, laid: str) -> None:
    assert lay_out(text) == laid


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_sound_file_says_the_same_afterwards(path: Path) -> None:
    [laid] = lay_out_files([(path, "x.yml")])

    assert value_of(laid.text)[0] == value_of(path.read_text(encoding="utf-8-sig"))[0]
    assert lay_out(laid.text) == laid.text


def test_the_sample_has_the_one_layout() -> None:
    files = [(path, path.as_posix()) for path in FILES if path.is_relative_to(ROOT / "handbook")]

    assert files
    assert not [laid.path.name for laid in lay_out_files(files) if laid.is_changed or laid.problems]


texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zs", "Zl", "Zp")), max_size=12)
keys = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
values = st.recursive(
    st.one_of(texts, st.sampled_from(["NO", "0123", "12:30", "~", "null", "1e3", "#1", "a: b", "a #b", "'", '"', ""])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(keys, values, min_size=1), st.sampled_from([True, False, None]))
def test_no_text_becomes_another(written: dict[str, object], style: bool | None) -> None:
    text = yaml.safe_dump(written, allow_unicode=True, default_flow_style=style, width=10**6)

    laid = lay_out(text)

    assert plain(value_of(laid)[0]) == plain(value_of(text)[0])
    assert lay_out(laid) == laid


def plain(value: object) -> object:
    """The value without its places."""
    if isinstance(value, Located):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, LocatedList) else value


def test_the_command_lays_out_the_catalog_and_says_which_files(company: Path) -> None:
    grades = company / "handbook" / "grades.yml"
    grades.write_bytes(b"\xef\xbb\xbf" + grades.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    cycle = company / "scorecards" / "2026-10" / "cycle.yml"
    before = cycle.read_text(encoding="utf-8")
    cycle.write_text(before + "\n\n", encoding="utf-8")

    result = run("format")

    assert result.exit_code == 0
    assert result.stdout == (
        "已排版：handbook/grades.yml\n已排版：scorecards/2026-10/cycle.yml\n共 10 个文件，排版了 2 个。\n"
    )
    assert grades.read_bytes() == (COMPANY / "handbook" / "grades.yml").read_bytes()
    assert cycle.read_text(encoding="utf-8") == before
    assert not list(company.rglob("*.kpibook-new"))


def test_check_changes_nothing_and_fails(company: Path) -> None:
    grades = company / "handbook" / "grades.yml"
    grades.write_text(grades.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    result = run("format", "--check", "handbook")

    assert result.exit_code == 1
    assert result.stdout.startswith("版式不统一：handbook/grades.yml\n")
    assert grades.read_text(encoding="utf-8").endswith("\n\n")


def test_a_faulty_file_is_told_and_left_as_it_is(company: Path) -> None:
    faulty = company / "handbook" / "measures.yml"
    faulty.write_text("a: {name: A\nb: 1\n", encoding="utf-8")

    result = run("format", "handbook/measures.yml")

    assert result.exit_code == 1
    assert "handbook/measures.yml:1:4: error: " in result.stderr
    assert faulty.read_text(encoding="utf-8") == "a: {name: A\nb: 1\n"


def test_a_comment_that_would_be_lost_keeps_the_file_as_it_is(company: Path) -> None:
    file = company / "list.yml"
    file.write_text("a: {b: 1,\n  c: 2, # two\n  d: 3}\n", encoding="utf-8")

    result = run("format", "list.yml")

    assert result.exit_code == 1
    assert "list.yml: error: laying this file out would lose a comment or content" in result.stderr
    assert "# two" in file.read_text(encoding="utf-8")


def test_the_mode_of_a_file_stays(company: Path) -> None:
    file = company / "handbook" / "grades.yml"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    file.chmod(0o640)

    run("format", "handbook/grades.yml")

    assert file.stat().st_mode & 0o777 == 0o640
