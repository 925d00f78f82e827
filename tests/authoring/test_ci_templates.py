"""The files for CI do what they say: parsed by their schemas, and their commands run as written in a clean clone."""

import json
import re
import shutil
from pathlib import Path

import check_jsonschema
import pytest
from click.testing import CliRunner

from kpibook.authoring.scaffolding import NewCompany, create_company
from kpibook.base.periods import Period
from kpibook.base.words import words
from kpibook.base.working_days import DAYS_AFTER
from kpibook.cli import main
from runners import (
    CONDITIONS,
    GITEA,
    GITHUB,
    GITLAB,
    OWN,
    Clone,
    change,
    git,
    installed,
    job_steps,
    load,
    played,
    played_job,
    recorders,
)
from sources import ROOT


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A company's repository and its first commit; tests change copies of it."""
    origin = tmp_path_factory.mktemp("made") / "origin"
    create_company(origin, NewCompany("Shop", Period.parse("2026-10"), "1"), words("en"))
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "the company")
    base = git(origin, "rev-parse", "HEAD")
    git(origin, "switch", "--quiet", "--create", "change")
    role = origin / "handbook/roles/sales-clerk.yml"
    change(
        role,
        ("sales_value, weight: 50", "sales_value, weight: 45"),
        ("conversion, weight: 20", "conversion, weight: 25"),
    )
    with (origin / "scorecards/2026-10/actuals/office.csv").open("a", encoding="utf-8") as file:
        file.write("E001,visitors,many,\n")
    git(origin, "commit", "--quiet", "--all", "--message", "sell to more of those who come")
    return origin, base


@pytest.fixture
def clone(made: tuple[Path, str], tmp_path: Path) -> Clone:
    """Somebody moved five points of a weight, and a supplier's row cannot be read."""
    origin, base = shutil.copytree(made[0], tmp_path / "origin", symlinks=True), made[1]
    git(tmp_path, "clone", "--quiet", "--branch", "change", str(origin), "clone")
    return Clone(tmp_path / "clone", base, recorders(tmp_path / "tools"))


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        (GITHUB, ("--builtin-schema", "vendor.github-workflows")),
        (OWN, ("--builtin-schema", "vendor.github-workflows")),
        # Gitea reads the workflows of GitHub.
        (GITEA, ("--builtin-schema", "vendor.github-workflows")),
        (GITLAB, ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")),
    ],
    ids=["github", "own", "gitea", "gitlab"],
)
def test_each_file_is_what_its_host_reads(path: Path, arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(check_jsonschema.main, [*arguments, str(path)])

    assert done.exit_code == 0, done.output


def test_this_repository_uses_the_same_file_as_a_new_company() -> None:
    assert OWN.read_text(encoding="utf-8") == GITHUB.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [GITHUB, GITEA], ids=["github", "gitea"])
def test_no_expression_stands_in_a_command(path: Path) -> None:
    """What somebody names a branch must not become a command."""
    assert not [step["run"] for step in job_steps(path) if "${{" in step.get("run", "")]


@pytest.mark.parametrize("path", [GITHUB, GITEA], ids=["github", "gitea"])
def test_conditions_are_those_that_are_played(path: Path) -> None:
    assert {step["if"] for step in job_steps(path) if "if" in step} == set(CONDITIONS)


@pytest.mark.parametrize("path", [GITHUB, GITEA], ids=["github", "gitea"])
def test_scorecards_are_kept_from_the_public(path: Path) -> None:
    kept = {step["with"]["path"]: step for step in job_steps(path) if "upload-artifact" in step.get("uses", "")}

    assert set(kept) == {"site", "site-cards"}
    assert kept["site-cards"]["if"] == "github.event_name != 'pull_request' && github.event.repository.private"
    assert "if" not in kept["site"]


def test_scorecards_are_kept_from_the_public_on_gitlab() -> None:
    jobs = {name: job for name, job in load(GITLAB).items() if isinstance(job, dict) and "script" in job}
    with_cards = {name for name, job in jobs.items() if "site-cards" in job.get("artifacts", {}).get("paths", [])}

    assert with_cards == {"scorecards"}
    assert jobs["scorecards"]["artifacts"]["access"] == "developer"
    assert [rule["if"] for rule in jobs["scorecards"]["rules"]] == [
        '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PROJECT_VISIBILITY != "public"'
    ]


