"""Nobody's total can be worked out of what pages tell of groups; by linear programming over all of it."""

import random
from collections.abc import Callable, Iterable

import pytest

import kpibook.pages.figures
from attack import a_company, a_scale, leaks_of, pages_of, read, worked_out
from card_attack import leaks_of_cards
from kpibook.pages import groups, suppression
from kpibook.pages.cycles import cycle
from kpibook.scoring.results import Card

COMPANIES = range(12)


@pytest.mark.parametrize("seed", COMPANIES)
def test_nobody_s_total_is_known_nearly(seed: int) -> None:
    assert leaks_of(seed) == {}


def test_the_attack_reads_what_pages_tell() -> None:
    dice, catalog = random.Random(4), a_scale()
    cards = a_company(dice, catalog)

    known = read(pages_of(cards, (), catalog))

    truth = {card.name: float(card.total) for card in cards if card.total is not None}
    assert known.totals
    assert {name: truth[name] for name in known.totals} == dict(known.totals)
    assert known.means


def everybody(cards: Iterable[Card]) -> suppression.PublishedPeople:
    """Everything that five people stand behind, as it was once."""
    told = suppression.graded(cards)
    departments = {card.department: [other for other in told if other.department == card.department] for card in told}
    large = {name: group for name, group in departments.items() if len(group) >= suppression.LEAST}
    return suppression.PublishedPeople(large, told)


def test_the_attack_works_totals_out_of_a_whole_that_leaves_few_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: figures of all people, whoever is left over."""
    monkeypatch.setattr(groups, "published_people", everybody)
    monkeypatch.setattr(cycle, "published_people", everybody)

    assert sum(bool(leaks_of(seed)) for seed in COMPANIES) >= 2


def test_the_attack_works_totals_out_of_ranks_between_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: ranks of everybody who is listed, whoever else shares the ranking."""

    def all_rankings(cards: Iterable[Card], group_of: Callable[[Card], str]) -> frozenset[str]:
        return frozenset(map(group_of, cards))

    monkeypatch.setattr(kpibook.pages.figures, "whole_rankings", all_rankings)

    assert sum(bool(leaks_of(seed)) for seed in COMPANIES) >= 2


@pytest.mark.parametrize("seed", range(30))
def test_no_reader_of_cards_knows_nearly_where_others_of_a_ranking_stand(seed: int) -> None:
    assert leaks_of_cards(seed)[0] == []


def test_most_cards_tell_their_rank() -> None:
    assert sum(leaks_of_cards(seed)[1] for seed in range(10)) > 20


def test_the_attack_works_totals_out_of_ranks_on_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: every card tells its rank."""
    monkeypatch.setattr(suppression, "gives_others_away", lambda seen, ranked: False)

    assert sum(bool(leaks_of_cards(seed)[0]) for seed in range(30)) >= 5


def test_the_attack_sees_who_is_named_beside_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: everybody is listed among those to look at, whose change is told, and stands on the map."""
    monkeypatch.setattr(kpibook.pages.figures.Figures, "publishable_cards", property(lambda self: self.results.cards))

    assert sum(bool(leaks_of(seed)) for seed in COMPANIES) >= 2


def test_nothing_hidden_leaves_nothing_to_work_out() -> None:
    dice, catalog = random.Random(1), a_scale()
    cards = a_company(dice, catalog)
    known = read(pages_of(cards, (), catalog))
    listed = [card for card in cards if card.name in known.totals]

    assert worked_out(known, listed) == {}
