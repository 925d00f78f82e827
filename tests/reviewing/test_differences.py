"""What changed between two catalogs, in sentences."""

from pathlib import Path

from compared import CLERK, HANDBOOK, a_company, changed, changes_of, told, write
from kpibook.reviewing.differences.changes import excerpt, excerpts

# Sentences


def sentences(before: Path, after: Path) -> dict[str, tuple[str, ...]]:
    return {f"{change.kind} {change.id} {change.state}".strip(): change.lines for change in changes_of(before, after)}


def test_every_part_of_a_role_has_its_sentence(before: Path, tmp_path: Path) -> None:
    text = (
        CLERK.replace("purpose: sells", "purpose: sells well")
        .replace("status: approved", "status: draft")
        .replace("reports_to: boss\n", "")
        .replace("friendly, share: 60", "fast, share: 70")
        .replace("{name: Counting, share: 40}", "{name: Packing, share: 30, requirement: neat}")
        .replace(
            "target: 100, standard: {rule: proportional}}\n      - {indicator: service",
            "target: 90, standard: {rule: proportional}, note: new}\n      - {indicator: service",
        )
        .replace("10 * total", "total / 2")
    )
    more = (
        "authority: [hires]\nqualifications: {skills: [counting]}\n"
        "extras:\n  - {indicator: patrols, target: 10, max: 5, standard: {rule: excess, per: 1, points: 1}}\n"
        "gates:\n  - {when: incidents > 0, grade_at_most: C}\n"
    )

    found = sentences(before, changed(tmp_path, {"roles/clerk.yml": text + more}))

    assert found["role clerk changed"] == (
        "purpose: sells → sells well",
        "status: approved → draft",
        "authority: now hires",
        "skills asked for: now counting",
        "share of time of the duty Selling: 60% → 70%",
        "requirement of the duty Selling: friendly → fast",
        "duty: now Packing",
        "share of time of the duty Packing: now 30%",
        "target of Sales: 100 k → 90 k",
        "note of Sales: now new",
        "standard of the extra Patrols: now 1 point for each time above the target of 10 times"
        " (less than 1 time does not count). At most 5 points.",
        "target of the extra Patrols: now 10 times",
        "gate: now at most C where Incidents > 0",
        "formula of Bonus: 10 × total → total ÷ 2",
        "reports to: no longer (was Boss)",
        "duty: no longer (was Counting)",
    )


def test_only_what_becomes_confidential_is_told(before: Path, tmp_path: Path) -> None:
    """That an entry is as public as everything else says nothing."""
    text = HANDBOOK["roles/clerk.yml"].replace("indicator: service,", "indicator: service, confidential: true,")
    text += "extras:\n  - {indicator: patrols, target: 10, max: 5, standard: {rule: excess, per: 1, points: 1}}\n"

    found = sentences(before, changed(tmp_path, {"roles/clerk.yml": text}))

    assert "confidential: Service: now yes" in found["role clerk changed"]
    assert not [each for each in found["role clerk changed"] if "onfidential" in each and "Service" not in each]


def test_no_key_of_an_entry_is_overlooked(before: Path, tmp_path: Path) -> None:
    """Keys that have no words of their own are told under their own names."""
    company = HANDBOOK["company.yml"] + "columns: {base_salary: Salary}\nmissing_rater: block\n"
    compares = HANDBOOK["indicators/all.yml"].replace(
        "patrols: {", "patrols: {compares: [{when: patrols > 12, says: suspicious}], "
    )
    pool = CLERK.replace("formula: 10 * total", "formula: 10 * total, when: total > 50, note: n")
    plain = "target: 100, standard: {rule: proportional}}\npay"
    exempt = pool.replace(plain, plain.replace("100,", "100, exempt: {when: returns > 3},"))

    found = sentences(
        before, changed(tmp_path, {"company.yml": company, "indicators/all.yml": compares, "roles/clerk.yml": exempt})
    )

    assert found == {
        "company  changed": (
            "where a rater is missing: the others are re-weighed → wait for all",
            "names of columns: now base_salary Salary",
        ),
        "indicator patrols changed": ("comparisons: now when Patrols > 12, says suspicious",),
        "role clerk changed": (
            "when Service does not apply: now when Returned goods > 3, then all points",
            "condition of Bonus: now total > 50",
            "note of Bonus: now n",
        ),
    }


def test_entries_that_come_and_go_are_told(before: Path, tmp_path: Path) -> None:
    items = "scorecard:\n  - section: W\n    items:\n      - {indicator: patrols, target: 3}\n"
    porter = f"name: Porter\ndepartment: yard\n{items}"
    after = changed(
        tmp_path,
        {
            "roles/porter.yml": porter,
            "measures.yml": "incidents: {name: Incidents, unit: times, owner: shop, source: log}\n",
            "grades.yml": "- {id: S, name: Super, from: 95}\n" + HANDBOOK["grades.yml"],
        },
    )
    (after / "handbook/roles/guard.yml").unlink()

    found = sentences(before, after)

    assert found["grade S added"] == ("mark: 95",)
    assert found["measure incidents changed"] == ("owner: Yard → Shop",)
    assert found["measure returns removed"] == ()
    assert found["role porter added"] == ()
    assert found["role guard removed"] == ()


