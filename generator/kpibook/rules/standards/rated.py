"""Rules that take points from people or from a formula of the company's own."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.base.entry import Entry, Number, PlainText, Text
from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.rules.formulas import FormulaText, Name
from kpibook.rules.standards.base import Case, Rule, RuleOutcome, Step, attainment, target_unusable
from kpibook.rules.standards.wording import Wording


class RatingLevel(Entry):
    """A lettered level of a rating with its range of points and what it means."""

    level: PlainText
    lowest: Number = Field(alias="from")
    highest: Number = Field(alias="to")
    default: Number | None = None
    """The points of the level where a rater gives the level alone."""
    meaning: Text = ""

    @property
    def only_points(self) -> mpq | None:
        """The points that the level stands for by itself; None where a rater has to say them."""
        return self.lowest if self.lowest == self.highest else self.default

    def stated(self, wording: Wording) -> str:
        """The level in words."""
        meaning = wording.write("label", label=self.meaning) if self.meaning else ""
        low, high = show(self.lowest), show(self.highest)
        values = {"level": self.level, "meaning": meaning, "low": low, "high": high}
        if self.lowest == self.highest:
            return wording.say("standards.level.point", **values)
        if self.default is None:
            return wording.say("standards.level.span", **values)
        return wording.say("standards.level.default", **values, default=show(self.default))


class Scale(Entry):
    """What raters give: from one number to another, and which of them is worth nothing."""

    lowest: Number = Field(default=ZERO, alias="from")
    highest: Number = Field(alias="to")
    zero: Number = ZERO
    """What is worth nothing; the highest is worth all points."""

    def points(self, rated: mpq, weight: mpq) -> mpq:
        """What a rating is worth; nothing where it lies under `zero`."""
        return max(weight * (rated - self.zero) / (self.highest - self.zero), ZERO)

    def rated_at(self, percent: mpq) -> mpq:
        """The rating that is worth so many % of the points."""
        return self.zero + (self.highest - self.zero) * percent / HUNDRED


def _scale(value: Any) -> Any:
    """A bare number is the highest: `scale: 100`."""
    return value if isinstance(value, Mapping | Scale) else Scale.build(to=value)


class RatingFault(ValueError):
    """A rating cannot be taken; `code` stands under `problems.` in the locale."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code}: {values}")
        self.code = code
        self.values = values


SILENT = {"share": "rating_several", "block": "rating_all", "zero": "rating_zero"}
"""The sentence on several raters, by what one without a rating does."""


class Rating(Rule):
    """The points that raters give, at most the weight."""

    rule: Literal["rating"]
    levels: tuple[RatingLevel, ...] = ()
    scale: Annotated[Scale, BeforeValidator(_scale, json_schema_input_type=Number | Scale)] | None = None
    """What raters give in place of points; it is turned into points."""

    def rating_points(self, value: mpq | None, level: str, weight: mpq) -> mpq:
        """The points of one rating, given as a number, as a level, or as both; with a scale what was given on it.

        Raises:
            RatingFault: the points lie outside 0 and the most that can be given or outside their level, the level is
                unknown, or a bare level leaves its points open.
        """
        least, weight = self.least, self.most(weight)
        known = {each.level: each for each in self.levels}
        if level and not known:
            raise RatingFault("rating-takes-points", most=show(weight))
        if level and level not in known:
            raise RatingFault("rating-level-unknown", level=level, levels=", ".join(known))
        if value is None:
            return _only_value(known[level], least, weight)
        if value < least or value > weight:
            raise _beyond(value, least, weight)
        allowed = [known[level]] if level else self.levels
        if allowed and not any(each.lowest <= value <= each.highest for each in allowed):
            raise RatingFault("rating-between-levels", points=show(value), levels=_ranges(allowed))
        return value

    def most(self, weight: mpq) -> mpq:
        """The most that a rater can give: the weight, or the end of the scale; on trial the best level or 100."""
        if self.scale:
            return self.scale.highest
        return weight or max((level.highest for level in self.levels), default=HUNDRED)

    def percent(self, given: mpq, weight: mpq) -> mpq:
        """How many % of the most a rating is worth."""
        return self.scale.points(given, HUNDRED) if self.scale else given * HUNDRED / self.most(weight)

    def given_at(self, percent: mpq, weight: mpq) -> mpq:
        """The rating that is worth so many % of the most."""
        return self.scale.rated_at(percent) if self.scale else self.most(weight) * percent / HUNDRED

    @property
    def least(self) -> mpq:
        """The least that a rater can give."""
        return self.scale.lowest if self.scale else ZERO

    def label(self, points: mpq, level: str = "") -> str:
        """The level of some points: the one that was written, else the first that holds them."""
        return level or next((each.level for each in self.levels if each.lowest <= points <= each.highest), "")

    def judge(self, case: Case) -> RuleOutcome:
        """The mean of the ratings by the weights of those who rated."""
        counted = sum((vote.weight for vote in case.votes), ZERO)
        if not counted:
            raise ValueError("a rating needs somebody whose vote counts")
        points = sum((vote.points * vote.weight for vote in case.votes), ZERO) / counted
        if len(case.votes) == 1:
            return RuleOutcome(points, (Step("rated", {"relation": case.votes[0].relation, "points": points}),))
        votes = tuple((vote.relation, vote.points, vote.weight) for vote in case.votes)
        return RuleOutcome(points, (Step("rated_mean", {"votes": votes, "counted": counted, "points": points}),))

    def scaled(self, found: RuleOutcome, weight: mpq) -> RuleOutcome:
        """What raters gave on a scale, turned into points; without a scale they gave points."""
        if self.scale is None or found.points is None:
            return found
        rated, scale = found.points, self.scale
        points = scale.points(rated, weight)
        values = {"weight": weight, "rated": rated, "zero": scale.zero, "most": scale.highest, "points": points}
        key = "rated_scaled_from" if scale.zero else "rated_scaled"
        return found._replace(points=points, steps=(*found.steps, Step(key, values)))

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        given: Mapping[Any, mpq] = wording.item.raters or wording.setting.raters
        weights = {relation: weight for relation, weight in given.items() if weight}
        whole = sum(weights.values(), ZERO)
        raters = [
            wording.write("rater", relation=wording.say(f"relations.{relation}"), share=show(weight * HUNDRED / whole))
            for relation, weight in weights.items()
        ]
        levels = [level.stated(wording) for level in self.levels]
        text = wording.write("rating") if self.scale is None else self._scale_stated(self.scale, wording)
        if levels:
            text += wording.write("rating_levels", levels=wording.write("comma").join(levels))
        if len(raters) == 1:
            text += wording.write("rating_one", relation=wording.say(f"relations.{next(iter(weights))}"))
        elif raters:
            key = SILENT[wording.setting.silent_raters]
            text += wording.write(key, raters=wording.write("comma").join(raters))
        unweighted = [wording.say(f"relations.{relation}") for relation, weight in given.items() if not weight]
        if unweighted:
            text += wording.write("rating_unweighted", raters=wording.write("comma").join(unweighted))
        return text + wording.write("rating_mean") + wording.write("stop")

    @staticmethod
    def _scale_stated(scale: Scale, wording: Wording) -> str:
        key = "rating_scale_from" if scale.zero else "rating_scale"
        values = {"least": show(scale.lowest), "most": show(scale.highest), "zero": show(scale.zero)}
        return wording.write(key, **values, width=show(scale.highest - scale.zero))


