"""What a workbook is made of, looked at before anything is unpacked."""

import io
import re
import zipfile
from collections.abc import Iterator

from kpibook.base.problems import Said
from kpibook.reading.tables.files import FileFault

MAX_MEMBERS = 2_000
MAX_UNPACKED = 50_000_000
MAX_RATIO = 100
SMALL = 100_000
"""A member that unpacks to less than this is harmless however well it was packed."""

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The format knows no others, and those unpack without a bound on a single step."""

_EXTRAS = {
    "xl/externalLinks/": "tables.part.links",
    "xl/connections.xml": "tables.part.connections",
    "xl/embeddings/": "tables.part.objects",
    "xl/comments": "tables.part.comments",
    "xl/threadedComments/": "tables.part.comments",
}


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The members of a workbook, when nothing about them is dangerous.

    Raises:
        FileFault: `workbook-other-kind`, `workbook-too-large` or `workbook-unsafe`.
        Exception: what `zipfile` and `zlib` raise over a damaged archive, one of LIBRARY_FAULTS.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileFault("workbook-other-kind", kind=Said(("tables.kind.old",)))
    archive = zipfile.ZipFile(io.BytesIO(data))
    _check_members(archive.infolist())
    if damaged := archive.testzip():
        raise zipfile.BadZipFile(f"CRC of {damaged!a}")
    return archive


def ignored_parts(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """What a workbook holds beside its cells; it is never read."""
    found = (kind for start, kind in _EXTRAS.items() if any(name.startswith(start) for name in archive.namelist()))
    return tuple(dict.fromkeys(found))


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(names) > MAX_MEMBERS:
        raise FileFault("workbook-too-large", what=Said(("tables.limit.files",)), limit=MAX_MEMBERS)
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise FileFault("workbook-too-large", what="MB", limit=MAX_UNPACKED // 1_000_000)
    for reason in _unsafe(members, names):
        raise FileFault("workbook-unsafe", reason=reason)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileFault("workbook-other-kind", kind="xlsm")
    if any(name.endswith("workbook.bin") for name in names):
        raise FileFault("workbook-other-kind", kind="xlsb")


def _unsafe(members: list[zipfile.ZipInfo], names: list[str]) -> Iterator[Said]:
    if len({name.casefold() for name in names}) < len(names):
        yield Said(("tables.unsafe.twice",))
    for member in members:
        if member.filename.startswith("/") or re.search(r"\\|:|(?:^|/)\.\.(?:/|$)|\0", member.orig_filename):
            yield Said(("tables.unsafe.member",), (("name", ascii(member.orig_filename)[:60]),))
        if member.flag_bits & 1:
            yield Said(("tables.unsafe.encrypted",))
        if member.compress_type not in _PACKINGS:
            yield Said(("tables.unsafe.packing",), (("method", member.compress_type),))
        if member.file_size > max(SMALL, member.compress_size * MAX_RATIO):
            yield Said(("tables.unsafe.ratio",), (("times", MAX_RATIO),))
