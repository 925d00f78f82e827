"""Values that the program keeps for itself: nothing is taken that anybody else wrote, or the disk spoilt."""

import stat
from pathlib import Path

from kpibook.base.signed_cache import SignedCache


def test_what_was_kept_comes_back_for_just_what_it_was_made_from(tmp_path: Path) -> None:
    guard, file = SignedCache(b"a secret"), tmp_path / "below/kept.state"
    guard.write(file, b"made from this", b"data")

    assert guard.read(file, b"made from this") == b"data"
    assert guard.read(file, b"made from that") is None
    assert guard.read(tmp_path / "none.state", b"made from this") is None


def test_another_secret_or_another_byte_is_not_believed(tmp_path: Path) -> None:
    guard, file = SignedCache(b"a secret"), tmp_path / "kept.state"
    guard.write(file, b"made from this", b"data")
    written = file.read_bytes()

    assert SignedCache(b"another").read(file, b"made from this") is None
    for at in range(len(written)):
        file.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
        assert guard.read(file, b"made from this") is None, at
    for text in (b"", written[:31], written[:-1], written + b" "):
        file.write_bytes(text)
        assert guard.read(file, b"made from this") is None


def test_it_is_open_to_nobody_else_and_a_folder_in_its_place_is_no_fault(tmp_path: Path) -> None:
    guard, file = SignedCache(b"a secret"), tmp_path / "kept.state"
    guard.write(file, b"", b"data")
    assert not stat.S_IMODE(file.stat().st_mode) & 0o007

    (tmp_path / "folder.state").mkdir()
    guard.write(tmp_path / "folder.state", b"", b"data")

    assert guard.read(tmp_path / "folder.state", b"") is None
