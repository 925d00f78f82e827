"""What is handed over to payroll: differences that always add up, records that cannot change, and its own table."""

import io
from fractions import Fraction

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kpibook.base.words import words
from kpibook.exchange.payroll import (
    AmountTooLong,
    Batch,
    BatchFault,
    Due,
    PayrollKind,
    PayrollRow,
    batch_text,
    money_text,
    payroll_rows,
    read_batch,
    sheet_bytes,
)
from kpibook.model import PayrollColumn

ZH = words("zh")
SEAL = "0" * 64


def a_row(
    person: str = "E01", amount: str = "100.5", kind: PayrollKind = PayrollKind.REGULAR, line: str = "绩效工资"
) -> PayrollRow:
    return PayrollRow(person, "林晓", line, kind, mpq("1.2"), mpq(amount), "1a2b3c4d", "confirmed")


def a_batch(*rows: PayrollRow) -> Batch:
    return Batch("2026-10-B1", rows, 1, SEAL)


def due(person: str, amount: str | None, line: str = "绩效工资") -> Due:
    return Due(person, "林晓", line, None if amount is None else mpq(amount), mpq("1.2"), "1a2b3c4d", "confirmed")


def figures(rows: list[PayrollRow]) -> list[tuple[str, str, PayrollKind, str]]:
    return [(row.person, row.line, row.kind, money_text(row.amount, 2)) for row in rows]


def test_a_first_amount_is_handed_over_as_it_is_and_even_if_it_is_nothing() -> None:
    rows = list(payroll_rows([due("E01", "100.5"), due("E02", "0"), due("E03", None)], []))

    assert figures(rows) == [
        ("E01", "绩效工资", PayrollKind.REGULAR, "100.50"),
        ("E02", "绩效工资", PayrollKind.REGULAR, "0.00"),
    ]


def test_after_it_only_what_differs_is() -> None:
    before = [a_row("E01", "100"), a_row("E02", "100"), a_row("E03", "100"), a_row("E03", "-20", PayrollKind.LESS)]

    rows = list(payroll_rows([due("e01", "100"), due("E02", "130.1"), due("E03", "0.3")], before))

    assert figures(rows) == [
        ("E02", "绩效工资", PayrollKind.MORE, "30.10"),
        ("E03", "绩效工资", PayrollKind.LESS, "-79.70"),
    ]


def test_what_is_no_longer_due_is_taken_back_and_what_waits_stays() -> None:
    before = [a_row("E01", "100", line="旧名"), a_row("E02", "50"), a_row("E03", "70")]

    rows = list(payroll_rows([due("E01", "100"), due("E03", None)], before))

    assert figures(rows) == [
        ("E01", "绩效工资", PayrollKind.REGULAR, "100.00"),
        ("E01", "旧名", PayrollKind.LESS, "-100.00"),
        ("E02", "绩效工资", PayrollKind.LESS, "-50.00"),
    ]
    assert rows[1].result == ""


PEOPLE, LINES = ("E01", "e02", "张三"), ("绩效工资", "bonus")
amounts = st.one_of(st.none(), st.integers(-99999, 99999).map(lambda cents: Fraction(cents, 100)))
newest = st.dictionaries(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(LINES)), amounts)
steps = st.lists(st.tuples(newest, st.frozensets(st.sampled_from(PEOPLE))), max_size=8)


@given(steps, newest)
def test_what_was_handed_over_always_adds_up_to_the_newest_amount(
    history: list[tuple[dict[tuple[str, str], Fraction | None], frozenset[str]]],
    last: dict[tuple[str, str], Fraction | None],
) -> None:
    """Any number of corrections, each with a batch for a part of the people; at the end one for everybody."""
    files: list[str] = []
    given_before: dict[tuple[str, str], Fraction] = {}
    for state, people in [*history, (last, frozenset(PEOPLE))]:
        earlier = [row for text in files for row in read_batch(text.encode(), "B").rows if row.person in people]
        asked = [due(key[0], None if a is None else str(a), key[1]) for key, a in state.items() if key[0] in people]
        rows = tuple(payroll_rows(asked, earlier))
        if rows:
            files.append(batch_text(Batch("B", rows, 1, SEAL)))
        given_before = {}
        for text in files:
            for row in read_batch(text.encode(), "B").rows:
                so_far = given_before.get((row.person, row.line), Fraction(0))
                given_before[row.person, row.line] = so_far + Fraction(str(row.amount))
        for key, total in given_before.items():
            if key[0] in people and (key not in state or state[key] is not None):
                assert total == (state.get(key) or 0)
    assert all(key in given_before for key, amount in last.items() if amount is not None)
    assert not list(
        payroll_rows([due(k[0], None if a is None else str(a), k[1]) for k, a in last.items()], earlier_of(files))
    )


