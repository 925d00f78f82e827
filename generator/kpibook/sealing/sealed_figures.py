"""The figures of a seal in place of those that this program computes otherwise: what people were shown counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.problems import NOWHERE
from kpibook.model import Catalog
from kpibook.scoring.results import Card, ItemScore, Results, RoleSpan, Status
from kpibook.scoring.sources import Target, TargetOrigin
from kpibook.sealing.result_numbers import result_number, results_hash
from kpibook.sealing.revisions import Sealed
from kpibook.sealing.tables import PAY


def as_sealed(results: Results, sealed: Sealed, catalog: Catalog) -> Results:
    """The results with the sealed figures wherever they differ; those cards say so."""
    if results_hash(results) == sealed.newest.results:
        return results
    totals, items = sealed.totals(sealed.number), sealed.items(sealed.number)
    rows: dict[str, list[dict[str, str]]] = {}
    for row in items:
        rows.setdefault(row["person"], []).append(row)
    salt, numbers = sealed.newest.salt, sealed.newest.people

    def mended(card: Card) -> Card:
        if card.person not in totals or (not card.is_unit and result_number(card, salt) == numbers.get(card.person)):
            return card
        return _card(card, totals[card.person], rows.get(card.person, []), catalog)

    return replace(results, cards=tuple(map(mended, results.cards)), units=tuple(map(mended, results.units)))


def _card(card: Card, row: Mapping[str, str], items: Sequence[Mapping[str, str]], catalog: Catalog) -> Card:
    grade = next((each for each in catalog.grades if each.id == row["grade"]), None)
    return replace(
        card,
        spans=tuple(_spans(card, items)),
        total=_number(row["total"]),
        exact=_number(row["total_exact"]),
        computed=_number(row["computed"]),
        coverage=_number(row["coverage"]) or ZERO,
        status=Status(row["status"]),
        grade=grade,
        rank=int(row["rank"]) if row["rank"] else None,
        ranked=int(row["ranked"] or 0),
        pay=tuple(
            outcome._replace(amount=_number(row.get(f"{PAY}{outcome.line.name}", "")), steps=(), missing=(), sources=())
            for outcome in card.pay
        ),
        steps=(),
        gates=(),
        gaps=(),
        conditions=(),
        is_as_sealed=True,
    )


def _spans(card: Card, rows: Sequence[Mapping[str, str]]) -> list[RoleSpan]:
    """The spans with the sealed figure of each item, where there are as many of them as were sealed."""
    scores = [score for span in card.spans for score in (*span.items, *span.extras)]
    if len(scores) != len(rows):
        return [replace(span, items=(), extras=()) for span in card.spans]
    figures = iter([_item(score, row) for score, row in zip(scores, rows, strict=True)])
    return [
        replace(
            span,
            items=tuple(next(figures) for _ in span.items),
            extras=tuple(next(figures) for _ in span.extras),
            total=None,
        )
        for span in card.spans
    ]


def _item(score: ItemScore, row: Mapping[str, str]) -> ItemScore:
    target = _number(row["target"])
    return replace(
        score,
        weight=_number(row["weight"]) or ZERO,
        target=None if target is None else Target(target, TargetOrigin.ROLE, NOWHERE),
        actual=_number(row["actual"]),
        attainment=_number(row["attainment"]),
        points=_number(row["points"]),
        status=Status(row["status"]),
        label=row["label"],
        steps=(),
        sources=(),
        missing=(),
        original=None,
        findings=(),
    )


def _number(text: str) -> mpq | None:
    return mpq(text) if text else None
