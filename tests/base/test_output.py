"""Writing what changed, and switching whole folders."""

import errno
import json
import os
import signal
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from alone import run_alone
from kpibook.base import atomic_folders, folder_swap
from kpibook.base.atomic_folders import finish_publication, replacing
from kpibook.base.output import PRIVATE, PUBLIC, Modes, OutputError, TreeChanges, open_tree, write_tree


def files(folder: Path) -> dict[str, bytes]:
    """Everything below a folder by its path; empty folders end in a slash."""
    return {
        path.relative_to(folder).as_posix() + ("/" if path.is_dir() else ""): b""
        if path.is_dir()
        else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


def test_pages_are_written_with_their_folders(tmp_path: Path) -> None:
    written = write_tree([("index.md", "首页\n"), ("a/b/c.bin", b"\x00\xff")], tmp_path / "build" / "pages")

    assert files(tmp_path / "build" / "pages") == {"index.md": "首页\n".encode(), "a/b/c.bin": b"\x00\xff"}
    assert written == TreeChanges(pages=2, changed=2, removed=0)


def test_only_changed_bytes_are_written(tmp_path: Path) -> None:
    write_tree([("a.md", "same"), ("b.md", "old")], tmp_path)
    os.utime(tmp_path / "a.md", (1, 1))

    written = write_tree([("a.md", "same"), ("b.md", "new")], tmp_path)

    assert written == TreeChanges(pages=2, changed=1, removed=0)
    assert (tmp_path / "a.md").stat().st_mtime == 1
    assert (tmp_path / "b.md").read_text(encoding="utf-8") == "new"


def test_what_is_no_longer_made_is_removed_with_its_folder(tmp_path: Path) -> None:
    write_tree([("a.md", ""), ("old/deep/b.md", ""), ("old/c.md", "")], tmp_path)

    written = write_tree([("a.md", "")], tmp_path)

    assert files(tmp_path) == {"a.md": b""}
    assert written == TreeChanges(pages=1, changed=0, removed=2)


def test_a_folder_becomes_a_page_and_a_page_a_folder(tmp_path: Path) -> None:
    write_tree([("a", "page"), ("b/c", "page")], tmp_path)

    write_tree([("a/d", "page"), ("b", "page")], tmp_path)

    assert files(tmp_path) == {"a/d": b"page", "b": b"page"}


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "/etc/x", "", ".", "a//b", "a/./b", "a\\b", "C:x", "a\0b", "a/"],
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not a path below a folder"):
        write_tree([(path, "x")], tmp_path / "pages")

    assert files(tmp_path) == {"pages/": b""}


def test_a_name_of_an_unfinished_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"kept for unfinished files: 'a\.kpibook-new'"):
        write_tree([("a.kpibook-new", "x")], tmp_path)


def test_two_pages_with_one_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"two pages have the path a\.md"):
        write_tree([("a.md", "one"), ("a.md", "two")], tmp_path)


def test_links_are_replaced_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_tree([("kept.md", "mine")], outside)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "folder").symlink_to(outside, target_is_directory=True)
    (pages / "page.md").symlink_to(outside / "kept.md")
    (pages / "gone").symlink_to(outside, target_is_directory=True)

    write_tree([("folder/kept.md", "ours"), ("page.md", "mine")], pages)

    assert files(outside) == {"kept.md": b"mine"}
    assert files(pages) == {"folder/kept.md": b"ours", "page.md": b"mine"}
    assert not any(path.is_symlink() for path in pages.rglob("*"))


@pytest.mark.parametrize(
    ("umask", "modes", "file", "folder"),
    [
        (0o022, PUBLIC, 0o644, 0o755),
        (0o077, PUBLIC, 0o600, 0o700),
        (0o000, PUBLIC, 0o644, 0o755),
        (0o000, PRIVATE, 0o640, 0o750),
        (0o022, PRIVATE, 0o640, 0o750),
        (0o077, PRIVATE, 0o600, 0o700),
    ],
)
def test_modes_follow_the_umask_and_are_never_wider_than_asked(
    tmp_path: Path, umask: int, modes: Modes, file: int, folder: int
) -> None:
    before = os.umask(umask)
    try:
        write_tree([("a/b.md", "x")], tmp_path / "pages", modes)
    finally:
        os.umask(before)

    found = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "pages", *(tmp_path / "pages").rglob("*"))}
    assert found == {"pages": folder, "a": folder, "b.md": file}


def test_what_was_open_to_everybody_is_closed(tmp_path: Path) -> None:
    write_tree([("a.md", "x")], tmp_path / "pages")

    write_tree([("a.md", "x")], tmp_path / "pages", PRIVATE)

    assert not [path for path in (tmp_path / "pages", tmp_path / "pages" / "a.md") if path.stat().st_mode & 0o007]


def test_what_is_linked_elsewhere_is_never_opened_for_writing(tmp_path: Path) -> None:
    write_tree([("a.md", "old")], tmp_path / "pages")
    (tmp_path / "link.md").hardlink_to(tmp_path / "pages" / "a.md")

    write_tree([("a.md", "new")], tmp_path / "pages")

    assert (tmp_path / "link.md").read_text(encoding="utf-8") == "old"


