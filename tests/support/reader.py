"""Somebody who knows a rule by its sentence alone: the numbers are taken from the words, the points are reckoned anew.

It shares no code with the package; numbers are fractions.
"""

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache

Found = Mapping[str, str]
N = r"-?[0-9][0-9,]*(?:\.[0-9]+)?"
WORDS = "元/人|元/平方米|页/人|次/人|次/年|小时|分钟|万元|元|次|天|人|件|单|家|条|秒|分|项|个|倍|页"
UNIT = rf"(?: ?(?:{WORDS}|USD|%))?"
BEFORE_A_WORD = rf"(?: (?:{WORDS})| ?(?:USD|%)? )"


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", "").replace("$", ""))


def several(sentence: str) -> str:
    """A sentence that says `1 point` read like one that says `5 points`: nobody reads the number from the word."""
    return re.sub(r"(?<![0-9.,])1 point\b", "1 points", sentence)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """`<t>` stands for a number, `<t@>` for one with a unit, `<rows*>` for anything.

    Between a unit and a word that are both Chinese there is no space.
    """
    shapes = {None: N, "@": rf"-?\$?{N.removeprefix('-?')}", "\\*": ".*?"}
    joined = {None: "", "@": UNIT, "\\*": ""}
    return re.compile(
        re.sub(
            r"<(\w+)(@|\\\*)?>(\\ (?=[\u4e00-\u9fff]))?",
            lambda m: (
                f"(?P<{m[1]}>{shapes[m[2]]}){BEFORE_A_WORD if m[2] == '@' and m[3] else joined[m[2]] + (m[3] or '')}"
            ),
            re.escape(text),
        )
    )


SENTENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("higher", "达到目标 <t@> 得 <w> 分；未达到的，按实际值÷目标值的比例得分，最低 0 分。"),
        ("linear", "不超过目标 <t@> 得 <w> 分；超过的，得分 = <v> 分 ×（2－实际值÷目标值），最低 0 分。"),
        ("inverse", "不超过目标 <t@> 得 <w> 分；超过的，按目标值÷实际值的比例得分。"),
        (
            "higher",
            "对照目标 <t@> 计算达成率（实际值÷目标值），得分 = <w> 分 × 达成率；"
            "达成率最低按 0 计，最高按 <cap>% 计<floor*>。",
        ),
        (
            "linear",
            "对照目标 <t@> 计算达成率（2－实际值÷目标值），得分 = <w> 分 × 达成率；"
            "达成率最低按 0 计，最高按 <cap>% 计<floor*>。",
        ),
        (
            "inverse",
            "对照目标 <t@> 计算达成率（目标值÷实际值，实际值为 0 时取上限），得分 = <w> 分 × 达成率；"
            "达成率最高按 <cap>% 计<floor*>。",
        ),
        ("zero", "目标为 0：实际值为 0 得 <w> 分，大于 0 不得分。"),
        (
            "difference",
            "达到目标 <t@> 得 <w> 分；每低于目标 1 个百分点，扣 <v> 分的 1%，不足 1 个百分点的按比例扣，扣完为止。",
        ),
        (
            "difference_lower",
            "不超过目标 <t@> 得 <w> 分；每高于目标 1 个百分点，扣 <v> 分的 1%，不足 1 个百分点的按比例扣，扣完为止。",
        ),
        ("all", "达到目标 <t@> 得 <w> 分，未达到<other*>。"),
        ("all_lower", "不超过目标 <t@> 得 <w> 分，超过<other*>。"),
        ("line", "达到 <full@> 得 <w> 分，不超过 <zero@> 得 0 分；两者之间从 <z@> 起按直线比例得分。"),
        ("line", "不超过 <full@> 得 <w> 分，达到 <zero@> 得 0 分；两者之间从 <z@> 起按直线比例得分。"),
        ("range", "在 <low@> 至 <high@> 之间（含两端）得 <w> 分；<below*>；<above*>。"),
        ("shortfall", "达到目标 <t@> 得 <w> 分；每差 <per@> 扣 <p> 分（<part*>），扣完为止。"),
        ("shortfall_lower", "不超过目标 <t@> 得 <w> 分；每超出 <per@> 扣 <p> 分（<part*>），扣完为止。"),
        ("excess", "超出目标 <t@> 的部分，每 <per@> 加 <p> 分（<part*>）。"),
        ("excess_below", "低于目标 <t@> 的部分，每 <per@> 加 <p> 分（<part*>）。"),
        ("bands", "按实际值分档，自上而下取第一个符合的档次：<rows*>。"),
        ("bands_higher", "对照目标 <t@> 计算达成率（实际值÷目标值，最低为 0），自上而下取第一个符合的档次：<rows*>。"),
        (
            "bands_lower",
            "对照目标 <t@> 计算达成率（2－实际值÷目标值，最低为 0；目标为 0 时，实际值为 0 是 100%，大于 0 是 0%），"
            "自上而下取第一个符合的档次：<rows*>。",
        ),
        ("deduction", "满分 <w> 分，按下列各条扣分，扣完为止：<rows*>。"),
    ),
    "en": (
        ("higher", "<w> points when the target of <t@> is reached; below it, <v> × actual ÷ target, never under 0."),
        ("linear", "<w> points up to the target of <t@>; above it, <v> × (2 − actual ÷ target), never under 0."),
        ("inverse", "<w> points up to the target of <t@>; above it, <v> × target ÷ actual."),
        (
            "higher",
            "<w> points × attainment (actual ÷ target) of the target of <t@>; "
            "attainment counts as at least 0 and at most <cap>%<floor*>.",
        ),
        (
            "linear",
            "<w> points × attainment (2 − actual ÷ target) of the target of <t@>; "
            "attainment counts as at least 0 and at most <cap>%<floor*>.",
        ),
        (
            "inverse",
            "<w> points × attainment (target ÷ actual; an actual of 0 counts as the most) of the target of <t@>; "
            "attainment counts as at most <cap>%<floor*>.",
        ),
        ("zero", "The target is 0: <w> points for an actual of 0, none for more."),
        (
            "difference",
            "<w> points when the target of <t@> is reached; each percentage point below it costs 1% of <v> points, "
            "parts of a point in proportion, down to 0.",
        ),
        (
            "difference_lower",
            "<w> points up to the target of <t@>; each percentage point above it costs 1% of <v> points, "
            "parts of a point in proportion, down to 0.",
        ),
        ("all", "<w> points when the target of <t@> is reached, else <other*>."),
        ("all_lower", "<w> points up to the target of <t@>, else <other*>."),
        ("line", "<w> points from <full@> on, 0 points up to <zero@>; in between a straight line from <z@> on."),
        ("line", "<w> points up to <full@>, 0 points from <zero@> on; in between a straight line from <z@> on."),
        ("range", "<w> points from <low@> to <high@> (both included); <below*>; <above*>."),
        (
            "shortfall",
            "<w> points when the target of <t@> is reached; "
            "each <per@> below it costs <p> points (<part*>), down to 0.",
        ),
        (
            "shortfall_lower",
            "<w> points up to the target of <t@>; each <per@> above it costs <p> points (<part*>), down to 0.",
        ),
        ("excess", "<p> points for each <per@> above the target of <t@> (<part*>)."),
        ("excess_below", "<p> points for each <per@> below the target of <t@> (<part*>)."),
        ("bands", "Points by the actual, the first of these that holds: <rows*>."),
        (
            "bands_higher",
            "Points by attainment (actual ÷ target, never under 0) of the target of <t@>, "
            "the first of these that holds: <rows*>.",
        ),
        (
            "bands_lower",
            "Points by attainment (2 − actual ÷ target, never under 0; with a target of 0, 100% at an actual of 0 and "
            "0% above it) of the target of <t@>, the first of these that holds: <rows*>.",
        ),
        ("deduction", "<w> points less the following, down to 0: <rows*>."),
    ),
}

