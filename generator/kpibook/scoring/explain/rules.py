"""The rule of an item as a sentence, with what its company and its scorecard say beside it."""

from functools import lru_cache

from gmpy2 import mpq

from kpibook.base.day_texts import whole_day
from kpibook.base.identity import ByIdentity
from kpibook.base.numbers import ZERO, share_text, show
from kpibook.base.words import Words
from kpibook.model import Catalog, Company, Extra, NumberKind, ScorecardItem
from kpibook.rules.standards import NO_MARKS, Marks, Rating, Setting, example_text
from kpibook.scoring.explain.steps import formula_text
from kpibook.scoring.sources import Target


def rule_sentence(item: ScorecardItem | Extra, catalog: Catalog, say: Words, target: Target | None = None) -> str:
    """The rule of an item as a sentence, with the names of the catalog and the target that holds."""
    aim, marks = (target.value, target.beside) if target else (None, NO_MARKS)
    return _sentence(ByIdentity(item), ByIdentity(catalog), say, aim, marks)


def example_texts(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> tuple[str, ...]:
    """The cases by which the rule of an item is shown."""
    if item.standard is None:
        return ()
    setting, indicator = Setting(catalog.named), catalog.indicators[item.indicator]
    return tuple(example_text(example, item, indicator, say, setting) for example in item.standard.examples)


@lru_cache(maxsize=4096)
def _sentence(
    item: ByIdentity[ScorecardItem | Extra], catalog: ByIdentity[Catalog], say: Words, target: mpq | None, marks: Marks
) -> str:
    rule, handbook = item.value.standard, catalog.value
    if rule is None:
        return ""
    if isinstance(item.value, ScorecardItem) and item.value.weight == ZERO:
        return say("standards.trial")
    company = handbook.company
    setting = Setting(handbook.named, company.rater_weights, target, marks, company.missing_rater)
    sentence = rule.sentence(item.value, handbook.indicators[item.value.indicator], say, setting)
    return (
        sentence
        + _marks(item.value, say)
        + _exemption(item.value, handbook, say)
        + _terms_of_rating(item.value, handbook, say)
    )


def _marks(item: ScorecardItem | Extra, say: Words) -> str:
    """What the marks of an item count in the total; those of a section that shares its weight count together."""
    if isinstance(item, Extra) or item.marks is None or item.given_weight is None:
        return ""
    return say("standards.marks", marks=share_text(item.marks), weight=share_text(item.given_weight))


def _exemption(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """When an item does not apply, and what that means for its points."""
    if item.exempt is None:
        return ""
    weight = share_text(item.weight or ZERO)
    return say(
        f"standards.exempt.{item.exempt.then}", formula=formula_text(item.exempt.when, catalog, say), weight=weight
    )


def _terms_of_rating(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """Whose post rates, when what is written as a day is due, and when words are asked for."""
    return _posts(item, catalog, say) + _due(item, catalog, say) + _comment(item, catalog.company, say)


def _posts(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """By which posts raters rate."""
    posts = item.rater_posts if isinstance(item, ScorecardItem) else {}
    known = ((relation, catalog.roles.get(post)) for relation, post in posts.items())
    return "".join(
        say("standards.rated_by_post", relation=say(f"relations.{relation}"), post=role.name)
        for relation, role in known
        if role
    )


def _due(item: ScorecardItem | Extra, catalog: Catalog, say: Words) -> str:
    """From which day on the days are counted, where the item is judged by one."""
    indicator = catalog.indicators[item.indicator]
    key = indicator.formula.names[0].id if indicator.formula and indicator.formula.template == "{0}" else indicator.id
    written = catalog.collected(key)
    if written is None or written.kind is not NumberKind.DATE or item.standard is None:
        return ""
    if written.due_on is not None:
        return say("standards.due.on", day=whole_day(written.due_on, say))
    return "" if written.due_after is None else say("standards.due.after", days=written.due_after)


def _comment(item: ScorecardItem | Extra, company: Company, say: Words) -> str:
    """Under which share of the most, or of the target, words are asked for."""
    bound, rule = company.comment_bound(item), item.standard
    if bound is None or rule is None:
        return ""
    if isinstance(rule, Rating):
        return say("standards.comment.rating", bound=show(bound))
    return say("standards.comment.number", bound=show(bound)) if rule.judges_target() else ""
