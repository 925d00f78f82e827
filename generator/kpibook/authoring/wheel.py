"""This program as a wheel, made of its installed files: a new company's repository needs no index that has it."""

import base64
import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath

PACKAGE = Path(__file__).parents[1]
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The day of every file, so that the same program makes the same bytes."""
ABOUT = "Wheel-Version: 1.0\nGenerator: kpibook\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel_name(version: str) -> str:
    """What a wheel of that version is called."""
    return f"kpibook-{version}-py3-none-any.whl"


def make_wheel() -> bytes:
    """The wheel of the program that is running."""
    files = dict(_files())
    record = f"{next(path for path in files if path.endswith('/WHEEL')).removesuffix('WHEEL')}RECORD"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in (*files.items(), (record, _record(files, record))):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    """The package first, then what an installer wants to know of it."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}", path.read_bytes()
    installed = distribution("kpibook")
    folder = f"kpibook-{installed.version}.dist-info"
    for name in ("METADATA", "entry_points.txt"):
        yield f"{folder}/{name}", (installed.read_text(name) or "").encode("utf-8")
    for file in installed.files or ():
        if "licenses" in file.parts:
            below = PurePosixPath(*file.parts[file.parts.index("licenses") :])
            yield f"{folder}/{below}", Path(file.locate()).read_bytes()
    yield f"{folder}/WHEEL", ABOUT.encode("utf-8")


def _record(files: dict[str, bytes], own: str) -> bytes:
    """The list of all files with their hashes; of its own it says nothing."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode("ascii")
        rows.writerow((path, f"sha256={digest}", len(content)))
    rows.writerow((own, "", ""))
    return table.getvalue().encode("utf-8")