FLOORS = (_pattern("；达成率低于 <f>% 的不得分"), _pattern("; attainment under <f>% gives no points"))
OTHERS = (
    (_pattern("不得分"), 0),
    (_pattern("none"), 0),
    (_pattern("得 <p> 分"), 1),
    (_pattern("扣 <p> 分"), -1),
    (_pattern("<p>"), 1),
    (_pattern("<p> off"), -1),
)
NO_SLOPE = ("低于", "高于", "no points")
SLOPES = (
    _pattern("低于 <e@> 的按直线比例递减，<z@> 及以下得 0 分"),
    _pattern("高于 <e@> 的按直线比例递减，<z@> 及以上得 0 分"),
    _pattern("below <e@> a straight line down to 0 points at <z@> and less"),
    _pattern("above <e@> a straight line down to 0 points at <z@> and more"),
)
PARTS = (
    (re.compile(r"不足 .*的部分不[扣计]|less than .* (?:costs nothing|does not count)"), "complete"),
    (re.compile(r"不足 .*的部分按比例[扣计]|less than .* (?:costs its part|counts by its part)"), "exact"),
    (re.compile(r"不足 .*的部分按 .*[扣计]|less than .* (?:costs as much as|counts as) .*"), "started"),
)
BANDS = (
    _pattern("不低于 <low@> 得 <p> 分"),
    _pattern("<low@> 至 <high@>（含两端）得 <p> 分"),
    _pattern("不超过 <high@> 得 <p> 分"),
    _pattern("高于 <above@> 得 <p> 分"),
    _pattern("低于 <below@> 得 <p> 分"),
    _pattern("高于 <above@>、不超过 <high@> 得 <p> 分"),
    _pattern("不低于 <low@>、低于 <below@> 得 <p> 分"),
    _pattern("高于 <above@>、低于 <below@> 得 <p> 分"),
    _pattern("<p> above <above@>"),
    _pattern("<p> below <below@>"),
    _pattern("<p> above <above@> up to <high@>"),
    _pattern("<p> from <low@> on, below <below@>"),
    _pattern("<p> above <above@>, below <below@>"),
    _pattern("<p> from <low@> on"),
    _pattern("<p> from <low@> to <high@>, both included"),
    _pattern("<p> up to <high@>"),
    _pattern("其余得 <p> 分"),
    _pattern("一律得 <p> 分"),
    _pattern("<p> for anything else"),
    _pattern("<p> always"),
)
ROWS = (
    re.compile(rf"(?P<name>late|away)每满 (?P<per>{N}){UNIT} ?扣 (?P<p>{N}) 分"),
    re.compile(rf"(?P<name>late|away)每(?P<per1>次)扣 (?P<p>{N}) 分"),
    re.compile(rf"(?P<name>late|away): (?P<p>{N}) for each full (?P<per>{N}){UNIT}"),
    re.compile(rf"(?P<name>late|away): (?P<p>{N}) for each (?P<per1>次)"),
)
TIERED = (
    re.compile(r"(?P<name>late|away)(?P<tiers>满.*)（只按达到的最高一档扣）"),
    re.compile(r"(?P<name>late|away): (?P<tiers>.*) \(only the highest that is reached\)"),
)
TIERS = (_pattern("满 <count@> 扣 <p> 分"), _pattern("<p> from <count@> on"))


def read(sentence: str, language: str, actual: Fraction) -> Fraction:
    """The points that a sentence gives for an actual."""
    kind, found = _understood(sentence, language)
    return RECKONED[kind](found, actual)


def read_counts(sentence: str, language: str, counts: Mapping[str, Fraction]) -> Fraction:
    """The points that a sentence about deductions leaves for counts, by their names."""
    kind, found = _understood(sentence, language)
    assert kind == "deduction"
    return _deducted(found, counts)


def _understood(sentence: str, language: str) -> tuple[str, Found]:
    for kind, text in SENTENCES[language]:
        if found := _pattern(text).fullmatch(several(sentence)):
            return kind, found.groupdict()
    raise AssertionError(f"nobody can read: {sentence}")


def _only(patterns: tuple[re.Pattern[str], ...], text: str) -> dict[str, Fraction]:
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            return {key: number(value) for key, value in found.groupdict().items()}
    raise AssertionError(f"nobody can read: {text}")


def _share(found: Found, ratio: Fraction) -> Fraction:
    """The weight by an attainment, within floor and cap."""
    cap = number(found["cap"]) / 100 if found.get("cap") else Fraction(1)
    if found.get("floor") and ratio * 100 < _only(FLOORS, found["floor"])["f"]:
        return Fraction(0)
    return number(found["w"]) * min(max(ratio, Fraction(0)), cap)


def _inverse(found: Found, actual: Fraction) -> Fraction:
    cap = number(found["cap"]) / 100 if found.get("cap") else Fraction(1)
    return _share(found, number(found["t"]) / actual if actual else cap)


def _difference(found: Found, short: Fraction) -> Fraction:
    weight = number(found["w"])
    return weight if short <= 0 else max(weight - weight / 100 * short, Fraction(0))


def _otherwise(found: Found) -> Fraction:
    for pattern, sign in OTHERS:
        if told := pattern.fullmatch(found["other"]):
            return sign * number(told["p"]) if sign else Fraction(0)
    raise AssertionError(f"nobody can read: {found['other']}")


