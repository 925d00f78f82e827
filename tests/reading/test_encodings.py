"""Encodings of data files: what offices use is read, what has two readings is refused with both."""

import random
from collections.abc import Sequence

import pytest

from kpibook.reading.tables.decoding import BLOCK
from table_files import HEADER, aside, read, rows_of, told

# Encodings


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        *(("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("gb18030", "gb18030")),
        *(("utf-16", "utf-16"), ("utf-16-be", "utf-16")),
    ],
)
def test_a_file_is_read_in_the_encodings_of_offices(codec: str, encoding: str) -> None:
    """A one-row file with an ASCII header is enough."""
    data = (HEADER + "E01,sales,5,按时完成\n").encode(codec)

    rows, table = rows_of(b"\xfe\xff" + data if codec == "utf-16-be" else data)

    assert rows == [(2, ["E01", "sales", "5", "按时完成"])]
    assert table.encoding == encoding


def test_a_text_with_two_readings_is_refused_with_both() -> None:
    """The GBK bytes of one short word are also valid UTF-8."""
    _, problems = read(HEADER.encode() + "E01,sales,5,一\n".encode("gbk"))

    assert [problem.code for problem in problems] == ["encoding-ambiguous"]
    assert problems[0].values == {"utf8": "E01,sales,5,һ", "gb18030": "E01,sales,5,一"}


def test_a_short_gbk_word_among_others_is_no_doubt() -> None:
    rows, _ = rows_of(HEADER.encode() + "E01,sales,5,一\nE02,sales,6,按时完成\n".encode("gbk"))

    assert [cells[3] for _, cells in rows] == ["一", "按时完成"]


def test_a_latin_letter_in_a_utf_8_file_with_chinese_is_no_doubt() -> None:
    rows, _ = rows_of(HEADER + "E01,sales,5,René\nE02,sales,6,按时\n")

    assert rows[0][1][3] == "René"


def test_two_encodings_in_one_file_cost_only_the_lines_of_the_fewer() -> None:
    good = "E01,sales,5,按时\nE02,sales,6,按时\n".encode()
    pasted = "E03,sales,7,补报\n".encode("gbk")

    rows, table = rows_of(HEADER.encode() + good + pasted)

    assert [line for line, _ in rows] == [2, 3]
    assert aside(table) == [("undecodable-line", "actuals/a.csv:4:13")]
    assert table.ledger.set_aside[0].raw == "E03,sales,7,\\xb2\\xb9\\xb1\\xa8"


def test_utf_8_lines_in_a_gbk_file_are_set_aside_readably() -> None:
    gbk = "E01,sales,5,按时完成任务\nE02,sales,6,客户表扬\n".encode("gbk")

    rows, table = rows_of(HEADER.encode() + gbk + "E03,sales,7,补报\n".encode())

    assert [line for line, _ in rows] == [2, 3]
    assert table.encoding == "gb18030"
    assert table.ledger.set_aside[0].raw == "E03,sales,7,补报"


def test_the_old_euro_sign_of_gbk_is_read() -> None:
    """The lone byte 80, also behind a character whose second byte is 80."""
    text = "E01,sales,5,价".encode("gbk") + b"\x80\x81\x80\x80\n"

    rows, _ = rows_of(HEADER.encode() + text + "E02,sales,5,按时完成任务\n".encode("gbk"))

    assert rows[0][1][3] == "价€" + b"\x81\x80".decode("gbk") + "€"


def test_characters_of_gb_18030_2022_leave_the_private_area() -> None:
    text = "E01,sales,5,按时完成".encode("gbk") + b"\xa6\xd9\xfe\x59\n"

    rows, _ = rows_of(HEADER.encode() + text)

    assert rows[0][1][3] == "按时完成\ufe10\u9fb4"


