"""The rest of what a reader takes from sentences alone: raters, conditions, limits of extras, formulas."""

import re
from collections.abc import Mapping
from fractions import Fraction

from calculator import keys, type_in
from reader import N, number, read, several

_RATED = {
    "zh": re.compile(rf"由评分人在 0 至 (?P<w>{N}) 分之间评分(?P<who>.*)；同一方有多人评分的，取平均分。"),
    "en": re.compile(
        rf"Raters give 0 to (?P<w>{N}) points(?P<who>.*); of several ratings by the same side the mean counts."
    ),
}
_ONE = {"zh": re.compile("；以(?P<who>[^；]+)评分为准"), "en": re.compile("; the rating by the (?P<who>[^;]+) counts")}
_WEIGHTS = {"zh": re.compile("；各方权重：(?P<rows>[^，]+)，"), "en": re.compile("; weights: (?P<rows>[^;]+);")}
_WEIGHT = re.compile(rf"(?P<who>\S+) (?P<share>{N})%")
_WAITS = ("各方都评分后才计分", "it waits until every side has rated")

_REQUIRED = {
    "zh": re.compile(rf"下列条件全部满足得 (?P<w>{N}) 分，否则(?:得 (?P<o>{N}) 分|不得分)：(?P<rows>.*)。"),
    "en": re.compile(rf"(?P<w>{N}) points when all of these hold, else (?:(?P<o>{N})|none): (?P<rows>.*)."),
}
_CONDITIONS = (
    re.compile(rf"(?P<name>late|away)不超过 (?P<high>{N}) .*"),
    re.compile(rf"(?P<name>late|away)不低于 (?P<low>{N}) .*"),
    re.compile(rf"(?P<name>late|away)在 (?P<low>{N}) [^ 至]+至 (?P<high>{N}) .*"),
    re.compile(rf"(?P<name>late|away) is at most (?P<high>{N}) .*"),
    re.compile(rf"(?P<name>late|away) is at least (?P<low>{N}) .*"),
    re.compile(rf"(?P<name>late|away) is from (?P<low>{N}) \S+ to (?P<high>{N}) .*"),
)

_LIMITS = {
    "zh": re.compile(rf"(?P<rule>.*?。)(?:最多 (?P<most>{N}) 分。)?(?:最低 (?P<least>{N}) 分。)?"),
    "en": re.compile(
        rf"(?P<rule>.*?\.(?!\d))(?: At most (?P<most>{N}) points\.)?(?: At least (?P<least>{N}) points\.)?"
    ),
}

_FORMULA = {
    "zh": re.compile("得分 = (?P<formula>[^；]+)；(?P<rest>.*)。"),
    "en": re.compile("Points = (?P<formula>[^;]+); (?P<rest>.*)."),
}
_WORDS = {
    "zh": {"实际值": "actual", "目标值": "target", "权重": "weight", "达成率": "attainment"},
    "en": {"actual": "actual", "target": "target", "weight": "weight", "attainment": "attainment"},
}
_GIVEN = {
    "target": re.compile(rf"(?:目标值为|target is) (?P<n>{N})"),
    "weight": re.compile(rf"(?:权重为|weight is) (?P<n>{N})"),
}

_RATIO = ("达成率 = 实际值 ÷ 目标值，最低为 0", "attainment = actual ÷ target, never under 0")

RELATIONS = {
    "zh": {"self": "本人", "manager": "上级", "peer": "同事", "report": "下级", "customer": "客户"},
    "en": {"self": "self", "manager": "manager", "peer": "peers", "report": "reports", "customer": "customers"},
}


def read_ratings(sentence: str, language: str, votes: Mapping[str, list[Fraction]]) -> Fraction | None:
    """The points that ratings give, by relation; None where the sentence says that the others are waited for."""
    found = _RATED[language].fullmatch(several(sentence))
    assert found, f"nobody can read: {sentence}"
    weights = _weights(found["who"], language)
    means = {RELATIONS[language][who]: sum(given, Fraction(0)) / len(given) for who, given in votes.items() if given}
    counted = {who: mean for who, mean in means.items() if weights.get(who)}
    if not counted or (any(text in found["who"] for text in _WAITS) and len(counted) < len(weights)):
        return None
    weighed = sum((weights[who] * mean for who, mean in counted.items()), Fraction(0))
    return weighed / sum((weights[who] for who in counted), Fraction(0))


def _weights(text: str, language: str) -> dict[str, Fraction]:
    if alone := _ONE[language].search(text):
        return {alone["who"]: Fraction(1)}
    several = _WEIGHTS[language].search(text)
    assert several, f"nobody can read: {text}"
    rows = (_WEIGHT.fullmatch(row) for row in re.split("、|, ", several["rows"]))
    return {row["who"]: number(row["share"]) / 100 for row in rows if row}


def read_required(sentence: str, language: str, counts: Mapping[str, Fraction]) -> Fraction:
    """The points when all conditions of a sentence hold, and else."""
    found = _REQUIRED[language].fullmatch(several(sentence))
    assert found, f"nobody can read: {sentence}"
    holds = all(_holds(row, counts) for row in re.split("；|; ", found["rows"]))
    return number(found["w"]) if holds else number(found["o"] or "0")


def _holds(row: str, counts: Mapping[str, Fraction]) -> bool:
    for pattern in _CONDITIONS:
        if found := pattern.fullmatch(row):
            marks, value = found.groupdict(), counts[found["name"]]
            return number(marks.get("low") or "0") <= value <= number(marks.get("high") or str(value.__ceil__()))
    raise AssertionError(f"nobody can read: {row}")


def read_extra(sentence: str, language: str, actual: Fraction) -> Fraction:
    """The points of an extra within its limits."""
    found = _LIMITS[language].fullmatch(several(sentence))
    assert found, f"nobody can read: {sentence}"
    points = read(found["rule"], language, actual)
    points = min(points, number(found["most"])) if found["most"] else points
    return max(points, number(found["least"])) if found["least"] else points


def read_formula(sentence: str, language: str, actual: Fraction, counts: Mapping[str, Fraction]) -> Fraction:
    """The points of a formula, with the numbers that the sentence names put in."""
    found = _FORMULA[language].fullmatch(several(sentence))
    assert found, f"nobody can read: {sentence}"
    given = {key: number(told["n"]) for key, pattern in _GIVEN.items() if (told := pattern.search(found["rest"]))}
    values = {"actual": actual, **given, **counts}
    if found["rest"].endswith(_RATIO):
        values["attainment"] = max(actual / given["target"], Fraction(0))
    names = {**_WORDS[language], **{name: name for name in counts}}
    typed = re.sub(
        "|".join(sorted(names, key=len, reverse=True)), lambda m: _as_typed(values[names[m[0]]]), found["formula"]
    )
    return type_in(keys(typed))


def _as_typed(value: Fraction) -> str:
    return f"({value.numerator} / {value.denominator})"
