"""Entries that both sides of a comparison have alike are passed over, and nothing that they say is lost by it."""

from pathlib import Path

import pytest

from compared import CLERK, HANDBOOK, a_company, changes_of
from kpibook.reading.catalog import load_catalog
from kpibook.reviewing.differences.changes import pairs_of_entries
from kpibook.reviewing.differences.renames import find_renames
from kpibook.reviewing.differences.unchanged_entries import UnchangedEntries

EDITS = {
    "company": ("company.yml", "score: 1", "score: 2"),
    "raters": ("company.yml", "language: en", "language: en\nraters: {manager: 2, peer: 1}"),
    "total": ("company.yml", "language: en", "language: en\ntotal: {by: sections}"),
    "column": ("company.yml", "language: en", "language: en\ncolumns: {wage: Wage}"),
    "grade": ("grades.yml", "name: Best", "name: Great"),
    "department": ("departments.yml", "name: Shop", "name: Store"),
    "department's parent": ("departments.yml", ", parent: shop", ""),
    "measure": ("measures.yml", "name: Incidents", "name: Accidents"),
    "measure's unit": ("measures.yml", "unit: times", "unit: cases"),
    "measure that is gone": ("measures.yml", HANDBOOK["measures.yml"].splitlines(keepends=True)[1], ""),
    "indicator": ("indicators/all.yml", "name: Sales", "name: Turnover"),
    "indicator's unit": ("indicators/all.yml", "unit: k", "unit: m"),
    "indicator's direction": ("indicators/all.yml", "unit: times, direction: higher", "unit: times, direction: lower"),
    "indicator's id": ("indicators/all.yml", "patrols: {", "rounds: {"),
    "role's name": ("roles/boss.yml", "name: Boss", "name: Chief"),
    "role": ("roles/clerk.yml", "weight: 60", "weight: 70"),
    "nothing": ("roles/clerk.yml", "weight: 60", "weight: 60"),
}
MORE = (
    "extras:\n  - {indicator: patrols, target: 10, max: 5, standard: {rule: excess, per: 1, points: 1}}\n"
    "gates:\n  - {when: incidents > returns, grade_at_most: C}\n"
)


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_passed_over_says_the_same_when_it_is_compared_text_by_text(edit: str, tmp_path: Path) -> None:
    file, old, new = EDITS[edit]
    files = {**HANDBOOK, "roles/clerk.yml": CLERK + MORE}
    before = a_company(tmp_path / "before", **files)
    after = a_company(tmp_path / "after", **{**files, file: files[file].replace(old, new)})
    # A line above each file moves all places, so that no entry is equal to what it was.
    elsewhere = a_company(tmp_path / "elsewhere", **{name: f"# moved\n{text}" for name, text in files.items()})

    assert changes_of(before, after) == changes_of(elsewhere, after)
    assert (old == new) == (changes_of(before, after) == ())


def passed_over(tmp_path: Path, file: str, old: str, new: str) -> list[str]:
    """The entries that are passed over after a change; the company has no id."""
    before = a_company(tmp_path / "before")
    after = a_company(tmp_path / "after", **{file: HANDBOOK[file].replace(old, new)})
    older, newer = (load_catalog(each / "handbook")[0] for each in (before, after))
    renames = find_renames(older, newer)
    alike = UnchangedEntries(older, newer, renames)
    pairs = ((each.id, each.before, each.after) for each in pairs_of_entries(older, newer, renames))
    return [key for key, was, now in pairs if was and now and alike.holds(was, now)]


def test_a_changed_role_alone_is_compared(tmp_path: Path) -> None:
    found = passed_over(tmp_path, "roles/clerk.yml", "weight: 60", "weight: 70")

    others = ["shop", "yard", "incidents", "returns", "sales", "service", "patrols", "boss", "guard"]
    assert found == ["", *"ABCD", *others]


def test_what_names_a_changed_entry_is_compared_even_through_another(tmp_path: Path) -> None:
    indicator = passed_over(tmp_path / "indicator", "indicators/all.yml", "name: Patrols", "name: Rounds")
    role = passed_over(tmp_path / "role", "roles/boss.yml", "name: Boss", "name: Chief")
    department = passed_over(tmp_path / "department", "departments.yml", "name: Yard", "name: Court")

    assert "guard" not in indicator
    assert {"clerk", "boss", "sales"} <= set(indicator)
    assert not {"clerk", "guard", "boss"} & set(role)
    assert not {"yard", "incidents", "patrols", "guard"} & set(department)
    assert "clerk" in department
