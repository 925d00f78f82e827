"""Whole pages that are kept, to see what a change of the generator moves."""

import shutil
from collections.abc import Mapping
from pathlib import Path


class Golden:
    """Whole pages kept below tests/golden, which a change of the generator moves in plain sight."""

    def __init__(self, folder: Path, *, is_updated: bool) -> None:
        self.folder = folder
        self.is_updated = is_updated

    def check(self, folder: str, pages: Mapping[str, str]) -> None:
        """The folder holds exactly these pages."""
        kept = self.folder / folder
        if self.is_updated:
            shutil.rmtree(kept, ignore_errors=True)
            for path, page in pages.items():
                (kept / path).parent.mkdir(parents=True, exist_ok=True)
                (kept / path).write_text(page, encoding="utf-8", newline="\n")
        found = {path.relative_to(kept).as_posix(): path for path in kept.rglob("*") if path.is_file()}
        assert sorted(found) == sorted(pages)
        for path, page in pages.items():
            assert page == found[path].read_text(encoding="utf-8"), (
                f"{path} changed: pytest --update-golden, then git diff"
            )
