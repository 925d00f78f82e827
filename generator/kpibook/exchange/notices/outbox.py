"""notices.csv: each notice before it goes out and after, so that none goes out twice, whatever happens between."""

import csv
import datetime
import io
from pathlib import Path

from kpibook.base.transactions import DISK, Disk
from kpibook.exchange.notices.notice import Delivery, Fate, Notice
from kpibook.model import NoticeEvent
from kpibook.reading.tables import guarded, unguarded

OUTBOX = "notices.csv"
COLUMNS = ("on", "event", "channel", "to", "result", "about", "state", "detail")
KEY = slice(1, 6)


class OutboxFault(Exception):
    """A row cannot be read, so nobody knows what was sent; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class Outbox:
    """What was sent of a cycle.

    A row `sending` is on the disk before a notice leaves, and a second row after it. After a crash between them the
    notice counts as sent: it errs on the side of silence, for a message in a group cannot be taken back, and what is
    in doubt is told and can be sent again on purpose.
    """

    def __init__(self, file: Path, disk: Disk = DISK) -> None:
        self._file = file
        self._disk = disk
        self._fates: dict[tuple[str, ...], Fate] = {}
        data = file.read_bytes() if file.exists() else b""
        self._size = 0
        self._gap = b""
        """What is to stand between what is there and the next row."""
        self._read(data)

    def fate(self, notice: Notice) -> Fate | None:
        """What became of a notice; None where it was never about to go out."""
        return self._fates.get(_texts(notice))

    def include(self, other: "Outbox", event: NoticeEvent) -> None:
        """Count the notices of an event in another cycle's outbox as noted here, too."""
        for key, fate in other._fates.items():
            if key[0] == str(event):
                self._fates.setdefault(key, fate)

    def note(self, notice: Notice, delivery: Delivery, on: datetime.date) -> None:
        """Write down what becomes of a notice, down to the disk."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        if not self._size:
            writer.writerow(COLUMNS)
        event, channel, to, result, about = _texts(notice)
        detail = " ".join(delivery.detail.split())
        cells = (on.isoformat(), event, channel, to, result, about, delivery.fate, detail)
        writer.writerow([guarded(cell) for cell in cells])
        data = self._gap + stream.getvalue().encode("utf-8")
        self._gap = b""
        self._disk.append(self._file, self._size, data)
        self._size += len(data)
        self._fates[_texts(notice)] = delivery.fate

    def _read(self, data: bytes) -> None:
        """Take the rows in; the last one counts of each notice.

        Raises:
            OutboxFault: one is not as it was written. A last line without an end that is no whole row was cut by a
                crash before its notice went out: it is left out, and written over.
        """
        whole = data[: data.rfind(b"\n") + 1]
        rows = csv.reader(io.StringIO(whole.decode("utf-8-sig", errors="replace"), newline=""), strict=True)
        try:
            for row in rows:
                if rows.line_num > 1:
                    self._take_row(row)
                elif tuple(row) != COLUMNS:
                    raise OutboxFault(1)
        except (ValueError, csv.Error) as err:
            raise OutboxFault(rows.line_num) from err
        self._size = len(whole)
        rest = data[len(whole) :]
        if rest and whole:
            try:
                self._take_row(next(csv.reader([rest.decode("utf-8")], strict=True)))
            except (ValueError, csv.Error):
                return
            self._size, self._gap = len(data), b"\n"

    def _take_row(self, row: list[str]) -> None:
        """Take a row in.

        Raises:
            ValueError: it is none.
        """
        if len(row) != len(COLUMNS):
            raise ValueError(row)
        cells = [unguarded(cell) for cell in row]
        self._fates[tuple(cells[KEY])] = Fate(cells[-2])


def _texts(notice: Notice) -> tuple[str, ...]:
    event, channel, to, result, about = notice.key
    return str(event), str(channel), to, result, about
