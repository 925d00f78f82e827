"""Another weight, another target, an item on trial: against the company written and scored anew."""

from collections.abc import Callable
from dataclasses import replace

from gmpy2 import mpq
from hypothesis import given, settings

from changed_worlds import aimed, on_trial, weighted
from kpibook.analysis.regrading import Regrader
from kpibook.analysis.sensitivity import Effect, VariantKind, sensitivity, trials
from kpibook.model import Catalog
from kpibook.rules.formulas import Formula
from kpibook.scoring import score
from kpibook.scoring.results import Card, Results
from making import catalog, cycle, indicator, item, measure, person, role
from oracle import World
from worlds import as_catalog, as_cycle, worlds

CHANGED: dict[VariantKind, Callable[[World, str, int, mpq], World]] = {
    VariantKind.WEIGHT: weighted,
    VariantKind.TARGET: aimed,
    VariantKind.TRIAL: on_trial,
}


def regrader_of(world: World) -> Regrader:
    catalog, cycle = as_catalog(world), as_cycle(world)
    return Regrader(score(catalog, cycle, {}), catalog, {})


def grades_after(regrader: Regrader, effect: Effect) -> dict[str, str]:
    """The grade of everybody whose card can be graded anew, as the effect says."""
    grades = {card.person: grade_of(card) for card in regrader.cards}
    for move in effect.moves:
        assert (move.before.id if move.before else "") == grades[move.card.person]
        grades[move.card.person] = move.after.id if move.after else ""
    return grades


def grade_of(card: Card) -> str:
    return card.grade.id if card.grade else ""


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_every_effect_is_that_of_scoring_the_changed_company_anew(world: World) -> None:
    regrader = regrader_of(world)

    effects = (*sensitivity(regrader), *trials(regrader))

    for effect in effects:
        kind, role_id, place, after = effect.variant
        changed = CHANGED[kind](world, role_id, place, after)
        anew = {card.person: grade_of(card) for card in score(as_catalog(changed), as_cycle(changed), {}).cards}
        found = grades_after(regrader, effect)
        asked = concerned(regrader, effect, world)
        assert {person: grade for person, grade in found.items() if person in asked} == {
            person: anew[person] for person in asked
        }


def concerned(regrader: Regrader, effect: Effect, world: World) -> set[str]:
    """Whom a variant is about; an item on trial that was not measured is nobody's."""
    holders = [card for card in regrader.cards if any(p.role.id == effect.variant.role for p in card.spans)]
    if effect.variant.kind is VariantKind.TRIAL:
        place = effect.variant.place
        parts = {c.person: [p.items[place] for p in c.spans if p.role.id == effect.variant.role] for c in holders}
        holders = [c for c in holders if all(each.status.value == "trial" for each in parts[c.person])]
        item = [each for each in world.roles[effect.variant.role] if not each.is_extra][place]
        if item.standard["rule"] == "bands" and not any(mpq(band["points"]) for band in item.standard["bands"]):
            holders = []
    assert len(holders) == effect.people
    return {card.person for card in holders}


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_a_card_left_as_it_is_keeps_its_grade(world: World) -> None:
    regrader = regrader_of(world)

    for card in regrader.cards:
        assert grade_of_changed(regrader, card) == grade_of(card)
        if plain := regrader.plain_card(card):
            assert regrader.grade_of_plain(plain, mpq(0)) is card.grade


def grade_of_changed(regrader: Regrader, card: Card) -> str:
    grade = regrader.grade_of_changed(card, lambda part: (part.items, part.extras))
    return grade.id if grade else ""


def a_shop(sales: dict[str, int], weight: int = 60) -> tuple[Catalog, Results]:
    """Clerks who are judged by sales, and by manners that all have in full."""
    made = catalog(
        [
            role(
                "clerk",
                [
                    item("turnover", weight, {"rule": "proportional"}, target="100"),
                    item("manners", 100 - weight, {"rule": "linear", "zero": "0", "full": "10"}),
                ],
            )
        ],
        [indicator("turnover", formula="sales"), indicator("manners", formula="smiles")],
        [measure("sales"), measure("smiles")],
    )
    numbers = {(who, key): value for who, sold in sales.items() for key, value in (("sales", sold), ("smiles", 10))}
    return made, score(made, cycle([person(who) for who in sales], numbers), {})


