"""Requirements that may shut people out for what they are, not for what they can do."""

import re
from collections.abc import Iterator
from functools import cache

from kpibook.base.entry import Entry
from kpibook.base.problems import Level, Problem
from kpibook.base.words import LANGUAGES, words
from kpibook.checking.checks.base import holders
from kpibook.checking.lint.base import Review
from kpibook.model import Role

GROUNDS = ("age", "sex", "family", "origin", "health")
QUALIFICATIONS = ("education", "experience", "knowledge", "skills", "qualities", "other")


def lint_requirements_fair(review: Review) -> Iterator[Problem]:
    """No requirement names age, sex, marriage and children, origin or health; both languages' words are looked for."""
    say = words(review.catalog.company.language)
    for holder in holders(review.catalog):
        for entry, key, text in _requirements(holder.entry):
            for ground, found in _grounds(text):
                values = {"owner": holder.entry.name, "text": found, "ground": say(f"lint.grounds.{ground}.name")}
                yield Problem("lint-may-discriminate", entry.place_of(key), values, Level.WARNING)


def _requirements(owner: Entry) -> Iterator[tuple[Entry, str, str]]:
    """What a role or a department asks of people, with where it stands."""
    if isinstance(owner, Role):
        for key in QUALIFICATIONS:
            value: str | tuple[str, ...] = getattr(owner.qualifications, key)
            for text in (value,) if isinstance(value, str) else value:
                yield owner.qualifications, key, text
    for duty in getattr(owner, "duties", ()):
        yield duty, "requirement", duty.requirement


def _grounds(text: str) -> Iterator[tuple[str, str]]:
    """The grounds that a text names, each once, with the words that name it."""
    for allowed, grounds in _patterns():
        asked = allowed.sub(" ", text)
        for ground, pattern in grounds:
            found = pattern.search(asked)
            if found:
                yield ground, found[0].strip()


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]], ...]:
    """By language: what is allowed, and the words for each ground."""
    found = []
    for say in map(words, LANGUAGES):
        grounds = ((ground, _any_case(say(f"lint.grounds.{ground}.words"))) for ground in GROUNDS)
        found.append((_any_case(say("lint.allowed")), tuple(grounds)))
    return tuple(found)


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
