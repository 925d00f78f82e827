"""Cycles whose revisions are gone altogether, as git remembers them: what was sealed once is never sealed anew."""

from collections.abc import Collection, Mapping
from pathlib import Path

from kpibook.base.git import GitFault, git
from kpibook.base.periods import Period
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.sealing.seals import SEAL


def lost_seals(scorecards: Path, periods: Collection[Period]) -> Mapping[Period, str]:
    """Of these cycles those that had a seal, each with the newest commit that holds it; none without git."""
    if not periods:
        return {}
    paths = [f"{period}/{REVISIONS}" for period in periods]
    asked = ("log", "--diff-filter=AM", "--name-only", "--relative", "--format=%x01%h", "--", *paths)
    try:
        log = git(scorecards, *asked).decode("utf-8", "replace")
    except GitFault:
        return {}
    found: dict[str, str] = {}
    for part in log.split("\x01"):
        commit, *files = part.split("\n")
        for file in files:
            if file.endswith(f"/{SEAL}"):
                found.setdefault(file.split("/")[0], commit)
    return {period: found[str(period)] for period in periods if str(period) in found}