@pytest.mark.parametrize("path", [GITHUB, GITEA], ids=["github", "gitea"])
def test_each_cycle_is_made_anew_on_its_days_and_every_night(path: Path) -> None:
    days, nightly = (schedule["cron"] for schedule in load(path)["on"]["schedule"])

    assert re.fullmatch(r"\d+ \d+ 5,8,10 \* \*", days)
    assert DAYS_AFTER == (5, 8, 10)
    assert re.fullmatch(r"\d+ \d+ \* \* \*", nightly)


def test_gitlab_is_told_the_same_schedules() -> None:
    head = GITLAB.read_text(encoding="utf-8").partition("default:")[0]

    assert re.findall(r'"([^"]+ \* \*)"', head) == ["45 20 5,8,10 * *", "15 3 * * *"]


@pytest.mark.parametrize("path", [GITHUB, GITEA, GITLAB], ids=["github", "gitea", "gitlab"])
def test_a_doubtful_catalog_is_not_merged(path: Path) -> None:
    """Whatever a host calls its steps, each check is a strict one."""
    checks = re.findall(r"kpibook check.*", path.read_text(encoding="utf-8"))

    assert checks
    assert all("kpibook check --strict --format git" in command for command in checks)


def test_a_change_is_checked_and_told_and_built_on_github(clone: Clone) -> None:
    done = {step.name: step for step in played(GITHUB, "pull_request", clone)}

    told = clone.said("gh")
    assert [step.code for step in done.values()] == [0] * 5
    checked = done["Check, with annotations on the changed lines"].output
    assert "::warning file=scorecards/2026-10/actuals/office.csv,line=5,col=15" in checked
    assert told["words"][:3] == ["pr", "comment", "7"]
    assert "45" in told["texts"][0]
    assert (clone.tools / "summary.md").read_text(encoding="utf-8") == told["texts"][0]
    assert (clone.folder / "site" / "index.html").is_file()
    assert len(list(clone.folder.glob("site-cards/2026-10/p/*.html"))) == 3
    assert not git(clone.folder, "status", "--porcelain")


def test_a_fault_stops_the_job_at_the_check(clone: Clone) -> None:
    change(clone.folder / "handbook/roles/sales-clerk.yml", ("conversion, weight: 25", "conversion, weight: 20"))

    *_, last = played(GITHUB, "push", clone)

    assert last.name == "Check, with annotations on the changed lines"
    assert last.code == 1
    assert "::error file=handbook/roles/sales-clerk.yml,line=11,col=3,title=weights-total::" in last.output
    assert not (clone.folder / "site").exists()


def test_a_doubt_stops_the_job_of_a_pull_request_after_its_comment(clone: Clone) -> None:
    weaken(clone)

    done = {step.name: step for step in played(GITHUB, "pull_request", clone)}

    assert list(done)[-1] == "What the check has against it"
    assert list(done.values())[-1].code == 1
    assert "title=lint-no-definition::" in done["Check, with annotations on the changed lines"].output
    assert not (clone.folder / "site").exists()


def published(clone: Clone) -> Clone:
    """October is published on the main branch, from which the change begins."""
    folders = ("--handbook", str(clone.folder / "handbook"), "--scorecards", str(clone.folder / "scorecards"))
    signed = ("--by", "HR", "--anyway", "--reason", "a test", "--on", "2026-11-10")
    done = CliRunner().invoke(main, [*folders, "publish", "2026-10", *signed])
    assert done.exit_code == 0, done.output
    git(clone.folder, "add", "-A")
    git(clone.folder, "commit", "-q", "-m", "publish")
    return clone._replace(base=git(clone.folder, "rev-parse", "HEAD"))


@pytest.mark.parametrize("path", [GITHUB, GITEA], ids=["github", "gitea"])
def test_data_of_a_published_cycle_are_told_on_the_pull_request_and_stop_it(path: Path, clone: Clone) -> None:
    """One sentence says which command is meant, and the comment says whom it would move."""
    sealed = published(clone)
    change(
        clone.folder / "scorecards/2026-10/actuals/sales-department.csv",
        ('E003,sales,"131,000"', 'E003,sales,"231,000"'),
    )

    done = {step.name: step for step in played(path, "pull_request", sealed)}

    assert list(done)[-1] == "What the check has against it"
    assert list(done.values())[-1].code == 1
    [checked] = [step.output for name, step in done.items() if name.startswith("Check")]
    assert "title=sealed-file-changed::" in checked
    said = sealed.said("gh" if path == GITHUB else "curl")["texts"][0]
    assert "kpibook correct 2026-10" in said.replace("&#45;", "-")


