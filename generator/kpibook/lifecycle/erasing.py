"""Erase a person from the cycles whose keeping time is over: first the plan, then all of it at once.

Names, what was written about the person and the records around the results go; ids and figures stay, so that sums,
ranks and everybody else's results are what they were. An erasure beside the seals says which files differ since.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kpibook import __version__
from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Place, Problem
from kpibook.content import Content
from kpibook.lifecycle.erased_tables import ErasedKind, ErasedPerson, decoded_table, mentions, table_without
from kpibook.lifecycle.steps import CycleStep, log_entry, log_step
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.sealing.erasures import FORMAT, Erasure, erasure_path, hash_after_erasures, read_erasures
from kpibook.sealing.input_hashes import sealed_hash
from kpibook.sealing.log import LOG, log_row
from kpibook.sealing.revisions import Sealed, Signed
from kpibook.sealing.seals import SEAL, Seal

KEPT_FOLDERS = ("handbook", "payroll")
"""The catalog names nobody; what payroll was given is kept as long as the books are, by laws of its own."""


@dataclass(slots=True)
class CycleErasure:
    """What is taken out of one cycle."""

    period: Period
    counts: dict[ErasedKind, int] = field(default_factory=dict)
    writes: dict[str, bytes] = field(default_factory=dict)
    """By path below the cycle's folder."""
    hashes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of the sealed ones among them: the hash before, and since."""
    left: list[str] = field(default_factory=list)
    """Places where the name still stands, and workbooks, which this command does not change."""


def erase(content: Content, who: str, signed: Signed) -> CycleStep:
    """Everything that is taken out, and the lines that tell of it.

    Raises:
        Failure: nobody is kept for any time, the person is unknown, or no cycle's time is over.
    """
    years = content.catalog.company.keep_years
    place = Place(f"{content.catalog.folder}/company.yml")
    if years is None:
        raise Failure([Problem("erase-no-time", place, is_public=True)])
    person = _person(content, who)
    step, say = CycleStep(), content.say
    over, later = _by_time(content, person, signed.on, years)
    done = [found for period in over if (found := _of_cycle(content, period, person)).writes]
    if not done:
        values = {"person": person.id, "years": years, "cycles": ", ".join(map(str, later)) or "-"}
        raise Failure([Problem("erase-nothing", place, values)])
    for each in done:
        _add(content, each, person, signed, step)
        step.lines += _report_lines(each, content)
    for period in later:
        day = _over_from(period, years)
        step.lines.append(say("erasing.later", cycle=period, person=person.id, on=day))
    step.lines.append(say("erasing.git", name=person.names[0] if person.names else person.id, mark=person.mark))
    return step


def _person(content: Content, who: str) -> ErasedPerson:
    """Whom an id means, with every name that the id ever had."""
    rows = [row for cycle in content.cycles.values() for row in cycle.people if row.person.casefold() == who.casefold()]
    if not rows:
        raise Failure([Problem("erase-unknown", Place(content.scorecards.absolute().name), {"person": who})])
    mark = content.say("erasing.mark")
    names = {row.name.strip() for row in rows} - {"", mark}
    return ErasedPerson(rows[-1].person, tuple(sorted(names, key=len, reverse=True)), mark)


def _over_from(period: Period, years: int) -> datetime.date:
    """The first day on which a cycle need not be kept any more."""
    last = period.last_day
    try:
        return last.replace(year=last.year + years) + datetime.timedelta(days=1)
    except ValueError:
        return datetime.date(last.year + years, 3, 1)


def _by_time(
    content: Content, person: ErasedPerson, on: datetime.date, years: int
) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """The settled cycles of a person whose time is over, and the others that hold the person."""
    held = [
        period for period, cycle in content.cycles.items() if any(person.is_meant(row.person) for row in cycle.people)
    ]
    over = tuple(each for each in held if on >= _over_from(each, years) and content.cycles[each].status.is_settled)
    return over, tuple(each for each in held if each not in over)


def _of_cycle(content: Content, period: Period, person: ErasedPerson) -> CycleErasure:
    """What changes in a cycle's folder; nothing is written."""
    folder, found = content.scorecards / str(period), CycleErasure(period)
    sealed = content.seals.get(period)
    texts = dict[str, str]()
    for path, file in _files(folder):
        data = file.read_bytes()
        if file.suffix == ".xlsx":
            found.left.append(path)
            continue
        if file.name == SEAL:
            data = _seal_without(data, sealed, path, person, found)
        elif file.suffix == ".csv":
            erased = table_without(file.name, data, person)
            if erased.data != data:
                for kind, count in erased.counts.items():
                    found.counts[kind] = found.counts.get(kind, 0) + count
                found.writes[path] = erased.data
                found.hashes[path] = (sealed_hash(path, data), sealed_hash(path, erased.data))
            data = erased.data
        text = decoded_table(data)
        texts[path] = text[0] if text else ""
    found.left += mentions(texts, person.names)
    return found


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and not file.is_symlink() and path.parts[0] not in KEPT_FOLDERS:
            yield path.as_posix(), file


