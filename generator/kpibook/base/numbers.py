"""Exact numbers: read them as people write them, round half-up, write them again."""

import re
from dataclasses import dataclass
from functools import lru_cache

from gmpy2 import mpq

LARGEST = 10**15
LONGEST = 40
"""No number of a company is larger or longer; the bounds keep hostile input cheap."""

MOST_PARTS = 9999
"""The largest number under the line of a fraction that may be written."""

ZERO = mpq(0)
HUNDRED = mpq(100)
MONEY = ("元", "CNY", "RMB", "USD", "EUR", "$", "€")
SCALES = {"": 1, "万": 10**4, "亿": 10**8}
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
FULL_WIDTH |= {0xFE63: 0x2D, 0xFE62: 0x2B}
"""What Chinese keyboards make of figures and signs; the last two are the small ones."""

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_WRITTEN = re.compile(
    r"(?P<sign>[+-]?)(?P<currency>[¥$€]?) ?(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?P<fraction>\.[0-9]+)?"
    r" ?(?P<scale>[万亿]?)(?P<unit>[^0-9.,+-]*)",
    re.ASCII,
)


class NumberFault(ValueError):
    """A text is not a number that may be used; `code` is a key under `problems.` in the locale."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text[:LONGEST]}")
        self.code = code


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as somebody wrote it: its value in the measure's unit, and whether the text had to be converted."""

    value: mpq
    converted: bool = False


def parse_plain(text: str) -> mpq:
    """The exact value of a decimal as a catalog writes it: `12`, `-0.5`, `33.3`, `1e3`.

    Raises:
        NumberFault: `not-a-number` or `number-too-large`.
    """
    if len(text) > LONGEST:
        raise NumberFault("number-too-large", text)
    if not _DECIMAL.fullmatch(text):
        raise NumberFault("not-a-number", text)
    return _bounded(mpq(text.removeprefix("+")), text)


def plain_number(text: str) -> mpq | None:
    """The exact value of a number written without any sign but a minus and a point; None for any other text."""
    if not _PLAIN.fullmatch(text):
        return None
    value = mpq(text)
    return value if -LARGEST <= value <= LARGEST else None


def parse_written(text: str, unit: str) -> WrittenNumber:
    """The exact value of a table cell in `unit`: `1,234`, `85%`, `120万元`, `¥5`, `１２.５`.

    A percentage counts in hundredths only where the unit is `%`; a unit in the cell must be the measure's own,
    apart from 万 and 亿, which are multiplied out.

    Raises:
        NumberFault: `not-a-number`, `number-too-large` or `cell-other-unit`.
    """
    if _PLAIN.fullmatch(text):
        return WrittenNumber(_bounded(mpq(text), text))
    narrow = text.translate(FULL_WIDTH).strip()
    if len(narrow) > LONGEST:
        raise NumberFault("number-too-large", text)
    found = _WRITTEN.fullmatch(narrow)
    if not found:
        raise NumberFault("not-a-number", text)
    own_scale, own_unit = _split_unit(unit)
    scale, written_unit = found["scale"], found["unit"].strip()
    if not _fits(found["currency"], scale, written_unit, own_unit):
        raise NumberFault("cell-other-unit", text)
    factor = mpq(SCALES[scale], own_scale) if scale or written_unit else mpq(1)
    value = mpq(found["sign"].replace("+", "") + found["digits"].replace(",", "") + (found["fraction"] or ""))
    return WrittenNumber(_bounded(value * factor, text), converted=True)


_OTHER_SCALE = re.compile(r"[十拾百佰千仟]万?元")
"""Below 千元 nobody knows whether 6万 counts yuan or thousands of them."""


def _split_unit(unit: str) -> tuple[int, str]:
    scale = unit[:1] if unit[:1] in SCALES else ""
    return SCALES[scale], unit[len(scale) :]


def _fits(currency: str, scale: str, unit: str, own_unit: str) -> bool:
    """The unit in a cell is the measure's own; a currency sign stands only before money, 万 never before %."""
    is_money = own_unit.startswith(MONEY)
    if scale and not unit and _OTHER_SCALE.fullmatch(own_unit):
        return False
    return not (currency and not is_money) and (not unit or unit == own_unit) and not (scale and own_unit == "%")


