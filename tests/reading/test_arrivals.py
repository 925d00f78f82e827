"""The days on which numbers came in, as the log of imports keeps them."""

import datetime
from pathlib import Path

from kpibook.reading.cycle.arrivals import Arrival, ArrivalLog, read_arrivals

HEAD = "on,file,sha256,action,table,subject,key,before,after,place\n"


def log_of(folder: Path, text: str) -> ArrivalLog:
    path = folder / "import-log.csv"
    path.write_text(text, encoding="utf-8")
    return read_arrivals(path)


def test_a_log_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert read_arrivals(tmp_path / "import-log.csv") == ArrivalLog()


def test_a_log_of_before_arrivals_were_kept_tells_nothing(tmp_path: Path) -> None:
    replaced = "2026-11-06,a.csv,ab,replaced,actuals,E01,sales,5 (初报),6,2:4\n"

    assert log_of(tmp_path, HEAD + replaced) == ArrivalLog()
    assert log_of(tmp_path, "x\n") == ArrivalLog()


def test_arrivals_stand_between_what_was_replaced(tmp_path: Path) -> None:
    found = log_of(
        tmp_path,
        "\ufeff" + HEAD + "2026-11-04,a.csv,ab,received,actuals,shop,sales,,12,\n"
        '2026-11-06,a.csv,ab,replaced,actuals,E01,sales,"5\n初报",6,2:4\n'
        "2026-11-07,b.csv,cd,received,actuals,,visitors,,1,\n",
    )

    assert found == ArrivalLog(
        (
            Arrival(datetime.date(2026, 11, 4), "shop", "sales", 12),
            Arrival(datetime.date(2026, 11, 7), "", "visitors", 1),
        )
    )


def test_rows_that_were_changed_by_hand_are_counted(tmp_path: Path) -> None:
    found = log_of(
        tmp_path,
        HEAD + "2026/11/4,a.csv,ab,received,actuals,shop,sales,,12,\n"
        "2026-11-04,a.csv,ab,received,actuals,shop,sales,,many,\n2026-11-04,a.csv,ab,received\n",
    )

    assert found == ArrivalLog((), 3)
