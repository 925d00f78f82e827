"""Mails and messages of a group, searched for marked values: each field about people has five of them."""

import csv
import re

from bots import StandIn
from canaries import CYCLE, let_out, plant
from lives import Life
from posts import PostOffice

DAYS = ("2026-11-20", "2026-12-05", "2027-02-01")
"""The window to answer is over; the plans are due; and nothing more is."""
NO_NUMBER = "00000000"
MANAGER, HR = "p0@example.com", "p1@example.com"


def prepare(life: Life, office: PostOffice) -> None:
    """The tiny company with marked values, a group, and an id and an address for each whose other field is marked."""
    plant(life.root)
    life.change_company(
        "name: ",
        "access: {hr: [e02]}\n"
        f"notices:\n  server: 127.0.0.1\n  port: {office.port}\n  security: none\n  sender: hr@example.com\n"
        "  groups:\n    - {name: 全员群, bot: KPIBOOK_BOT_ALL}\n"
        "name: ",
    )
    people = life.root / CYCLE / "people.csv"
    with people.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with people.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        for at, row in enumerate(rows):
            own = {"person": row["person"].replace("E9", f"M{at}"), "mail": row["mail"] or f"p{at}@example.com"}
            table.writerow({**row, **own})


def bind_records(life: Life) -> None:
    """Let records be about the results that were published, and of the person whose they are."""
    seal = life.read("2026-10/revisions/1/seal.json")
    found = re.search(r'"E02": "(\w+)"', seal)
    assert found
    for name in ("confirmations", "interviews", "appeals"):
        path = life.path(f"2026-10/{name}.csv")
        path.write_text(path.read_text("utf-8").replace(NO_NUMBER, found[1]), encoding="utf-8")


def letters(office: PostOffice) -> dict[str, str]:
    """All that anybody got by mail: what the encoding hides, and every header."""
    found: dict[str, str] = {}
    for mail in office.mails:
        found.setdefault(mail["To"], "")
        found[mail["To"]] += f"{mail.items()}\n{mail.get_content()}\n"
    return found


def test_no_notice_lets_out_what_a_file_about_people_says(life: Life, bot: StandIn, office: PostOffice) -> None:
    prepare(life, office)

    life.run("notify", "2026-10", "--on", "2026-11-04", "--send", code=None)
    life.run("publish", "2026-10", "--by", "HR", "--on", "2026-11-11", "--anyway", "--reason", "marked", code=None)
    life.run("notify", "2026-10", "--on", "2026-11-11", "--send", code=None)
    bind_records(life)
    for day in DAYS:
        life.run("notify", "2026-10", "--on", day, "--send", code=None)

    found = letters(office)
    assert len(bot.texts) == 5
    assert not let_out("\n".join(bot.texts))
    assert not re.search(r"E\d|林晓|周然|何小青|某人", "\n".join(bot.texts))
    # Who rates is told whom; HR is told which appeals wait. Nobody else reads anything but what is to be done.
    assert {to: let_out(text) for to, text in found.items() if let_out(text)} == {
        MANAGER: {"people.csv person", "people.csv name"},
        HR: {"appeals.csv appeal"},
    }
    others = [text for to, text in found.items() if to not in (MANAGER, HR)]
    assert len(others) > 20
    assert not [text for text in others if re.search(r"E0\d|林晓|周然|何小青|某人", text)]
