"""Each rule with each of its parameters, and the sentence that states it in both languages."""

from typing import Any

import pytest
from gmpy2 import mpq

from kpibook.base.words import words
from kpibook.model import Extra, Indicator, ScorecardItem
from kpibook.rules.standards import Setting
from making import indicator, measure
from rule_parameters import ABSENT, BANDS, LATE, LEVELS, SHOWN

MEASURES = {
    each.id: each
    for each in (
        measure("late", name="迟到早退", unit="次"),
        measure("absent", name="缺勤", unit="天"),
        measure("shown", name="展现数", unit="次"),
        measure("views", name="浏览次数", unit="次"),
        measure("visitors", name="访客数", unit="人"),
    )
}
RATERS = {"manager": mpq("0.7"), "peer": mpq("0.3"), "self": mpq(0)}
RATE = {"unit": "%"}
MONEY = {"unit": "元"}
SENTENCES = [
    (
        {"rule": "proportional"},
        RATE,
        35,
        "达到目标 35% 得 15 分；未达到的，按实际值÷目标值的比例得分，最低 0 分。",
        "15 points when the target of 35% is reached; below it, 15 × actual ÷ target, never under 0.",
    ),
    (
        {"rule": "proportional"},
        RATE,
        None,
        "达到目标得 15 分；未达到的，按实际值÷目标值的比例得分，最低 0 分。",
        "15 points when the target is reached; below it, 15 × actual ÷ target, never under 0.",
    ),
    (
        {"rule": "proportional", "cap": "120", "floor": "60"},
        RATE,
        35,
        "对照目标 35% 计算达成率（实际值÷目标值），得分 = 15 分 × 达成率；"
        "达成率最低按 0 计，最高按 120% 计；达成率低于 60% 的不得分。",
        "15 points × attainment (actual ÷ target) of the target of 35%; "
        "attainment counts as at least 0 and at most 120%; attainment under 60% gives no points.",
    ),
    (
        {"rule": "proportional"},
        {"direction": "lower", **RATE},
        5,
        "不超过目标 5% 得 15 分；超过的，得分 = 15 分 ×（2－实际值÷目标值），最低 0 分。",
        "15 points up to the target of 5%; above it, 15 × (2 − actual ÷ target), never under 0.",
    ),
    (
        {"rule": "proportional"},
        {"direction": "lower", **RATE},
        None,
        "不超过目标得 15 分；超过的，得分 = 15 分 ×（2－实际值÷目标值），最低 0 分；"
        "目标为 0 时，实际值为 0 按达成率 100% 计，大于 0 按 0 计。",
        "15 points up to the target; above it, 15 × (2 − actual ÷ target), never under 0; "
        "with a target of 0, an actual of 0 counts as 100% and one above it as 0.",
    ),
    (
        {"rule": "proportional"},
        {"direction": "lower", "unit": "次"},
        0,
        "目标为 0：实际值为 0 得 15 分，大于 0 不得分。",
        "The target is 0: 15 points for an actual of 0, none for more.",
    ),
    (
        {"rule": "proportional", "lower": "inverse"},
        {"direction": "lower", **RATE},
        5,
        "不超过目标 5% 得 15 分；超过的，按目标值÷实际值的比例得分。",
        "15 points up to the target of 5%; above it, 15 × target ÷ actual.",
    ),
    (
        {"rule": "proportional", "lower": "inverse", "cap": "110"},
        {"direction": "lower", **RATE},
        5,
        "对照目标 5% 计算达成率（目标值÷实际值，实际值为 0 时取上限），得分 = 15 分 × 达成率；达成率最高按 110% 计。",
        "15 points × attainment (target ÷ actual; an actual of 0 counts as the most) of the target of 5%; "
        "attainment counts as at most 110%.",
    ),
    (
        {"rule": "proportional", "cap": "110"},
        {"direction": "lower", **RATE},
        5,
        "对照目标 5% 计算达成率（2－实际值÷目标值），得分 = 15 分 × 达成率；达成率最低按 0 计，最高按 110% 计。",
        "15 points × attainment (2 − actual ÷ target) of the target of 5%; "
        "attainment counts as at least 0 and at most 110%.",
    ),
    (
        {"rule": "proportional", "by": "difference"},
        RATE,
        35,
        "达到目标 35% 得 15 分；每低于目标 1 个百分点，扣 15 分的 1%，不足 1 个百分点的按比例扣，扣完为止。",
        "15 points when the target of 35% is reached; each percentage point below it costs 1% of 15 points, "
        "parts of a point in proportion, down to 0.",
    ),
    (
        {"rule": "proportional", "by": "difference"},
        {"direction": "lower", **RATE},
        5,
        "不超过目标 5% 得 15 分；每高于目标 1 个百分点，扣 15 分的 1%，不足 1 个百分点的按比例扣，扣完为止。",
        "15 points up to the target of 5%; each percentage point above it costs 1% of 15 points, "
        "parts of a point in proportion, down to 0.",
    ),
    (
        {"rule": "all_or_nothing"},
        RATE,
        2,
        "达到目标 2% 得 15 分，未达到不得分。",
        "15 points when the target of 2% is reached, else none.",
    ),
    (
        {"rule": "all_or_nothing", "otherwise": "1"},
        {"direction": "lower", "unit": "秒"},
        30,
        "不超过目标 30 秒得 15 分，超过得 1 分。",
        "15 points up to the target of 30 秒, else 1.",
    ),
    (
        {"rule": "all_or_nothing", "otherwise": "-1"},
        RATE,
        2,
        "达到目标 2% 得 15 分，未达到扣 1 分。",
        "15 points when the target of 2% is reached, else 1 off.",
    ),
    (
        {"rule": "all_or_nothing", "require": [*SHOWN, {"measure": "late", "at_most": "0"}, {"measure": "absent"}]},
        {},
        None,
        "下列条件全部满足得 15 分，否则不得分：展现数不低于 20,000 次；浏览次数不低于 10,000 次；"
        "访客数在 4,000 人至 9,000 人之间（含两端）；迟到早退不超过 0 次；缺勤不限。",
        "15 points when all of these hold, else none: 展现数 is at least 20,000 次; 浏览次数 is at least 10,000 次; "
        "访客数 is from 4,000 人 to 9,000 人 (both included); 迟到早退 is at most 0 次; 缺勤 is any number.",
    ),
    (
        {"rule": "bands", "bands": BANDS},
        RATE,
        None,
        "按实际值分档，自上而下取第一个符合的档次：不低于 95% 得 10 分（good）；80% 至 94%（含两端）得 7 分；"
        "不超过 20% 得 1 分；其余得 3 分。",
        "Points by the actual, the first of these that holds: 10 from 95% on (good); "
        "7 from 80% to 94%, both included; 1 up to 20%; 3 for anything else.",
    ),
    (
        {"rule": "bands", "of": "attainment", "bands": BANDS[:2]},
        MONEY,
        50000,
        "对照目标 50,000 元计算达成率（实际值÷目标值，最低为 0），自上而下取第一个符合的档次："
        "不低于 95% 得 10 分（good）；80% 至 94%（含两端）得 7 分；其余得 0 分。",
        "Points by attainment (actual ÷ target, never under 0) of the target of 50,000 元, "
        "the first of these that holds: 10 from 95% on (good); 7 from 80% to 94%, both included; 0 for anything else.",
    ),
    (
        {"rule": "bands", "of": "attainment", "bands": [{"points": "5"}]},
        {"direction": "lower", **MONEY},
        50000,
        "对照目标 50,000 元计算达成率（2－实际值÷目标值，最低为 0；目标为 0 时，实际值为 0 是 100%，大于 0 是 0%），"
        "自上而下取第一个符合的档次：一律得 5 分。",
        "Points by attainment (2 − actual ÷ target, never under 0; with a target of 0, 100% at an actual of 0 and 0% "
        "above it) of the target of 50,000 元, the first of these that holds: 5 always.",
    ),
    (
        {"rule": "linear", "zero": "60", "full": "90"},
        RATE,
        None,
        "达到 90% 得 15 分，不超过 60% 得 0 分；两者之间从 60% 起按直线比例得分。",
        "15 points from 90% on, 0 points up to 60%; in between a straight line from 60% on.",
    ),
    (
        {"rule": "linear", "zero": "48", "full": "24"},
        {"unit": "小时"},
        None,
        "不超过 24 小时得 15 分，达到 48 小时得 0 分；两者之间从 48 小时起按直线比例得分。",
        "15 points up to 24 小时, 0 points from 48 小时 on; in between a straight line from 48 小时 on.",
    ),
    (
        {"rule": "range", "low": "3", "high": "5", "zero_below": "1"},
        {"unit": "家"},
        None,
        "在 3 家至 5 家之间（含两端）得 15 分；低于 3 家的按直线比例递减，1 家及以下得 0 分；高于 5 家不得分。",
        "15 points from 3 家 to 5 家 (both included); below 3 家 a straight line down to 0 points at 1 家 and less; "
        "no points above 5 家.",
    ),
    (
        {"rule": "range", "low": "3", "high": "5", "zero_above": "9"},
        {"unit": "家"},
        None,
        "在 3 家至 5 家之间（含两端）得 15 分；低于 3 家不得分；高于 5 家的按直线比例递减，9 家及以上得 0 分。",
        "15 points from 3 家 to 5 家 (both included); no points below 3 家; "
        "above 5 家 a straight line down to 0 points at 9 家 and more.",
    ),
    (
        {
            "rule": "deduction",
            "deduct": [{**LATE, "per": "3"}, ABSENT, {"measure": "x", "points": "5", "name": "离岗"}],
        },
        {},
        None,
        "满分 15 分，按下列各条扣分，扣完为止：迟到早退每满 3 次扣 2 分；"
        "缺勤满 1 天扣 1 分、满 2 天扣 3 分、满 3 天扣 5 分、满 4 天扣 10 分"
        "（只按达到的最高一档扣）；离岗每满 1 扣 5 分。",
        "15 points less the following, down to 0: 迟到早退: 2 for each full 3 次; "
        "缺勤: 1 from 1 天 on, 3 from 2 天 on, 5 from 3 天 on, 10 from 4 天 on (only the highest that is reached); "
        "离岗: 5 for each full 1.",
    ),
    (
        {"rule": "shortfall", "per": "5000", "points": "3"},
        MONEY,
        50000,
        "达到目标 50,000 元得 15 分；每差 5,000 元扣 3 分（不足 5,000 元的部分不扣），扣完为止。",
        "15 points when the target of 50,000 元 is reached; each 5,000 元 below it costs 3 points "
        "(less than 5,000 元 costs nothing), down to 0.",
    ),
    (
        {"rule": "shortfall", "per": "5000", "points": "3", "units": "started"},
        MONEY,
        50000,
        "达到目标 50,000 元得 15 分；每差 5,000 元扣 3 分（不足 5,000 元的部分按 5,000 元扣），扣完为止。",
        "15 points when the target of 50,000 元 is reached; each 5,000 元 below it costs 3 points "
        "(less than 5,000 元 costs as much as 5,000 元), down to 0.",
    ),
    (
        {"rule": "shortfall", "per": "5000", "points": "3", "units": "exact"},
        MONEY,
        50000,
        "达到目标 50,000 元得 15 分；每差 5,000 元扣 3 分（不足 5,000 元的部分按比例扣），扣完为止。",
        "15 points when the target of 50,000 元 is reached; each 5,000 元 below it costs 3 points "
        "(less than 5,000 元 costs its part), down to 0.",
    ),
    (
        {"rule": "rating", "levels": LEVELS},
        {},
        None,
        "由评分人在 0 至 15 分之间评分，分档为：A（precise） 5 分、B 2 至 4 分、C 0 至 2 分；"
        "各方权重：上级 70%、同事 30%，没有评分的一方不计，其余各方按权重比例折算；"
        "本人的评分只列出，不计分；同一方有多人评分的，取平均分。",
        "Raters give 0 to 15 points, by levels: A (precise) 5 points, B 2 to 4 points, C 0 to 2 points; "
        "weights: manager 70%, peers 30%; whoever gave no rating does not count, and the others keep their proportion; "
        "ratings by self are shown and do not count; "
        "of several ratings by the same side the mean counts.",
    ),
    (
        {"rule": "rating", "levels": [{"level": "A", "from": "8", "to": "15", "default": "12"}]},
        {},
        None,
        "由评分人在 0 至 15 分之间评分，分档为：A 8 至 15 分（只选等级按 12 分）；"
        "各方权重：上级 70%、同事 30%，没有评分的一方不计，其余各方按权重比例折算；"
        "本人的评分只列出，不计分；同一方有多人评分的，取平均分。",
        "Raters give 0 to 15 points, by levels: A 8 to 15 points (12 for the level alone); "
        "weights: manager 70%, peers 30%; whoever gave no rating does not count, and the others keep their proportion; "
        "ratings by self are shown and do not count; "
        "of several ratings by the same side the mean counts.",
    ),
    (
        {"rule": "formula", "points": "weight * attainment - late + previous.views"},
        RATE,
        35,
        "得分 = 权重 × 达成率 - 迟到早退 + 上期浏览次数；目标值为 35%；权重为 15；达成率 = 实际值 ÷ 目标值，最低为 0。",
        "Points = weight × attainment - 迟到早退 + previous 浏览次数; target is 35%; weight is 15; "
        "attainment = actual ÷ target, never under 0.",
    ),
    (
        {"rule": "formula", "points": "attainment + actual / target"},
        {"direction": "lower", **RATE},
        35,
        "得分 = 达成率 + 实际值 ÷ 目标值；实际值为本指标的实际值；目标值为 35%；"
        "达成率 = 2 − 实际值 ÷ 目标值，最低为 0。",
        "Points = attainment + actual ÷ target; actual is what was measured for this indicator; "
        "target is 35%; attainment = 2 − actual ÷ target, never under 0.",
    ),
]


