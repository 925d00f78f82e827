"""A tiny company whose files about people hold marked values in every field: wherever one turns up, it was let out."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from companies import a_company

EACH = 5
"""So many rows have a marked value in each field."""
CYCLE = "scorecards/2026-10"

FIELDS: Mapping[str, Mapping[str, str]] = {
    "people.csv": {
        **{
            "person": "E9",
            "name": "某人",
            "role": "barista",
            "department": "shop",
            "manager": "E01",
            "from": "",
            "to": "",
        },
        **{"base_salary": "5000", "login": "", "share": "", "exempt": "", "language": "", "mail": ""},
    },
    "ratings.csv": {
        **{"person": "E02", "indicator": "attitude", "relation": "manager", "rater": "E01", "score": "40"},
        "comment": "",
    },
    "adjustments.csv": {"person": "E02", "points": "1", "reason": "顶班", "approved_by": "E01", "on": "2026-10-09"},
    "targets.csv": {
        **{"subject": "E03", "indicator": "sales_volume", "target": "15000", "reason": "新员工", "approved_by": "E01"},
        **{"original": "", "on": "2026-10-01"},
    },
    "calibration.csv": {
        **{"person": "E02", "total": "80", "grade": "", "reason": "复核", "by": "E01", "on": "2026-11-02"},
    },
    "actuals/noted.csv": {"subject": "E02", "measure": "sales_volume", "actual": "9", "note": ""},
    "confirmations.csv": {
        **{
            "person": "E02",
            "result": "00000000",
            "answer": "confirmed",
            "on": "2026-11-05",
            "by": "E02",
            "comment": "",
        },
    },
    "interviews.csv": {
        **{"person": "E02", "result": "00000000", "on": "2026-11-05", "by": "E01", "summary": "谈过", "cause": "own"},
        "opinion": "",
    },
    "plans.csv": {
        **{"plan": "P1", "person": "E02", "indicator": "attitude", "gap": "5", "action": "学", "support": "带"},
        **{"owner": "E01", "due": "2026-12-01", "checked_on": "", "state": "open", "outcome": ""},
    },
    "appeals.csv": {
        **{"appeal": "A1", "person": "E02", "result": "00000000", "indicator": "", "category": "fact", "claim": "少算"},
        **{"evidence": "", "filed_on": "2026-11-05", "step": "filed", "on": "2026-11-05", "by": "E02", "outcome": ""},
        "reason": "",
    },
    "agreements.csv": {"person": "E02", "on": "2026-10-01", "by": "E02", "catalog": "00000000"},
    "leave.csv": {"person": "E02", "kind": "产假", "from": "2026-10-05", "to": "2026-10-06", "note": ""},
}
"""A file below a cycle, its columns, and a sound value of each."""


def marks(file: str, column: str) -> Iterator[str]:
    """The marked values of a field: text, one with signs of markup, digits, a decimal number, and a long one."""
    stem = f"{file.partition('.')[0].replace('/', '')}{column}".replace("_", "")
    place = [*FIELDS].index(file) * 100 + [*FIELDS[file]].index(column)
    yield f"金丝雀{stem}"
    yield f"CANARY|{stem}<b>"
    yield f"77{place:04d}913"
    yield f"78{place:04d}.35"
    yield f"CANARY {stem} " + "x" * 60


def all_marks() -> Mapping[str, str]:
    """Every marked value, by what nobody else writes in it, with its field."""
    return {
        _core(mark): f"{file} {column}" for file in FIELDS for column in FIELDS[file] for mark in marks(file, column)
    }


def _core(mark: str) -> str:
    """The part that no quoting changes."""
    return mark.partition("<b>")[0].partition("|")[2] or mark.partition(" xx")[0]


def let_out(text: str) -> set[str]:
    """The fields of which a marked value stands in a text, with thousands divided or not."""
    plain = text.replace(",", "")
    return {field for mark, field in all_marks().items() if mark in plain}


def marked_company(folder: Path) -> Path:
    """The tiny company with a marked value in every field of every file about people: most of the rows are faulty."""
    root = a_company(folder)
    plant(root)
    return root


def plant(root: Path) -> None:
    """Add the marked rows to the files of the tiny company."""
    for file, fields in FIELDS.items():
        path = root / CYCLE / file
        rows = [{**fields, column: mark} for column in fields for mark in marks(file, column)]
        _write(path, fields, rows)


def _write(path: Path, columns: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> None:
    """Put the rows below those that stand there."""
    known: list[dict[str, str]] = []
    if path.is_file():
        known = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(columns), restval="", extrasaction="ignore")
        table.writeheader()
        table.writerows([*known, *rows])