def _beyond(value: mpq, least: mpq, most: mpq) -> RatingFault:
    if least:
        return RatingFault("rating-beyond-scale", points=show(value), least=show(least), most=show(most))
    return RatingFault("rating-beyond-weight", points=show(value), weight=show(most))


def _only_value(level: RatingLevel, least: mpq, weight: mpq) -> mpq:
    points = level.only_points
    if points is None:
        low, high = show(level.lowest), show(level.highest)
        raise RatingFault("rating-level-open", level=level.level, low=low, high=high)
    if points > weight or points < least:
        raise _beyond(points, least, weight)
    return points


def _ranges(levels: tuple[RatingLevel, ...] | list[RatingLevel]) -> str:
    return ", ".join(f"{each.level} {show(each.lowest)}-{show(each.highest)}" for each in levels)


OF_THE_CASE = ("actual", "target", "weight", "attainment")
"""What a formula for points may use beside measures."""


class ByFormula(Rule):
    """Points from a formula over `actual`, `target`, `weight`, `attainment` and measures."""

    rule: Literal["formula"]
    points: FormulaText

    def judges_actual(self) -> bool:
        """Whether the formula uses the actual, itself or through the attainment."""
        return self._uses("actual") or self._uses("attainment")

    def judges_target(self) -> bool:
        """Whether the formula uses the target, itself or through the attainment."""
        return self._uses("target") or self._uses("attainment")

    def names(self) -> tuple[Name, ...]:
        """The measures of the formula."""
        return tuple(name for name in self.points.names if name.scope or name.id not in OF_THE_CASE)

    def _uses(self, identifier: str) -> bool:
        return Name("", identifier) in self.points.names

    def judge(self, case: Case) -> RuleOutcome:
        """What the formula gives; raises DivisionByZero."""
        values = dict(case.values)
        own = {"actual": case.actual, "target": case.target, "weight": case.weight}
        values |= {Name("", key): value for key, value in own.items() if value is not None}
        ratio = None
        if self._uses("attainment"):
            ratio = attainment(case)
            if ratio is None:
                return target_unusable(case)
            values[Name("", "attainment")] = ratio
        points = self.points.evaluate(values)
        step = Step("by_formula", {"formula": self.points, "numbers": values, "points": points})
        return RuleOutcome(points, (step,), ratio)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        formula = self.points.in_words(lambda name: self._name_text(name, wording))
        is_ratio = self._uses("attainment")
        used = [each for each in OF_THE_CASE if self._uses(each) or (each == "target" and is_ratio)]
        meanings = [self._meaning(identifier, wording) for identifier in used]
        return wording.listed([wording.write("formula", formula=formula), *meanings]) + wording.write("stop")

    @staticmethod
    def _meaning(identifier: str, wording: Wording) -> str:
        if identifier == "attainment" and wording.is_lower:
            return wording.say(f"standards.meaning.{'lower' if wording.target else 'lower_open'}")
        value = wording.weight
        if identifier == "target":
            value = wording.write("open_target") if wording.target is None else wording.amount(wording.target)
        return wording.say(f"standards.meaning.{identifier}", value=value)

    @staticmethod
    def _name_text(name: Name, wording: Wording) -> str:
        if not name.scope and name.id in OF_THE_CASE:
            return wording.say(f"words.{name.id}")
        return wording.name(name)