@pytest.mark.parametrize(("standard", "of", "target", "zh", "en"), SENTENCES)
def test_the_sentence_states_every_parameter(
    standard: dict[str, Any], of: dict[str, str], target: int | None, zh: str, en: str
) -> None:
    item = ScorecardItem.build(indicator="x", weight=15, target=target, standard=standard)
    setting = Setting(MEASURES.get, RATERS)

    texts = [_sentence(item, indicator("x", **of), language, setting) for language in ("zh", "en")]

    assert texts == [zh, en]


def _sentence(item: ScorecardItem | Extra, of: Indicator, language: str, setting: Setting) -> str:
    assert item.standard is not None
    return item.standard.sentence(item, of, words(language), setting)


@pytest.mark.parametrize(
    ("standard", "limits", "zh", "en"),
    [
        (
            {"rule": "excess", "per": "5000", "points": "3"},
            {"max": "20", "target": "50000"},
            "超出目标 50,000 元的部分，每 5,000 元加 3 分（不足 5,000 元的部分不计）。最多 20 分。",
            "3 points for each 5,000 元 above the target of 50,000 元 "
            "(less than 5,000 元 does not count). At most 20 points.",
        ),
        (
            {"rule": "excess", "per": "5000", "points": "3", "units": "started"},
            {},
            "超出目标的部分，每 5,000 元加 3 分（不足 5,000 元的部分按 5,000 元计）。",
            "3 points for each 5,000 元 above the target (less than 5,000 元 counts as 5,000 元).",
        ),
        (
            {"rule": "excess", "per": "5000", "points": "-3", "units": "exact"},
            {"min": "-10"},
            "超出目标的部分，每 5,000 元扣 3 分（不足 5,000 元的部分按比例计）。最低 -10 分。",
            "3 points off for each 5,000 元 above the target "
            "(less than 5,000 元 counts by its part). At least -10 points.",
        ),
        (
            {"rule": "deduction", "deduct": [LATE]},
            {"min": "-10"},
            "按下列各条扣分：迟到早退每次扣 2 分。最低 -10 分。",
            "Points are taken off as follows: 迟到早退: 2 for each 次. At least -10 points.",
        ),
    ],
)
def test_the_sentence_of_an_extra_states_its_limits(
    standard: dict[str, Any], limits: dict[str, str], zh: str, en: str
) -> None:
    extra = Extra.build(indicator="x", standard=standard, **limits)

    texts = [_sentence(extra, indicator("x", **MONEY), language, Setting(MEASURES.get)) for language in ("zh", "en")]

    assert texts == [zh, en]