@pytest.mark.parametrize(
    ("data", "guess"),
    [
        pytest.param((HEADER + "E01,sales,5,按时\n").encode("utf-16-le"), "UTF-16", id="UTF-16 without a mark"),
        pytest.param(b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x00", "UTF-16", id="UTF-16 cut in a character"),
        pytest.param((HEADER + "E01,sales,5,準時完成工作\n").encode("big5"), "Big5 / Latin-1", id="Big5"),
        pytest.param((HEADER + "E01,sales,5,Ren\xe9e\n").encode("latin-1"), "Big5 / Latin-1", id="Latin-1"),
        pytest.param(HEADER.encode() + b"E01,sales,5,\xff\xff\n", "?", id="nothing"),
    ],
)
def test_other_encodings_are_refused(data: bytes, guess: str) -> None:
    _, problems = read(data)

    assert [(problem.code, problem.values["guess"]) for problem in problems] == [("encoding-unknown", guess)]


def test_half_a_character_costs_its_line_only() -> None:
    """A file cut within its last character."""
    data = (HEADER + "E01,sales,5,按时\nE02,sales,6,按时").encode()[:-1]

    rows, table = rows_of(data)

    assert [line for line, _ in rows] == [2]
    assert aside(table) == [("undecodable-line", "actuals/a.csv:3:14")]
    assert told(table)[0] == "maybe-cut"


def test_a_file_larger_than_a_block_is_read_alike() -> None:
    lines = "".join(f"E{i:05d},sales,{i},按时完成\n" for i in range(BLOCK // 20))

    for codec in ("utf-8", "gb18030"):
        rows, table = rows_of((HEADER + lines).encode(codec))

        assert [line for line, _ in rows] == list(range(2, BLOCK // 20 + 2))
        assert table.ledger.rows == BLOCK // 20


# Encodings that look like each other


@pytest.mark.parametrize(
    ("text", "codec", "told"),
    [
        ("陳冠華", "big5", "as GB18030 it reads '{gb18030}', as Big5 '{text}'"),
        ("한국영업부", "euc_kr", "as GB18030 it reads '{gb18030}', as EUC-KR '{text}'"),
    ],
)
def test_a_text_in_another_encoding_is_refused_with_both_readings(text: str, codec: str, told: str) -> None:
    line = f"E01,sales,5,{text}"

    _, [problem] = read(HEADER.encode() + line.encode(codec) + b"\n")

    assert told.format(text=line, gb18030=line.encode(codec).decode("gb18030")) in str(problem)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        pytest.param("김", "cp949", id="one syllable"),
        pytest.param("똠방각하", "cp949", id="a syllable that EUC-KR lacks"),
        pytest.param("ﾔﾏﾀﾞﾊﾅｺｻ", "cp932", id="kana of half width"),
        pytest.param("ｶﾅ", "cp932", id="two of them"),
    ],
)
def test_a_few_characters_of_another_encoding_are_refused(text: str, codec: str) -> None:
    data = (HEADER + f"E01,sales,5,{text}\n").encode(codec)

    table, problems = read(data)

    assert (table, [each.code for each in problems]) == (None, ["encoding-either"])


def test_a_line_that_happens_to_be_utf_8_says_nothing_of_the_others() -> None:
    names = ["蕭美淑", "出差", "溫思建", "完成", "董佳宏", "羅蓁柏", "銷售部", "古芬廷", "無", "促銷"]
    data = (HEADER + "".join(f"E01,sales,5,{name}\n" for name in names)).encode("big5")

    table, problems = read(data)

    assert "羅蓁柏\n".encode("big5").decode("utf-8") == "ù㸬f\n"
    assert (table, [each.code for each in problems]) == (None, ["encoding-unknown"])


@pytest.mark.parametrize("names", [("羅蓁宇",), ("蘇蓁宇", "優秀")])
def test_words_of_big5_that_happen_to_be_utf_8_are_refused(names: Sequence[str]) -> None:
    data = (HEADER + "".join(f"E01,sales,5,{name}\n" for name in names)).encode("big5")

    table, problems = read(data)

    assert f"{names[0]}\n".encode("big5").decode("utf-8").endswith("\u3e26t\n")
    assert (table, [str(each.values["guess"]) for each in problems]) == (None, ["Big5 / Latin-1"])


@pytest.mark.parametrize("name", ["阿卜杜拉·买买提", "José", "Zoë 李", "×2 完成", "25°", "é完"])
def test_letters_of_the_west_beside_chinese_characters_are_read(name: str) -> None:
    rows, _ = rows_of((HEADER + f"E01,sales,5,{name}\nE02,sales,6,按时完成\n").encode())

    assert rows[0][1][3] == name


@pytest.mark.parametrize("codec", ["big5", "euc_kr", "shift_jis"])
def test_no_file_in_another_encoding_is_read_as_gb18030(codec: str) -> None:
    """Random everyday characters of the encoding, in files of one to twenty names; the same ones each time."""
    first, last = {"big5": (0xA4, 0xC6), "euc_kr": (0xB0, 0xC8), "shift_jis": (0x88, 0x97)}[codec]
    chance = random.Random(7)

    for _ in range(300):
        names = [a_name(chance, codec, range(first, last + 1)) for _ in range(chance.choice((1, 2, 3, 8, 20)))]
        data = "".join(f"E{at},sales,5,{name}\n" for at, name in enumerate(names))
        table, problems = read((HEADER + data).encode(codec))
        assert table is None, names
        assert problems[0].code in ("encoding-either", "encoding-unknown", "encoding-ambiguous")


def test_files_of_some_names_in_gb18030_are_read() -> None:
    chance = random.Random(8)

    for _ in range(100):
        names = [a_name(chance, "gb2312", range(0xB0, 0xD8)) for _ in range(30)]
        data = "".join(f"E{at},sales,5,{name}\n" for at, name in enumerate(names))
        rows, _ = rows_of((HEADER + data).encode("gb18030"))
        assert [cells[3] for _, cells in rows] == names


def a_name(chance: random.Random, codec: str, first: range) -> str:
    name = ""
    while len(name) < 3:
        name += bytes((chance.choice(first), chance.randrange(0xA1, 0xFF))).decode(codec, "ignore")
    return name