SEAL_LOST = "The seal of what was published is gone, or another one stands in its place"


def lose_the_seal(clone: Clone) -> None:
    """As if October had never been published."""
    cycle = clone.folder / "scorecards/2026-10"
    shutil.rmtree(cycle / "revisions")
    (cycle / "log.csv").unlink()
    change(cycle / "cycle.yml", ("status: published", "status: open"))


@pytest.mark.parametrize("path", [GITHUB, GITEA], ids=["github", "gitea"])
def test_a_seal_that_is_gone_is_told_on_the_pull_request_before_it_fails(path: Path, clone: Clone) -> None:
    sealed = published(clone)
    lose_the_seal(clone)

    done = {step.name: step for step in played(path, "pull_request", sealed)}

    assert done["What the change does"].code == 1
    assert "[seal-lost]" in done["What the change does"].output
    assert list(done)[-1] == "What the check has against it"
    assert list(done.values())[-1].code == 1
    assert SEAL_LOST in sealed.said("gh" if path == GITHUB else "curl")["texts"][0]


def test_a_seal_that_is_gone_is_told_on_gitlab_before_it_fails(clone: Clone) -> None:
    sealed = published(clone)
    lose_the_seal(clone)
    git(clone.folder, "fetch", "-q", ".", sealed.base)
    installed(clone.folder)

    done = played_job("diff", clone, KPIBOOK_TOKEN="token", CI_MERGE_REQUEST_IID="7")

    assert done.code == 1
    assert "[seal-lost]" in done.output
    assert SEAL_LOST in clone.said("curl")["texts"][0]


def test_a_nightly_run_builds_both_sites_and_comments_on_nothing(clone: Clone) -> None:
    done = list(played(GITHUB, "schedule", clone))

    assert [step.name for step in done] == [
        "Set up",
        "Check, with annotations on the changed lines",
        "Whether what was published still stands",
        "Build both sites",
        "What is still missing",
    ]
    assert [step.code for step in done] == [0, 0, 0, 0, 0]
    assert "12 given" in (clone.tools / "summary.md").read_text(encoding="utf-8")
    assert not (clone.tools / "gh.said").exists()


@pytest.mark.parametrize("path", [GITHUB, GITEA], ids=["github", "gitea"])
def test_a_doubt_that_comes_overnight_is_told_after_both_sites_were_built(path: Path, clone: Clone) -> None:
    weaken(clone)

    done = list(played(path, "schedule", clone))

    assert [step.code for step in done] == [0, 1, 0, 0, 0, 1]
    assert done[-1].name == "What the check had against it"
    assert (clone.folder / "site-cards" / "index.html").is_file()


def weaken(clone: Clone) -> None:
    """An indicator loses its definition: allowed, and still no good catalog."""
    path = clone.folder / "handbook/indicators/sales.yml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "definition:" not in line), encoding="utf-8")


def test_a_change_is_checked_and_told_and_built_on_gitea(clone: Clone) -> None:
    done = list(played(GITEA, "pull_request", clone))

    told = clone.said("curl")
    assert [step.code for step in done] == [0] * 6
    assert told["words"][-1] == "https://git.example.com/api/v1/repos/hr/kpi/issues/7/comments"
    assert "45" in json.loads(told["texts"][0])["body"]
    assert (clone.folder / "site-cards" / "index.html").is_file()


