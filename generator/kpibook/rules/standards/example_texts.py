"""The examples of a rule in words."""

from collections.abc import Iterator

from kpibook.base.numbers import show
from kpibook.base.words import Words
from kpibook.rules.standards.examples import Example
from kpibook.rules.standards.wording import Item, Setting, Subject, Wording


def example_text(example: Example, item: Item, indicator: Subject, say: Words, setting: Setting) -> str:
    """A case with its points: `实际值 28%，得 12 分`."""
    given = say("standards.example.and").join(_given_texts(example, Wording(item, indicator, say, setting)))
    note = say("standards.label", label=example.note) if example.note else ""
    return say("standards.example.case", given=given, points=show(example.points), note=note)


def _given_texts(example: Example, wording: Wording) -> Iterator[str]:
    say = wording.say
    if example.actual is not None:
        yield say("standards.example.number", name=say("words.actual"), value=wording.amount(example.actual))
    if example.target is not None:
        yield say("standards.example.number", name=say("words.target"), value=wording.amount(example.target))
    for name, value in example.numbers.items():
        text = wording.amount(value, name.id)
        yield say("standards.example.number", name=wording.name(name), value=text)
    if example.level:
        yield say("standards.example.level", level=example.level)
    if example.value is not None:
        yield say("standards.example.rated", points=show(example.value))
    for relation, points in example.votes.items():
        key = f"relations.{relation}"
        who = say(key) if key in say else relation
        yield say("standards.example.number", name=who, value=say("standards.example.points", points=show(points)))
