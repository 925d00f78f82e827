"""A new company's repository: a small catalog with the scorecards of a month, settings, and the files of a CI."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kpibook.authoring.skeletons import CannotMake, value_of
from kpibook.authoring.wheel import wheel_name
from kpibook.base.period_names import period_title
from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.base.working_days import WorkingDays, usual_days

TEMPLATES = Path(__file__).parents[1] / "templates" / "authoring" / "company"
DOT = "dot_"
"""Stands for the dot of a file's name, which tools would heed in the template already."""

WHEELS = "wheels"
"""Where a company's repository keeps the program."""

ALLOWED = {".git"}
"""What may lie in a folder that counts as empty."""

_DUE = ("COLLECT_BY", "REVIEW_BY", "CONFIRM_BY")


class NewCompany(NamedTuple):
    """What is known of a new company."""

    name: str
    month: Period
    version: str
    """The version of kpibook that it uses."""
    wheel: bytes = b""
    """That version as a wheel; without it somebody else has to put it into the folder `wheels/`."""


def create_company(folder: Path, company: NewCompany, say: Words) -> tuple[Path, ...]:
    """Write the files of a new repository into an empty folder; returns their paths below it.

    Raises:
        CannotMake: something lies in the folder.
    """
    if folder.exists() and (not folder.is_dir() or {path.name for path in folder.iterdir()} - ALLOWED):
        raise CannotMake("not_empty", folder=folder.as_posix())
    made = dict(_files(company, say))
    for path, content in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return tuple(made)


def _files(company: NewCompany, say: Words) -> Iterator[tuple[Path, bytes]]:
    """Each file below the new folder with what it holds."""
    if company.wheel:
        yield Path(WHEELS, wheel_name(company.version)), company.wheel
    marks = _marks(company, say)
    for part in (TEMPLATES / "common", TEMPLATES / say.language):
        for source in sorted(path for path in part.rglob("*") if path.is_file()):
            text = source.read_bytes().decode("utf-8")
            yield Path(_filled(template_path(source, part), marks)), _filled(text, marks).encode("utf-8")


def template_path(source: Path, part: Path) -> str:
    """Where the file of a template stands in a repository."""
    names = source.relative_to(part).parts
    return "/".join(f".{name.removeprefix(DOT)}" if name.startswith(DOT) else name for name in names)


def _marks(company: NewCompany, say: Words) -> Mapping[str, str]:
    """What stands in the templates for the company's own; a name between quotes where YAML needs them."""
    month = company.month
    return {
        "name: @NAME@": f"name:{value_of(company.name)}",
        "name: @CYCLE@": f"name:{value_of(period_title(month, say))}",
        "@NAME@": company.name,
        "@MONTH@": str(month),
        "@NEXT@": str(month.next),
        "@WHEEL@": wheel_name(company.version),
        **{f"@{mark}@": str(day) for mark, day in zip(_DUE, usual_days(month, WorkingDays()), strict=True)},
    }


def _filled(text: str, marks: Mapping[str, str]) -> str:
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text