def test_a_change_is_checked_and_told_and_built_on_gitlab(clone: Clone) -> None:
    installed(clone.folder)
    api = {"CI_API_V4_URL": "https://git.example.com/api/v4", "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7"}
    variables = {**api, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "KPIBOOK_TOKEN": "token"}

    done = [played_job(name, clone, **variables) for name in ("check", "diff", "handbook")]
    done.append(played_job("scorecards", clone, KPIBOOK_KEY="a long secret"))

    report = json.loads((clone.folder / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    told = clone.said("curl")
    assert [(job.name, job.code) for job in done] == [("check", 0), ("diff", 0), ("handbook", 0), ("scorecards", 0)]
    assert ("scorecards/2026-10/actuals/office.csv", 5) in [
        (each["location"]["path"], each["location"]["lines"]["begin"]) for each in report
    ]
    assert told["words"][-1] == "https://git.example.com/api/v4/projects/3/merge_requests/7/notes"
    assert told["texts"] == [(clone.folder / "diff.md").read_text(encoding="utf-8")]
    assert (clone.folder / "site" / "index.html").is_file()
    assert (clone.folder / "site-cards" / "index.html").is_file()


REPAIRS = """\
repairs: {name: %s, definition: %s, unit: times, direction: higher, owner: office, source: the book}
"""


@pytest.fixture
def crossed(clone: Clone) -> Clone:
    """While one editor adds an indicator on a branch, another has added one of the same id: each is sound by itself."""
    origin = clone.folder.parent / "origin"
    git(origin, "switch", "--quiet", "main")
    for folder, group, words_of in (
        (origin, "sales", ("Repairs sold", "those sold")),
        (clone.folder, "service", ("Repairs made", "work")),
    ):
        with (folder / f"handbook/indicators/{group}.yml").open("a", encoding="utf-8") as file:
            file.write(REPAIRS % words_of)
        git(folder, "commit", "--quiet", "--all", "--message", "repairs")
    return clone._replace(base=git(origin, "rev-parse", "HEAD"))


def test_two_good_changes_that_merge_badly_stop_the_pipeline_of_gitlab(crossed: Clone) -> None:
    installed(crossed.folder)

    alone = played_job("check", crossed)
    merged = played_job("check", crossed, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")

    report = json.loads((crossed.folder / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert "duplicate-id" not in alone.output
    assert merged.code == 1
    assert "duplicate-id" in {each["check_name"] for each in report}


def test_two_good_changes_that_merge_badly_stop_the_job_of_gitea(crossed: Clone) -> None:
    git(crossed.folder, "fetch", "--quiet")

    done = list(played(GITEA, "pull_request", crossed))

    # The check has its say, and what cannot be scored cannot be told either.
    assert [step.code for step in done] == [0, 0, 1, 1, 0, 1]
    assert "duplicate-id" in done[2].output
    assert not (crossed.tools / "curl.said").exists()


def test_without_a_token_gitlab_keeps_what_it_would_say(clone: Clone) -> None:
    installed(clone.folder)

    done = played_job("diff", clone, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")

    assert done.code == 0
    assert "45" in (clone.folder / "diff.md").read_text(encoding="utf-8")
    assert not (clone.tools / "curl.said").exists()


def test_a_fault_stops_the_pipeline_on_gitlab(clone: Clone) -> None:
    installed(clone.folder)
    change(clone.folder / "handbook/roles/sales-clerk.yml", ("conversion, weight: 25", "conversion, weight: 20"))

    done = played_job("check", clone)

    report = json.loads((clone.folder / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert done.code == 1
    assert "weights-total" in {each["check_name"] for each in report}


def test_a_doubt_fails_the_check_on_gitlab_but_not_by_the_clock(clone: Clone) -> None:
    installed(clone.folder)
    weaken(clone)

    done = played_job("check", clone)

    job = load(GITLAB)["check"]
    assert done.code == 1
    assert job["rules"][0] == {"if": '$CI_PIPELINE_SOURCE == "schedule"', "allow_failure": "true"}


def test_what_is_missing_is_told_by_the_clock_on_gitlab(clone: Clone) -> None:
    installed(clone.folder)

    done = played_job("status", clone)

    assert done.code == 0
    assert "12 given" in done.output
    assert load(GITLAB)["status"]["rules"] == [
        {"if": '$CI_PIPELINE_SOURCE == "schedule" && $CI_PROJECT_VISIBILITY != "public"'}
    ]


def test_the_commands_run_in_a_clean_clone_of_this_repository(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git repository")
    git(tmp_path, "clone", "--quiet", "--no-hardlinks", str(ROOT), "clone")
    own = Clone(tmp_path / "clone", "", recorders(tmp_path / "tools"))

    done = list(played(OWN, "schedule", own))

    assert [step.code for step in done] == [0] * 5, done[-1].output
    assert (own.folder / "site" / "index.html").is_file()
    assert (own.folder / "site-cards" / "index.html").is_file()
