"""The commands that make the pages and the sites: pages, build, serve."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from kpibook.base.file_sums import file_states
from kpibook.base.last_run import LastRun, inputs_key, last_run, outputs_key, remember_run
from kpibook.base.parallel import can_fork, cores
from kpibook.base.problems import Failure
from kpibook.base.progress import Stages
from kpibook.base.system_errors import reason
from kpibook.base.words import words
from kpibook.cli.base import (
    HELP,
    ROOT,
    Exit,
    Folders,
    begun_period_of,
    company_text,
    company_words,
    details_option,
    echo,
    failures_reported,
    finish,
    refuse,
    report_failure,
    report_problems,
    report_usage,
    sound_content,
    tell_new_key,
)

if TYPE_CHECKING:
    from kpibook.cluster import Cluster, DaskWorkers
    from kpibook.content import Content
    from kpibook.content.sharing import Shared
    from kpibook.publishing.site import Lobby, Revision

SITES = ("build", "site", "site-cards", "site-viewers")
"""Everything that a build makes."""


class BuildOptions(TypedDict):
    """The options of `build`."""

    fresh: bool
    jobs: int | None
    cluster: str | None
    quiet: bool
    profile: bool
    details: Path | None


@click.command(help=HELP("cli.help.pages"))
@click.pass_obj
def pages(folders: Folders) -> None:
    """Write the Markdown of both sites into `build/`."""
    from kpibook import pipeline

    content, folder = sound_content(folders.read()), ROOT / "build"
    with failures_reported(content.say):
        tell_new_key(content.say)
        made = pipeline.write_pages(content, folder, content.cycles)
    finish(
        content.say,
        made.set_aside,
        content.say("cli.done.pages", handbook=made.handbook_pages, cards=made.card_pages, folder=folder),
    )


@click.command(help=HELP("cli.help.build"))
@click.argument("cycles", nargs=-1)
@click.option("--fresh", is_flag=True, help=HELP("cli.help.fresh"))
@click.option("--jobs", type=click.IntRange(1, 256), help=HELP("cli.help.jobs"))
@click.option("--cluster", metavar="ADDRESS", help=HELP("cli.help.cluster"))
@click.option("--quiet", "-q", is_flag=True, help=HELP("cli.help.quiet"))
@click.option("--profile", is_flag=True, help=HELP("cli.help.profile"))
@details_option()
@click.pass_obj
def build(folders: Folders, cycles: tuple[str, ...], **how: Unpack[BuildOptions]) -> None:
    """Make the pages and both sites, unless all is as the last build left it."""
    fresh, details = how["fresh"], how["details"]
    if fault := folders.fault():
        refuse(fault)
    files = (folders.handbook, folders.scorecards, ROOT / "mkdocs.yml")
    looks, inputs = file_states(*files), inputs_key(*files, sorted(cycles))
    before = last_run(ROOT)
    may_rest = before and inputs and not fresh and not details and not how["profile"]
    if before and may_rest and before.inputs == inputs and before.outputs == _outputs():
        say = words(before.language)
        finish(say, before.set_aside, say("cli.done.unchanged", handbook=before.handbook, cards=before.cards))
    from kpibook import pipeline
    from kpibook.cli.progress import ToldStages

    with _workers(how["cluster"], folders) as workers:
        begun = time.perf_counter()
        content = sound_content(folders.read(), details=details)
        told = ToldStages(content.say, is_quiet=how["quiet"])
        told.end("read", time.perf_counter() - begun)
        periods = {begun_period_of(content, cycle) for cycle in cycles} or set(content.cycles)
        with failures_reported(content.say):
            is_new_key = tell_new_key(content.say)
            jobs = how["jobs"] or cores()
            with _cluster(workers, jobs, content, told) as cluster:
                made = pipeline.build(content, ROOT, periods, fresh=fresh, jobs=jobs, cluster=cluster, stages=told)
    # A key that was made on the way is a part of what decides the output; the next run makes all once more. So it does
    # where a file changed meanwhile: even if it is as before by now, nobody knows which bytes were read.
    if inputs and not is_new_key and looks == file_states(*files):
        run = LastRun(inputs, made.outputs, made.set_aside, made.handbook_pages, made.card_pages, content.say.language)
        remember_run(ROOT, run)
    if how["profile"]:
        told.profile()
    finish(
        content.say, made.set_aside, content.say("cli.done.build", handbook=made.handbook_pages, cards=made.card_pages)
    )


@contextmanager
def _workers(address: str | None, folders: Folders) -> Iterator["DaskWorkers | None"]:
    """The workers of the cluster under an address, which begin to read; None without one."""
    if address is None:
        yield None
        return
    if not find_spec("distributed"):
        refuse(company_text("cli.usage.no_cluster"))
    from kpibook.cluster import workers_at

    with ExitStack() as stack:
        with failures_reported(company_words(folders.handbook)):
            workers = stack.enter_context(workers_at(address, folders.handbook, folders.scorecards))
        yield workers


@contextmanager
def _cluster(
    workers: "DaskWorkers | None", jobs: int, content: "Content", stages: Stages
) -> Iterator["Cluster | None"]:
    """The cluster of some workers; without any processes of this machine, but where it forks them by itself."""
    if workers is None and can_fork():
        yield None
        return
    from kpibook.cluster import Cluster, processes_at
    from kpibook.worker import sources_of

    if workers is not None:
        yield Cluster(workers, sources_of(content), stages)
        return
    with processes_at(jobs, content, stages) as cluster:
        yield cluster


def _outputs() -> str:
    return outputs_key(ROOT / name for name in SITES)


@click.command(help=HELP("cli.help.serve"))
@click.option("--port", type=click.IntRange(1, 65533), default=8000, show_default=True, help=HELP("cli.help.port"))
@click.pass_obj
def serve(folders: Folders, port: int) -> None:
    """Serve both sites on this machine and rebuild them when a file changes."""
    with suppress(KeyboardInterrupt):
        _serve(folders, port)


def _serve(folders: Folders, port: int) -> None:
    from kpibook.content.sharing import Shared
    from kpibook.publishing import site

    shared, lobby, revision = Shared(), site.Lobby(company_words(folders.handbook)), site.Revision()
    rebuild = partial(_rebuilt, folders, shared, lobby, revision)
    if not rebuild() and not (ROOT / "site").is_dir():
        sys.exit(Exit.FAULTY)
    sites = [site.ServedSite(ROOT / "site", port), site.ServedSite(ROOT / "site-cards", port + 1)]
    address, starts = "http://127.0.0.1:{}/", ""
    if (ROOT / "site-viewers").is_dir():
        sites.append(site.ServedSite(ROOT / "site-viewers", port + 2, partial(site.StartPageHandler, lobby=lobby)))
        starts = company_text("cli.done.serve_starts", starts=address.format(port + 2))
    echo(company_text("cli.done.serve", handbook=address.format(port), cards=address.format(port + 1), starts=starts))
    try:
        watched = [folders.handbook, folders.scorecards, ROOT / "mkdocs.yml"]
        site.serve(sites, watched, rebuild, revision=revision)
    except OSError as err:
        refuse(company_text("cli.usage.port_taken", port=port, reason=reason(err)))


def _rebuilt(folders: Folders, shared: "Shared", lobby: "Lobby", revision: "Revision") -> bool:
    """Make both sites anew and say how it went; what is faulty leaves them as they are.

    What was read stays in `shared` for the next time, and who has a start page in `lobby`; who looks at pages
    meanwhile, as `revision` knows, is shown those first.
    """
    from kpibook import pipeline
    from kpibook.access import viewers

    if fault := folders.fault():
        report_usage(fault)
        return False
    content = folders.read(shared)
    shared.forget_unused()
    if not report_problems(content):
        return False
    try:
        tell_new_key(content.say)
        made = pipeline.build(content, ROOT, content.cycles, audience=revision)
    except Failure as err:
        report_failure(err, content.say)
        return False
    company = content.catalog.company
    lobby.viewers = viewers(company.access, content.cycles.values()) if company.access else ()
    echo(content.say("cli.done.rebuilt", handbook=made.handbook_pages, cards=made.card_pages))
    return True