def test_a_weight_that_decides_names_who_moves_and_where_to() -> None:
    # 65 of 100 sales and full manners: 0.65 * 60 + 40 = 79, and 0.65 * 55 + 45 = 80.75.
    made, results = a_shop({"E1": 65, "E2": 100, "E3": 10})

    effects = sensitivity(Regrader(results, made, {}))

    found = {
        (str(e.variant.kind), e.indicator, str(e.variant.after)): [
            (m.card.person, m.before and m.before.id, m.after and m.after.id) for m in e.moves
        ]
        for e in effects
    }
    assert found == {
        ("weight", "turnover", "65"): [],
        ("weight", "turnover", "55"): [("E1", "C", "B")],
        ("target", "turnover", "11/10"): [],
        ("target", "turnover", "9/10"): [("E1", "C", "B")],
        ("weight", "manners", "45"): [("E1", "C", "B")],
        ("weight", "manners", "35"): [],
    }


def test_a_total_that_rounds_up_to_a_mark_has_reached_it() -> None:
    # A total of exactly 79.95 rounds to 80.0: target * 0.9 makes 0.6 * x * 100 / 90 + 40.
    made, results = a_shop({"E1": 60})
    regrader = Regrader(results, made, {})
    plain = regrader.plain_card(results.cards[0])
    assert plain is not None

    below, reached = (regrader.grade_of_plain(plain, mpq(text) - plain.exact) for text in ("79.9499999", "79.95"))

    assert (below and below.id, reached and reached.id) == ("C", "B")


def test_an_extra_without_a_target_of_its_own_follows_that_of_the_item() -> None:
    rules = [
        item("turnover", 60, {"rule": "proportional"}, target="100"),
        item("manners", 40, {"rule": "linear", "zero": "0", "full": "10"}),
    ]
    extras = [{"indicator": "turnover", "standard": {"rule": "excess", "per": "5", "points": "3"}, "max": "20"}]
    made = catalog(
        [role("clerk", rules, extras=extras)],
        [indicator("turnover", formula="sales"), indicator("manners", formula="smiles")],
        [measure("sales"), measure("smiles")],
    )
    numbers = {("E1", "sales"): 98, ("E1", "smiles"): 5}

    effects = sensitivity(Regrader(score(made, cycle([person("E1")], numbers), {}), made, {}))

    # 58.8 + 20 = 78.8 is C; at a target of 90 60 + 20 + 3 = 83 is B.
    [lower] = [each for each in effects if each.variant.kind is VariantKind.TARGET and each.variant.after < 1]
    assert [(move.before and move.before.id, move.after and move.after.id) for move in lower.moves] == [("C", "B")]


def test_items_that_are_rounded_are_rounded_anew() -> None:
    rules = [
        item("turnover", 60, {"rule": "proportional"}, target="100"),
        item("manners", 40, {"rule": "linear", "zero": "0", "full": "10"}),
    ]
    made = catalog(
        [role("clerk", rules)],
        [indicator("turnover", formula="sales"), indicator("manners", formula="smiles")],
        [measure("sales"), measure("smiles")],
        grades=(("A", 90), ("B", 55), ("C", 0)),
        rounding={"score": 0, "at": "item"},
    )
    numbers = {("E1", "sales"): "33.3", ("E1", "smiles"): "9.375"}

    effects = sensitivity(Regrader(score(made, cycle([person("E1")], numbers), {}), made, {}))

    # 20 + 38 = 58 now; 22 + 33 = 55 with rounding, 54.5 without.
    [heavier] = [each for each in effects if each.indicator == "turnover" and each.variant.after == mpq(65)]
    assert heavier.moves == ()


def test_a_total_below_the_lowest_line_has_no_grade() -> None:
    made, results = a_shop({"E1": 60})
    regrader = Regrader(results, made, {})
    plain = regrader.plain_card(results.cards[0])
    assert plain is not None

    grades = [regrader.grade_of_plain(plain, mpq(text) - plain.exact) for text in ("0", "-0.04", "-0.06")]

    assert [grade and grade.id for grade in grades] == ["D", "D", None]


def test_a_grade_that_asks_for_more_than_the_total_is_asked_again() -> None:
    made, results = a_shop({"E1": 65}, weight=60)
    asking = [
        grade.model_copy(update={"when": (Formula.parse("smiles > 10"),)}) if grade.id == "B" else grade
        for grade in made.grades
    ]
    strict = replace(made, grades=tuple(asking))

    effects = sensitivity(Regrader(score(strict, results.cycle, {}), strict, {}))

    # A B needs more smiles than there are: 80.75 is a C as 79 was.
    assert [each.moves for each in effects] == [()] * len(effects)
