"""Sites whose names are links: a build goes through one to a site, and never replaces anything else."""

from pathlib import Path

import pytest

from companies import a_company
from kpibook.content import read
from kpibook.pipeline import build
from kpibook.publishing.site import SiteError
from kpibook.publishing.site.site_links import refuse_strange_targets


def test_a_link_to_the_catalog_is_refused_and_nothing_is_replaced(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    (root / "site").symlink_to("handbook")
    (root / "site-cards").symlink_to(root / "scorecards/2026-10/cycle.yml")
    content = read(root / "handbook", root / "scorecards")

    with pytest.raises(SiteError) as refused:
        build(content, root, content.cycles)

    assert [str(problem).partition("\n")[0] for problem in refused.value.problems] == [
        "site: error: this is a link to handbook, which is neither empty nor a site; a build would replace all that "
        "stands there [site-link-strange]",
        f"site-cards: error: this is a link to {root}/scorecards/2026-10/cycle.yml, which is neither empty nor a site; "
        "a build would replace all that stands there [site-link-strange]",
    ]
    assert (root / "handbook/company.yml").is_file()
    assert (root / "site").is_symlink()


def test_a_link_to_nothing_to_an_empty_folder_or_to_a_site_is_free(tmp_path: Path) -> None:
    for name, file in (("empty", None), ("site", "index.html"), ("half", "index.html.kpibook-new"), ("all", "viewers")):
        (tmp_path / name).mkdir()
        if file:
            (tmp_path / name / file).touch()
    links = [tmp_path / f"to-{name}" for name in ("empty", "site", "half", "all", "nothing")]
    for link in links:
        link.symlink_to(link.name.removeprefix("to-"))

    refuse_strange_targets([*links, tmp_path / "site", tmp_path / "no-site"])
    assert all(link.is_symlink() for link in links)