def _bounded(value: mpq, text: str) -> mpq:
    if abs(value) > LARGEST:
        raise NumberFault("number-too-large", text)
    return value


def round_half_up(value: mpq, places: int) -> mpq:
    """Round to `places` decimals, ties away from zero (四舍五入): 12.25 -> 12.3, -2.5 -> -3."""
    scale = 10**places
    shifted = abs(value) * scale
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    rounded = mpq(whole, scale)
    return -rounded if value < 0 else rounded


def round_up(value: mpq, places: int) -> mpq:
    """The least number of `places` decimals that is not less: 33.3333 -> 33.34, -2.5 -> -2."""
    scaled = value * 10**places
    return mpq(-(-scaled.numerator // scaled.denominator), 10**places)


def round_down(value: mpq, places: int) -> mpq:
    """The largest number of `places` decimals that is not more: 33.3333 -> 33.33, -2.5 -> -3."""
    return -round_up(-value, places)


def fixed(value: mpq, places: int) -> str:
    """The value rounded half-up with exactly `places` decimals: `80.0`; never `-0.0`."""
    rounded = round_half_up(value, places)
    digits = f"{int(abs(rounded) * 10**places):0{places + 1}d}"
    sign = "-" if rounded < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def plain(value: mpq, places: int = 6) -> str:
    """The value rounded half-up to at most `places` decimals, without trailing zeros: for machines."""
    if value.denominator == 1:
        return str(value.numerator)
    sign, whole, fraction = _parts(value, places)
    return f"{sign}{whole}{fraction}"


def exact_text(value: mpq) -> str:
    """The value without any loss: its decimals where they come to an end, else a fraction such as `1/3`."""
    denominator, twos, fives = int(value.denominator), 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    places = max(twos, fives)
    if denominator != 1 or places > LONGEST:
        return f"{value.numerator}/{value.denominator}"
    return plain(value, places)


SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}
"""What stands before an amount, by the code of its currency."""


def priced(amount: str, currency: str) -> str:
    """An amount that is written already with the sign of its currency, or with its code behind where it has none."""
    if currency not in SIGNS:
        return f"{amount} {currency}"
    return f"-{SIGNS[currency]}{amount[1:]}" if amount.startswith("-") else f"{SIGNS[currency]}{amount}"


def amount_text(amount: mpq, places: int, currency: str) -> str:
    """An amount of money for people: `-¥1,234.50`, rounded to so many decimals."""
    whole, dot, cents = fixed(abs(amount), places).partition(".")
    return priced(f"{'-' if amount < 0 else ''}{int(whole):,}{dot}{cents}", currency)


@lru_cache(maxsize=4096)
def share_text(value: mpq) -> str:
    """A weight for people: decimals, or a fraction such as `50/3` where these do not come to an end.

    It remembers what it showed, as `show` does.
    """
    text = exact_text(value)
    return text if "/" in text and value.denominator <= MOST_PARTS else show(value)


@lru_cache(maxsize=16384)
def show(value: mpq, places: int = 4) -> str:
    """As `plain`, with thousands separated by commas: for people.

    It remembers what it showed: cards show the same weights and targets a thousand times.
    """
    if value.denominator == 1:
        return f"{int(value.numerator):,}"
    sign, whole, fraction = _parts(value, places)
    return f"{sign}{whole:,}{fraction}"


def _parts(value: mpq, places: int) -> tuple[str, int, str]:
    """Sign, whole number and decimals without trailing zeros, of the value rounded half-up."""
    scale = 10**places
    numerator, denominator = int(value.numerator), int(value.denominator)
    whole, fraction = divmod((2 * abs(numerator) * scale + denominator) // (2 * denominator), scale)
    decimals = f".{fraction:0{places}d}".rstrip("0") if fraction else ""
    return "-" if numerator < 0 and (whole or fraction) else "", whole, decimals


def is_exact(value: mpq, places: int = 4) -> bool:
    """Whether `show` at `places` decimals loses nothing."""
    return value.denominator == 1 or bool(10**places % value.denominator == 0)