def test_unfinished_files_of_a_killed_run_go(tmp_path: Path) -> None:
    (tmp_path / "a.md.kpibook-new").write_text("half", encoding="utf-8")

    written = write_tree([("a.md", "whole")], tmp_path)

    assert files(tmp_path) == {"a.md": b"whole"}
    assert written.removed == 0


def test_a_refusal_of_the_disk_is_a_problem_at_the_page(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way", encoding="utf-8")

    with pytest.raises(OutputError) as caught:
        write_tree([("a.md", "x")], tmp_path / "pages")

    assert str(caught.value) == (
        "pages: error: cannot write: File exists [cannot-write]\n"
        "    hint: check the disk's space and the folder's permissions; the published sites are unchanged"
    )


def test_pages_are_taken_one_at_a_time(tmp_path: Path) -> None:
    seen: list[bool] = []

    def pages() -> Iterator[tuple[str, str]]:
        yield "a.md", "x"
        seen.append((tmp_path / "a.md").exists())
        yield "b.md", "x"

    write_tree(pages(), tmp_path)

    assert seen == [True]


def test_new_folders_take_the_place_of_the_live_ones(tmp_path: Path) -> None:
    write_tree([("old.html", "old")], tmp_path / "site")

    with replacing(tmp_path / "site", tmp_path / "site-cards") as (site, cards):
        write_tree([("new.html", "new")], site)
        write_tree([("card.html", "card")], cards)

    assert files(tmp_path) == {"site/new.html": b"new", "site-cards/card.html": b"card"}


def test_a_failure_leaves_the_live_folders_untouched(tmp_path: Path) -> None:
    write_tree([("old.html", "old")], tmp_path / "site")

    def pages() -> Iterator[tuple[str, str]]:
        yield "new.html", "new"
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"), replacing(tmp_path / "site") as (site,):
        write_tree(pages(), site)

    assert files(tmp_path) == {"site/old.html": b"old"}


def test_two_renames_do_where_names_cannot_be_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "other")
    write_tree([("old.html", "old")], tmp_path / "site")

    with replacing(tmp_path / "site") as (site,):
        write_tree([("new.html", "new")], site)

    assert files(tmp_path) == {"site/new.html": b"new"}


def test_a_folder_moved_aside_by_a_killed_run_comes_back(tmp_path: Path) -> None:
    write_tree([("old.html", "old")], tmp_path / ".site.kpibook-old")
    write_tree([("half.html", "half")], tmp_path / ".site.kpibook-new")

    with pytest.raises(ValueError, match="not a path"), replacing(tmp_path / "site") as (site,):
        write_tree([("..", "")], site)

    assert files(tmp_path) == {"site/old.html": b"old"}


def test_a_second_run_is_refused_and_told_the_owner(tmp_path: Path) -> None:
    with replacing(tmp_path / "site"), pytest.raises(OutputError) as caught, replacing(tmp_path / "site"):
        raise AssertionError("never reached")

    assert str(caught.value) == (
        f".site.lock: error: another build is running (process {os.getpid()}) [build-running]\n"
        "    hint: wait until it is done; if it is gone already, just run again"
    )


FAULTY = textwrap.dedent(
    """
    import json, os, signal, sys
    from pathlib import Path
    from kpibook.base.output import write_tree
    from kpibook.base.atomic_folders import replacing
    from filelock import lock_descriptor  # what it reads to be imported is no call of the publication

    def publish(root, last):
        calls = 0
        def count(event, arguments):
            nonlocal calls
            if event in events:
                calls += 1
                if calls == last:
                    fault()
        sys.addaudithook(count)
        with replacing(root / "site", root / "site-cards") as (site, cards):
            for folder in (site, cards):
                write_tree([(name, "new") for name in ("a.html", "b/c.html", "d.html")], folder)

    def killed():
        os.kill(os.getpid(), signal.SIGKILL)

    def full():
        raise OSError(28, "full")

    root, fault, events = Path(sys.argv[1]), globals()[sys.argv[2]], sys.argv[3:]
    codes = []
    for step in range(1, 1 + len(list(root.iterdir()))):
        if not (child := os.fork()):
            code = 1
            try:
                publish(root / str(step), step)
                code = 0
            except Exception as err:
                (root / str(step) / "told.txt").write_text(str(err), encoding="utf-8")
            os._exit(code)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    print(json.dumps(codes))
    """
)
"""Publishes in each folder, by a process of its own that meets its fault at the call the folder is numbered by."""
STEPS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree")


def tried(root: Path, count: int, names: Sequence[str], old: Mapping[str, str], *fault: str) -> list[tuple[Path, int]]:
    """So many folders with what was published before, and how the process ended that published in each anew."""
    roots = [root / str(step) for step in range(1, count + 1)]
    for each in roots:
        for name in names:
            write_tree(old.items(), each / name)
    codes: list[int] = json.loads(run_alone(FAULTY, root, *fault))
    return list(zip(roots, codes, strict=True))