def _line(found: Found, actual: Fraction) -> Fraction:
    zero, full = number(found["zero"]), number(found["full"])
    return number(found["w"]) * min(max((actual - zero) / (full - zero), Fraction(0)), Fraction(1))


def _range(found: Found, actual: Fraction) -> Fraction:
    low, high, weight = number(found["low"]), number(found["high"]), number(found["w"])
    if low <= actual <= high:
        return weight
    side = found["below"] if actual < low else found["above"]
    if not any(pattern.fullmatch(side) for pattern in SLOPES):
        assert side.startswith(NO_SLOPE)
        return Fraction(0)
    marks = _only(SLOPES, side)
    return weight * max((actual - marks["z"]) / (marks["e"] - marks["z"]), Fraction(0))


def _units(found: Found, amount: Fraction) -> Fraction:
    """How many units an amount holds, by what is said of a part of one."""
    if amount <= 0:
        return Fraction(0)
    units = amount / number(found["per"])
    [how] = [how for pattern, how in PARTS if pattern.fullmatch(found["part"])][:1]
    return {"complete": Fraction(math.floor(units)), "started": Fraction(math.ceil(units)), "exact": units}[how]


def _shortfall(found: Found, lacking: Fraction) -> Fraction:
    lost = _units(found, lacking) * number(found["p"])
    return max(number(found["w"]) - lost, Fraction(0))


def _banded(found: Found, value: Fraction) -> Fraction:
    for row in re.split("；|; ", found["rows"]):
        marks = _only(BANDS, row)
        is_open = marks.get("above") == value or marks.get("below") == value
        least, most = marks.get("low", marks.get("above", value)), marks.get("high", marks.get("below", value))
        if least <= value <= most and not is_open:
            return marks["p"]
    raise AssertionError(f"no band of {found['rows']} for {value}")


def _attained_lower(found: Found, actual: Fraction) -> Fraction:
    target = number(found["t"])
    if not target:
        return Fraction(0 if actual > 0 else 100)
    return max(2 - actual / target, Fraction(0)) * 100


def _deducted(found: Found, counts: Mapping[str, Fraction]) -> Fraction:
    lost = sum((_lost(row, counts) for row in re.split("；|; ", found["rows"])), Fraction(0))
    return max(number(found["w"]) - lost, Fraction(0))


def _lost(row: str, counts: Mapping[str, Fraction]) -> Fraction:
    for pattern in ROWS:
        if found := pattern.fullmatch(row):
            per = Fraction(1) if "per1" in found.groupdict() else number(found["per"])
            return math.floor(counts[found["name"]] / per) * number(found["p"])
    for pattern in TIERED:
        if found := pattern.fullmatch(row):
            tiers = [_only(TIERS, tier) for tier in re.split("、|, ", found["tiers"])]
            reached = [tier["p"] for tier in tiers if tier["count"] <= counts[found["name"]]]
            return reached[-1] if reached else Fraction(0)
    raise AssertionError(f"nobody can read: {row}")


RECKONED: Mapping[str, Callable[[Found, Fraction], Fraction]] = {
    "higher": lambda found, actual: _share(found, actual / number(found["t"])),
    "linear": lambda found, actual: _share(found, 2 - actual / number(found["t"])),
    "inverse": _inverse,
    "zero": lambda found, actual: number(found["w"]) if not actual else Fraction(0),
    "difference": lambda found, actual: _difference(found, number(found["t"]) - actual),
    "difference_lower": lambda found, actual: _difference(found, actual - number(found["t"])),
    "all": lambda found, actual: number(found["w"]) if actual >= number(found["t"]) else _otherwise(found),
    "all_lower": lambda found, actual: number(found["w"]) if actual <= number(found["t"]) else _otherwise(found),
    "line": _line,
    "range": _range,
    "shortfall": lambda found, actual: _shortfall(found, number(found["t"]) - actual),
    "shortfall_lower": lambda found, actual: _shortfall(found, actual - number(found["t"])),
    "excess": lambda found, actual: _units(found, actual - number(found["t"])) * number(found["p"]),
    "excess_below": lambda found, actual: _units(found, number(found["t"]) - actual) * number(found["p"]),
    "bands": _banded,
    "bands_higher": lambda found, actual: _banded(found, max(actual / number(found["t"]), Fraction(0)) * 100),
    "bands_lower": lambda found, actual: _banded(found, _attained_lower(found, actual)),
}
