"""The handbook: its Markdown, the editors' schemas and its site, each made where it is not there as it would be."""

import datetime
import shutil
from collections.abc import Container, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kpibook.authoring.schemas import write_schemas
from kpibook.base.audience import Audience, markdown_of
from kpibook.base.file_sums import file_states
from kpibook.base.history import NO_HISTORY, History, file_history
from kpibook.base.last_run import newest_commit, settings_of
from kpibook.base.output import write_tree
from kpibook.content import Content
from kpibook.content.languages import in_language
from kpibook.content.usage import used_in
from kpibook.model import public
from kpibook.pages.handbook.navigation import handbook_nav
from kpibook.pages.handbook.rendering import HandbookFacts, handbook_pages
from kpibook.publishing.admin import write_admin
from kpibook.publishing.site import HandbookPages, build_handbook_site, tells_history
from kpibook.publishing.site.ahead import pages_ahead
from kpibook.publishing.site.redirects import write_redirects
from kpibook.publishing.site.reused_handbook import are_there, handbook_key, keep_folders, keep_key, taken_over
from kpibook.publishing.site.settings import Nav
from kpibook.publishing.stamps import digest_of, run_digest
from kpibook.reading.cycle.folder import ACTUALS
from kpibook.reviewing.catalog_drift import older_versions

OF_PEOPLE = (ACTUALS, "ratings", "adjustments", "calibration", "leave")
"""The tables of a cycle of which the handbook tells nothing."""


def make_handbook(content: Content, root: Path, site: Path, *, fresh: bool) -> None:
    """The handbook's pages in `build/`, and its site; what would come out as it is there stays, unless `fresh`."""
    others = tuple(map(partial(in_language, content), content.catalog.company.other_languages))
    settings = root / "mkdocs.yml"
    before, build, key = file_states(settings), root / "build", pages_key(content, settings)
    folders = [build / name for name in ("handbook", "schemas", *map(_folder, others))]
    _forget_languages(build, {_folder(other) for other in others})
    if fresh or not are_there(root, key, folders):
        write_handbook(content, build)
        for other in others:
            _write_pages_of(other, build / _folder(other))
        is_known = content.is_as_read and before == file_states(settings)
        keep_folders(root, key if is_known else "", folders)
    site_key = _fill_handbook_site(content, root, site, others, fresh=fresh)
    # Files that changed meanwhile have another key, or had: nobody can say of which bytes the site was made.
    is_known = content.is_as_read and before == file_states(settings)
    keep_key(root, site_key if is_known else "", site)


def show_ahead(content: Content, root: Path, audience: Audience) -> None:
    """Show those pages that somebody looks at as they are going to be, before all are made; in the company's language.

    Raises:
        SiteError: refused settings.
    """
    site, told = root / "site", ToldHandbook(content, root / "build" / "handbook")
    looked_at = markdown_of(audience.looked_at(site), told.markdown)
    if not looked_at:
        return
    pages = _pages_of(content, told.markdown, looked_at)
    new = {name: text for name, text in pages.items() if (told.markdown / name).read_text(encoding="utf-8") != text}
    if new:
        source, company = HandbookPages(told.markdown, told.nav, site), content.catalog.company
        audience.show(site, pages_ahead(source, new, company=company, config=root / "mkdocs.yml"))


def pages_key(content: Content, config: Path) -> str:
    """A hash over all that decides the Markdown of the handbook and the schemas; empty if unknown.

    Of the cycles that is everything but what was supplied about single people: the handbook is for everybody, and
    tells none of it.
    """
    if content.sums is None:
        return ""
    told = [each for each in content.sums.scorecards.items() if not _is_of_people(each[0])]
    files = (*content.sums.handbook.items(), ("", ""), *told, ("", ""), *content.prose.items())
    folders = (content.handbook, content.scorecards)
    try:
        settings = settings_of(config)
    except OSError:
        return ""
    texts = (text for file in files for text in file)
    return digest_of(run_digest(), settings, *map(str, folders), *map(newest_commit, folders), *texts)


def _is_of_people(path: str) -> bool:
    table = path.partition("/")[2].partition("/")[0]
    return table.partition(".")[0] in OF_PEOPLE


