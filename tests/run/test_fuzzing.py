"""Spoilt files of every kind are read or refused; the same ones each time, and many more in `make bench`."""

from pathlib import Path

from fuzzing import all_readers, attempts, sound_workbook


def test_no_spoilt_file_ends_in_an_exception(tmp_path: Path) -> None:
    assert not attempts(all_readers(tmp_path, sound_workbook()), 1500, seed=900)