def earlier_of(files: list[str]) -> list[PayrollRow]:
    return [row for text in files for row in read_batch(text.encode(), "B").rows]


def test_the_record_of_a_batch_ends_with_its_control() -> None:
    batch = a_batch(a_row(), a_row("E02", "-20.25", PayrollKind.LESS))

    text = batch_text(batch)

    assert text == (
        "\ufeffbatch,person,name,line,kind,coefficient,amount,result,revision,state\n"
        "2026-10-B1,E01,林晓,绩效工资,regular,1.2,100.5,1a2b3c4d,1,confirmed\n"
        "2026-10-B1,E02,林晓,绩效工资,less,1.2,-20.25,1a2b3c4d,1,confirmed\n"
        f"control,2,,,,,80.25,,1,{SEAL}\n"
    )
    assert read_batch(text.encode().replace(b"\n", b"\r\n"), batch.id) == batch


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("100.5,", "900.5,", 4),
        ("100.5,", "1e2,", 2),
        ("control,2", "control,3", 4),
        ("80.25,", "80.3,", 4),
        ("E02,", "E02,x,", 3),
        ("batch,person", "batch,who", 1),
        ("regular", "often", 2),
        ("2026-10-B1,E02", "2026-10-B2,E02", 3),
        (SEAL + "\n", SEAL + "\n\n", 4),
    ],
)
def test_a_record_that_was_changed_is_none(old: str, new: str, line: int) -> None:
    text = batch_text(a_batch(a_row(), a_row("E02", "-20.25", PayrollKind.LESS)))

    with pytest.raises(BatchFault) as fault:
        read_batch(text.replace(old, new, 1).encode(), "2026-10-B1")

    assert fault.value.line == line


def test_the_table_has_payrolls_own_columns_in_its_order() -> None:
    headers = {PayrollColumn.AMOUNT: "应发", PayrollColumn.PERSON: "人员编码", PayrollColumn.KIND: "类型"}

    data = sheet_bytes(a_batch(a_row("=E01"), a_row("007", "-3", PayrollKind.LESS)), headers, 2, ZH, ".csv")

    assert data.decode() == "\ufeff应发,人员编码,类型\n100.50,'=E01,正常\n-3.00,007,补扣\n"


def test_a_workbook_holds_amounts_as_numbers_and_ids_as_texts() -> None:
    batch = a_batch(a_row("007", "1234567.05"), a_row("=1+1", "-0.1", PayrollKind.LESS))

    book = load_workbook(io.BytesIO(sheet_bytes(batch, None, 2, ZH, ".xlsx")))

    rows = [[cell.value for cell in row] for row in book["移交"].iter_rows()]
    assert rows == [
        ["批次", "工号", "姓名", "工资项", "类别", "系数", "金额", "结果编号", "第几版", "本人回复"],
        ["2026-10-B1", "007", "林晓", "绩效工资", "正常", 1.2, 1234567.05, "1a2b3c4d", 1, "已确认"],
        ["2026-10-B1", "=1+1", "林晓", "绩效工资", "补扣", 1.2, -0.1, "1a2b3c4d", 1, "已确认"],
    ]
    assert {cell.data_type for cell in book["移交"]["B"]} == {"s"}
    assert book["移交"]["G2"].number_format == "0.00"
    assert [[cell.value for cell in row] for row in book["核对"].iter_rows()] == [
        ["批次", "2026-10-B1"],
        ["行数", 2],
        ["金额合计", 1234566.95],
        ["第几版", 1],
        ["封存号", SEAL],
    ]


def test_the_same_batch_gives_the_same_workbook() -> None:
    batch = a_batch(a_row())

    assert sheet_bytes(batch, None, 2, ZH, ".xlsx") == sheet_bytes(batch, None, 2, ZH, ".xlsx")


def test_an_amount_that_a_workbook_would_round_is_refused_and_csv_has_it() -> None:
    batch = a_batch(a_row(amount="999999999999999.25"))

    with pytest.raises(AmountTooLong):
        sheet_bytes(batch, None, 2, ZH, ".xlsx")

    assert b",999999999999999.25," in sheet_bytes(batch, None, 2, ZH, ".csv")


def test_an_amount_is_never_rounded() -> None:
    texts = [money_text(mpq(amount), places) for amount, places in (("3", 2), ("3.125", 2), ("-0.5", 0), ("7", 0))]

    assert texts == ["3.00", "3.125", "-0.5", "7"]