def _fill_handbook_site(content: Content, root: Path, site: Path, others: Sequence[Content], *, fresh: bool) -> str:
    """The site in the company's language, and those in others in folders of it; a hash over what decides it."""
    config = root / "mkdocs.yml"
    build = root / "build"
    told = [ToldHandbook(content, build / "handbook"), *(ToldHandbook(each, build / _folder(each)) for each in others)]
    key = handbook_key([(each.markdown, each.nav) for each in told], root / content.catalog.folder, config)
    has_settings = all(each.markdown.with_suffix(".yml").is_file() for each in told)
    if fresh or not has_settings or not taken_over(root, key, root / "site", site):
        for number, each in enumerate(told):
            folder = site / each.content.say.language if number else site
            folder.mkdir(exist_ok=True)
            each.build(folder, config, None if fresh else root / "site" / folder.relative_to(site))
        write_admin(site / "admin", root / content.catalog.folder, public(content.catalog), content.say, config)
    return key


def _forget_languages(markdown: Path, folders: Container[str]) -> None:
    """Remove the pages and settings of languages that the handbook is in no more."""
    for path in markdown.glob("handbook-*"):
        if path.name.removesuffix(".yml") not in folders:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


class ToldHandbook(NamedTuple):
    """The handbook in one language, and the folder of its Markdown."""

    content: Content
    markdown: Path

    @property
    def nav(self) -> Nav:
        """The way through its pages."""
        return handbook_nav(
            public(self.content.catalog), self.content.say, page_paths(self.markdown), self.content.prose
        )

    def build(self, site: Path, config: Path, live: Path | None) -> None:
        """Its site, with the pages that lead on from addresses that are no more; `live` is what there is of it."""
        company = self.content.catalog.company
        build_handbook_site(HandbookPages(self.markdown, self.nav, live), site, company=company, config=config)
        write_redirects(site, public(self.content.catalog))


def _folder(content: Content) -> str:
    return f"handbook-{content.say.language}"


def write_handbook(content: Content, folder: Path) -> None:
    """The Markdown of the handbook, and the editors' schemas; no figure that comes of results: it is for everybody."""
    _write_pages_of(content, folder / "handbook")
    write_schemas(folder / "schemas", content.say, content.catalog)


def _write_pages_of(content: Content, folder: Path) -> None:
    """The Markdown of the handbook in one language."""
    write_tree(_pages_of(content, folder).items(), folder)


def _pages_of(content: Content, folder: Path, only: Container[str] | None = None) -> dict[str, str]:
    """The Markdown of the handbook in one language, to stand in a folder; of `only` some pages where they are given."""
    history = file_history(content.handbook)
    told = history if tells_history(folder.parent.parent / "mkdocs.yml") else NO_HISTORY
    facts = HandbookFacts(
        _days_of_change(content, history), told, older=_older_versions(content), used=used_in(content), only=only
    )
    cycles = tuple(content.cycles.values())
    return handbook_pages(public(content.catalog), cycles, content.say, content.prose, facts)


def _older_versions(content: Content) -> dict[str, list[str]]:
    """By role of today: a sentence for each open cycle that scores it by an older version."""
    found: dict[str, list[str]] = {}
    for period, own in content.own.items():
        cycle = content.cycles[period]
        if cycle.status.is_settled or own.catalog is content.catalog:
            continue
        for role, differences in older_versions(public(own.catalog), public(content.catalog), cycle, content.say):
            what = content.say("catalog_drift.comma").join(differences)
            found.setdefault(role, []).append(content.say("catalog_drift.page", cycle=cycle.name, what=what))
    return found


def _days_of_change(content: Content, history: History) -> dict[str, datetime.date]:
    """When the files of the handbook and the days of the cycles last changed."""
    cycles = file_history(content.scorecards, "*/cycle.yml")
    folder = content.scorecards.absolute().name
    return {path: commits[0].date for path, commits in history.items()} | {
        f"{folder}/{path}": commits[0].date for path, commits in cycles.items()
    }


def page_paths(folder: Path) -> list[str]:
    """The pages below a folder by their paths, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