def test_a_reviewer_hears_of_terms(before: Path, tmp_path: Path) -> None:
    write(before, {"handbook/terms.yml": "- {use: clerk, not: seller}\n- {use: shop, not: branch}\n"})
    after = changed(tmp_path, {"terms.yml": "- {use: clerk, not: [seller, vendor]}\n- {use: site, not: branch}\n"})

    assert sentences(before, after) == {
        "term clerk changed": ("words not to use: seller → seller; vendor",),
        "term site added": ("words not to use: branch",),
        "term shop removed": (),
    }


def test_a_reviewer_hears_of_waivers(before: Path, tmp_path: Path) -> None:
    def waiver(code: str, until: str) -> str:
        return f"- {{code: {code}, where: roles/clerk, reason: two to begin with, until: {until}, by: Ms Board}}\n"

    few, many = waiver("lint-few-items", "2026-12-31"), waiver("lint-many-items", "2026-12-31")
    write(before, {"handbook/waivers.yml": few + many})
    later, new = waiver("lint-few-items", "2027-06-30"), waiver("lint-no-owner", "2026-12-31")

    after = changed(tmp_path, {"waivers.yml": later + new})

    assert sentences(before, after) == {
        "waiver lint-few-items roles/clerk changed": ("until: 2026-12-31 → 2027-06-30",),
        "waiver lint-no-owner roles/clerk added": ("reason: two to begin with", "until: 2026-12-31"),
        "waiver lint-many-items roles/clerk removed": (),
    }
    assert "- **lint-no-owner roles/clerk**: new" in told(before, after)


def test_a_new_role_is_told_with_its_weights(before: Path, tmp_path: Path) -> None:
    found = sentences(before, changed(tmp_path, {"roles/helper.yml": CLERK.replace("name: Clerk", "name: Helper")}))

    assert found["role helper added"] == ("scorecard: Sales 60; Service 40",)


def test_an_indicator_and_the_company_have_theirs(before: Path, tmp_path: Path) -> None:
    rated = HANDBOOK["indicators/all.yml"].replace(
        "sales: {name: Sales, definition: d, unit: k, direction: higher, owner: shop, source: s}",
        "sales: {name: Sales, definition: d, unit: k, direction: lower, owner: shop, formula: 100 - returns}",
    )
    company = (
        "name: Acme Ltd\nlanguage: en\nrounding: {score: 2, money: 2}\nrank: {within: company}\n"
        "raters: {manager: 0.5, peer: 0.5}\n"
    )

    found = sentences(before, changed(tmp_path, {"indicators/all.yml": rated, "company.yml": company}))

    [standard] = found.pop("role clerk changed")
    assert standard.startswith("standard of Sales: 60 points when the target of 100 k is reached; below it")
    assert found == {
        "indicator sales changed": (
            "formula: now 100 - Returned goods",
            "direction: higher is better → lower is better",
            "source: no longer (was s)",
        ),
        "company  changed": (
            "name: Acme → Acme Ltd",
            "decimals of points: 1 → 2",
            "weights of raters: manager 1 → manager 0.5, peers 0.5",
            "ranked within: the same role → the whole company",
        ),
    }


def test_without_changes_there_is_nothing_to_tell(before: Path, tmp_path: Path) -> None:
    after = a_company(tmp_path / "after")

    lines = told(before, after)

    assert "The catalog has not changed." in lines
    assert "- Of 19 people with a total under both versions, 0 have another result; departments: 0." in lines


def test_long_texts_are_cut_to_where_they_differ() -> None:
    start, end = "a" * 100, "b" * 100

    one, other = excerpts(f"{start} old {end}", f"{start} new {end}")

    assert one == f"…{'a' * 11} old {'b' * 11}…"
    assert other == f"…{'a' * 11} new {'b' * 11}…"
    assert excerpts("short", "text") == ("short", "text")
    assert len(excerpt("x" * 500)) == 120
    assert len(excerpts("x" * 500, "y" * 500)[0]) == 180


def test_measures_of_little_content_are_not_taken_for_each_other(before: Path, tmp_path: Path) -> None:
    text = HANDBOOK["measures.yml"].replace("returns: {name: Returned goods", "breaks: {name: Broken goods")
    after = changed(tmp_path, {"measures.yml": text})

    found = sentences(before, after)

    assert found == {"measure breaks added": ("unit: pcs", "owner: Shop"), "measure returns removed": ()}