def test_a_sentence_names_ids_where_it_knows_no_names() -> None:
    item = ScorecardItem.build(indicator="x", weight=15, standard={"rule": "deduction", "deduct": [LATE]})
    assert item.standard is not None

    text = item.standard.sentence(item, indicator("x"), words("en"))

    assert text == "15 points less the following, down to 0: late: 2 for each full 1."


def test_a_sentence_without_raters_names_none() -> None:
    item = ScorecardItem.build(indicator="x", weight=15, standard={"rule": "rating"})

    text = _sentence(item, indicator("x"), "en", Setting())

    assert text == "Raters give 0 to 15 points; of several ratings by the same side the mean counts."


def test_a_single_rater_is_named() -> None:
    raters = {"customer": "1"}
    item = ScorecardItem.build(indicator="x", weight=15, standard={"rule": "rating"}, raters=raters)

    text = _sentence(item, indicator("x"), "zh", Setting(raters=RATERS))

    assert text == "由评分人在 0 至 15 分之间评分；以客户评分为准；同一方有多人评分的，取平均分。"


def test_the_target_of_a_person_stands_in_the_sentence() -> None:
    item = ScorecardItem.build(indicator="x", weight=15, target=50, standard={"rule": "all_or_nothing"})

    text = _sentence(item, indicator("x"), "en", Setting(target=mpq(40)))

    assert text == "15 points when the target of 40 is reached, else none."
