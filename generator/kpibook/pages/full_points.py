"""What gives full points, in short, and where points jump or bend."""

from gmpy2 import mpq

from kpibook.base.word_units import TwoAnswers, of_limits
from kpibook.base.words import Words
from kpibook.model import Direction
from kpibook.pages.number_format import short_text
from kpibook.rules.standards import Bands, Linear, Range
from kpibook.scoring.results import ItemScore


def goal_text(score: ItemScore, say: Words) -> str:
    """What gives full points, in short: the target, the most that is allowed, the range; empty for any other rule."""
    unit, rule = of_limits(score.indicator.unit), score.item.standard
    if score.target:
        text, is_lower = (
            short_text(score.target.value, unit, say.language),
            score.indicator.direction is Direction.LOWER,
        )
        return say("cards.at_most", value=text) if is_lower and not isinstance(unit, TwoAnswers) else text
    match rule:
        case Range():
            low, high = (short_text(end, unit, say.language) for end in (rule.low, rule.high))
            return say("cards.between", low=low, high=high)
        case Linear():
            full = short_text(rule.full, unit, say.language)
            return say("cards.at_most", value=full) if rule.full < rule.zero else full
        case Bands() if rule.of == "actual":
            return _best_band(rule, unit, say)
    return ""


def _best_band(rule: Bands, unit: str, say: Words) -> str:
    """Where the band of most points lies, if it is open to one side."""
    best = max(rule.bands, key=lambda band: band.points)
    if best.lowest is None and best.highest is not None:
        key = "under" if best.ends.is_below else "at_most"
        return say(f"cards.{key}", value=short_text(best.highest, unit, say.language))
    if best.highest is None and best.lowest is not None:
        key = "over" if best.ends.is_above else "at_least"
        return say(f"cards.{key}", value=short_text(best.lowest, unit, say.language))
    return ""


def turning_points(score: ItemScore) -> tuple[mpq, ...]:
    """The values of the actual at which the points jump or bend, as far as they are marks of the rule itself."""
    found = [score.target.value] if score.target else []
    match score.item.standard:
        case Range() as rule:
            found += [rule.low, rule.high]
        case Linear() as rule:
            found += [rule.zero, rule.full]
        case Bands() as rule if rule.of == "actual":
            found += [end for band in rule.bands for end in (band.lowest, band.highest) if end is not None]
    return tuple(found)