def test_killed_at_any_step_the_live_folder_is_old_or_new_and_the_next_run_cleans_up(tmp_path: Path) -> None:
    old = {"a.html": b"old", "b/c.html": b"old", "x.html": b"old"}
    new = dict.fromkeys(("a.html", "b/c.html", "d.html"), b"new")
    seen, names = set(), ("site", "site-cards")
    ended = tried(tmp_path, 80, names, dict.fromkeys(old, "old"), "killed", *STEPS)

    for root, _ in ended:
        live = [files(root / name) for name in names]
        assert all(found in (old, new) for found in live)
        finish_publication(root / "site")
        live = [files(root / name) for name in names]
        assert live in ([old, old], [new, new])
        seen.add(tuple(found == new for found in live))
        with replacing(root / "site", root / "site-cards") as folders:
            for folder in folders:
                write_tree([("last.html", "")], folder)
        assert files(root) == {"site/last.html": b"", "site-cards/last.html": b""}

    codes = [code for _, code in ended]
    last = codes.index(0)
    assert codes == [-signal.SIGKILL] * last + [0] * (len(codes) - last)
    assert {(False, False), (True, True)} <= seen


@pytest.mark.parametrize("name", ["open", "os.rename", "os.mkdir"])
def test_a_failing_system_call_leaves_the_live_folder_whole(tmp_path: Path, name: str) -> None:
    failures = 0
    for root, code in tried(tmp_path, 14, ["site"], {"a.html": "old"}, "full", name):
        assert files(root / "site") in ({"a.html": b"old"}, dict.fromkeys(("a.html", "b/c.html", "d.html"), b"new"))
        if code:
            failures += 1
            told = (root / "told.txt").read_text(encoding="utf-8")
            assert "cannot write: No space left on device [cannot-write]" in told
    assert failures > 1


def test_both_folders_are_exchanged_before_anything_old_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = [tmp_path / "site", tmp_path / "site-cards", tmp_path / "site-viewers"]
    for folder in live[:2]:
        write_tree([("a.html", "old")], folder)
    exchange = folder_swap.exchange

    def failing(new: Path, old: Path) -> None:
        if old == live[2]:
            raise OSError(errno.ENOSPC, "full")
        exchange(new, old)

    monkeypatch.setattr(atomic_folders, "exchange", failing)
    with pytest.raises(OutputError), replacing(*live) as (site, *_):
        write_tree([("a.html", "new")], site)

    assert files(tmp_path) == {"site/a.html": b"old", "site-cards/a.html": b"old"}


def test_a_live_folder_that_is_a_link_is_published_through(tmp_path: Path) -> None:
    write_tree([("a.html", "old")], tmp_path / "elsewhere" / "web")
    (tmp_path / "site").symlink_to(tmp_path / "elsewhere" / "web")

    with replacing(tmp_path / "site") as (site,):
        write_tree([("a.html", "new")], site)

    assert (tmp_path / "site").is_symlink()
    assert files(tmp_path / "elsewhere") == {"web/a.html": b"new"}


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EBUSY])
def test_a_folder_that_cannot_be_renamed_has_its_files_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    write_tree([("a.html", "old"), ("gone/b.html", "old")], tmp_path / "site")
    monkeypatch.setattr(folder_swap, "_exchange", lambda one, other: False)
    rename = Path.rename

    def fixed(self: Path, target: Path) -> Path:
        if self == tmp_path / "site":
            raise OSError(number, "fixed")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fixed)
    with replacing(tmp_path / "site") as (site,):
        write_tree([("a.html", "new"), ("c/d.html", "new")], site)

    assert files(tmp_path) == {"site/a.html": b"new", "site/c/d.html": b"new"}


def test_private_folders_are_closed_from_their_first_moment(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with replacing(tmp_path / "site", tmp_path / "cards", private=[tmp_path / "cards"]) as (site, cards):
            modes = [folder.stat().st_mode & 0o777 for folder in (site, cards)]
    finally:
        os.umask(before)

    assert modes == [0o755, 0o750]


def test_a_disk_that_cannot_exchange_names_is_told_from_one_that_fails(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()

    with pytest.raises(FileNotFoundError):
        folder_swap._exchange(tmp_path / "one", tmp_path / "missing")


def test_a_page_of_a_staged_folder_takes_the_place_of_a_leftover_and_is_never_written_into_it(tmp_path: Path) -> None:
    live, staged = tmp_path / "live.html", tmp_path / "staged"
    live.write_text("live", encoding="utf-8")
    staged.mkdir()
    os.link(live, staged / "a.html")

    with open_tree(staged, is_staged=True) as tree:
        tree.write([("a.html", "new"), ("b/c.html", "c")])

    assert live.read_text(encoding="utf-8") == "live"
    assert [(staged / name).read_text(encoding="utf-8") for name in ("a.html", "b/c.html")] == ["new", "c"]
    assert sorted(path.name for path in staged.rglob("*.html")) == ["a.html", "c.html"]