def _seal_without(data: bytes, sealed: Sealed | None, path: str, person: ErasedPerson, found: CycleErasure) -> bytes:
    """A seal that names the person, without the name; its hash changes, and the erasure says from what to what."""
    seal = (
        next((each for each in sealed.seals if path == f"{REVISIONS}/{each.revision}/{SEAL}"), None) if sealed else None
    )
    if seal is None:
        return data
    new = _without_names(seal, person)
    if new == seal:
        return data
    found.counts[ErasedKind.NAME] = found.counts.get(ErasedKind.NAME, 0) + 1
    found.hashes[path] = (seal.hash, new.hash)
    found.writes[path] = new.text().encode("utf-8")
    return found.writes[path]


def _without_names(seal: Seal, person: ErasedPerson) -> Seal:
    def clean(text: str) -> str:
        return person.mark if any(name in text for name in person.names) else text

    def signed(text: str) -> str:
        return person.id if person.is_named(text) else clean(text)

    return replace(
        seal,
        by=signed(seal.by),
        approved_by=signed(seal.approved_by),
        reason=clean(seal.reason),
        open=tuple(map(clean, seal.open)),
    )


def _add(content: Content, found: CycleErasure, person: ErasedPerson, signed: Signed, step: CycleStep) -> None:
    """The files, the erasure where the cycle is sealed, and a row of the log."""
    folder, period = content.scorecards / str(found.period), found.period
    step.changes.writes.update({f"{period}/{path}": data for path, data in found.writes.items()})
    sealed = content.seals.get(period)
    if sealed:
        earlier = read_erasures(folder)
        erasure = Erasure(
            format=FORMAT,
            cycle=str(period),
            number=len(earlier) + 1,
            on=signed.on.isoformat(),
            by=signed.by,
            reason=signed.reason,
            person=person.id,
            program="kpibook",
            version=__version__,
            files=_sealed_ones(found.hashes, sealed, earlier),
            before=earlier[-1].hash if earlier else "",
        )
        step.changes.writes[f"{period}/{erasure_path(erasure.number)}"] = erasure.text().encode("utf-8")
    if LOG in found.writes:
        # What is written anew has no end to add to yet.
        step.changes.writes[f"{period}/{LOG}"] += log_row(folder / LOG, log_entry(signed, "erase"))
    else:
        log_step(content, period, step, log_entry(signed, "erase"))


def _sealed_ones(
    hashes: Mapping[str, tuple[str, str]], sealed: Sealed, earlier: Sequence[Erasure]
) -> dict[str, tuple[str, str]]:
    """The files that a seal tells of, and the seals themselves."""
    known = {hash_after_erasures(path, digest, earlier) for seal in sealed.seals for path, digest in seal.files.items()}
    return {path: each for path, each in hashes.items() if path.endswith(SEAL) or each[0] in known}


def _report_lines(found: CycleErasure, content: Content) -> Iterator[str]:
    say = content.say
    what = say("erasing.comma").join(
        say(f"erasing.kinds.{kind}", count=found.counts[kind]) for kind in ErasedKind if found.counts.get(kind)
    )
    yield say("erasing.cycle", cycle=found.period, what=what, files=say("erasing.comma").join(found.writes))
    if found.left:
        yield say("erasing.left", cycle=found.period, places=say("erasing.comma").join(found.left))
