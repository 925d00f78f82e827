"""From the events of the YAML parser to texts, lists and mappings with their places, bounded and without recursion."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from kpibook.base.entry import Located, LocatedList
from kpibook.base.problems import NOWHERE, Level, Place, Problem
from kpibook.reading.yamlfile.characters import Scan, hidden_in
from kpibook.reading.yamlfile.strictness import Strictness
from kpibook.reading.yamlfile.syntax import is_consequence, syntax_problem

MAX_DEPTH = 32
MAX_NODES = 200_000

_KEY = re.compile(r"[A-Za-z0-9_.+-]{1,200}", re.ASCII)
_CUT = re.compile(r"(?m) #[^\s#!]")
_CJK = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_QUOTES = "\u201c\u201d\u2018\u2019\uff02\uff07"
_WIDE_QUOTED = re.compile(f"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]")
_new: Callable[[type[Place], tuple[object, ...]], Place] = tuple.__new__
_DROP = ""
"""Stands for a key whose value is read but not kept."""

Value = Located | LocatedList | str | None


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being filled; a mapping alternates between a key and its value."""

    node: Located | LocatedList
    key: str | None = None
    key_at: Place = NOWHERE


class _Stop(Exception):
    """Reading on would be useless or too much; what was wrong is told already."""


def compose(seen: Scan, name: str) -> tuple[Located | LocatedList | None, list[Problem]]:
    """The value of a YAML text whose characters were scanned, and all its further faults."""
    composer = _Composer(seen.text, name)
    try:
        composer.run()
    except _Stop:
        composer.cut()
    except yaml.YAMLError as error:
        composer.cut()
        problem = syntax_problem(error, composer.lines, name)
        if problem.code == "colon-in-text":
            composer.forget(problem.place.line)
        composer.problems = [p for p in composer.problems if not is_consequence(p, problem)]
        if composer.folded_at != problem.place.line and not seen.explains(problem):
            composer.problems.append(problem)
    return composer.root, [p for p in composer.problems if not (p.code == "multi-line-text" and seen.misleads(p))]


def _end(event: yaml.Event) -> tuple[int, int]:
    """Line and column just behind an event, from 0."""
    return (event.end_mark.line, event.end_mark.column) if event.end_mark else (0, 0)


class _Composer:
    def __init__(self, text: str, name: str) -> None:
        # Blanks at the very end are a line of a block text, which the parser knows only by its line break.
        self.text = f"{text}\n" if text[-1:] == " " else text
        self.name = name
        self.lines = text.split("\n")
        self.root: Located | LocatedList | None = None
        self.stack: list[_Frame] = []
        self.problems: list[Problem] = []
        self.documents = 0
        self.nodes = 0
        self.folded_at = -1
        self.has_cut_text = bool(_CUT.search(text))

    def run(self) -> None:
        """Read all events; raises _Stop at a bound or a second document, YAMLError where the text is no YAML."""
        handlers: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.DocumentEndEvent: self._document_end,
        }
        strictness = Strictness(self.text, self.lines, self.name)
        is_plain = strictness.is_plain
        for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
            # Two events of three are scalars, of which nearly all files have none to be looked at.
            is_fine = is_plain and isinstance(event, yaml.ScalarEvent) and event.value != "-"
            if not is_fine and (problem := strictness.problem(event)):
                self.problems.append(problem)
            handler = handlers.get(type(event))
            if handler:
                handler(event)

    def cut(self) -> None:
        """Mark everything that is still open as not read to its end."""
        for frame in self.stack:
            frame.node.is_cut = True

    def forget(self, line: int) -> None:
        """Leave out the last value if it is only the beginning of a text in this line."""
        node = self.stack[-1].node if self.stack else None
        if isinstance(node, Located) and node:
            key = list(node)[-1]
            if node.values_at[key].line == line:
                del node[key]

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            self._report("several-documents", self._place(event))
            raise _Stop
        if event.version or event.tags:
            line = next(number for number, line in enumerate(self.lines, start=1) if line.startswith("%"))
            self._report("directive", Place(self.name, line, 1))

    def _document_end(self, event: yaml.DocumentEndEvent) -> None:
        if event.explicit:
            self._report("several-documents", self._place(event))
            raise _Stop

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._count(event)
        place = self._place(event)
        self._refuse_marks(event, place)
        if len(self.stack) >= MAX_DEPTH:
            self._report("too-deep", place, limit=MAX_DEPTH)
            raise _Stop
        node: Located | LocatedList = (
            Located(place) if isinstance(event, yaml.MappingStartEvent) else LocatedList(place)
        )
        if self._is_key():
            self._report("complex-key", place)
            self.stack[-1].key = _DROP
        else:
            self._put(node, place)
        self.stack.append(_Frame(node))

    def _close(self, _: yaml.Event) -> None:
        self.stack.pop()

    def _alias(self, event: yaml.AliasEvent) -> None:
        self._count(event)
        place = self._place(event)
        self._report("alias", place, name=event.anchor)
        if self._is_key():
            self.stack[-1].key = _DROP
        else:
            self._put(None, place)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._count(event)
        place = self._place(event)
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event, place)
        style = event.style
        if style == '"':
            self._check_escapes(event.value, place)
        if self._is_key():
            self._key(event, place)
            return
        if not style:
            self._check_plain(event, place)
        elif style == ">":
            self._check_folded(event, place)
        elif style != "|":
            self._check_one_line(event, place)
        self._put(event.value if style or event.value else None, place, event)

    def _is_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].key is None and isinstance(self.stack[-1].node, Located)

    def _key(self, event: yaml.ScalarEvent, place: Place) -> None:
        frame = self.stack[-1]
        frame.key_at = place
        key = event.value
        if not _KEY.fullmatch(key):
            key = self._odd_key(key, place)
        first = frame.node.keys_at.get(key) if isinstance(frame.node, Located) else None
        if first:
            self._report("duplicate-key", place, key=key, line=first.line, column=first.column)
        frame.key = _DROP if first else key

    def _odd_key(self, key: str, place: Place) -> str:
        """Tell what is wrong with a key; returns what was meant, or that its value is to be dropped."""
        codes = " ".join(dict.fromkeys(f"U+{ord(character):04X}" for character in key if not character.isascii()))
        if key == "<<":
            self._report("merge-key", place)
        elif not key:
            self._report("empty-key", place)
        elif "\uff1a" in key:
            self._report("full-width-colon", place, character="U+FF1A")
        elif codes:
            self._report("key-not-ascii", place, key=key[:40], characters=codes[:60])
        else:
            self._report("bad-key", place, key=key[:40])
        meant = unicodedata.normalize("NFKC", key).strip(_QUOTES + "\"' ")
        if _KEY.fullmatch(meant):
            return meant
        self.stack[-1].node.is_cut = True
        return _DROP

    def _check_plain(self, event: yaml.ScalarEvent, place: Place) -> None:
        mark = event.end_mark
        if mark is None or place.line != mark.line + 1:
            self._check_one_line(event, place)
        if not event.value.isascii() and _WIDE_QUOTED.fullmatch(event.value):
            self._report("full-width-quotes", place, text=event.value[:40])
        if self.has_cut_text and event.value:
            line, column = _end(event)
            rest = self.lines[line][column:]
            if _CUT.match(rest) and re.search(r"[^\W\d]", event.value):
                lost = rest.strip()[:40]
                self._report("text-after-hash", place, Level.WARNING, text=event.value[:40], lost=lost)

    def _check_escapes(self, value: str, place: Place) -> None:
        """What a file must not hold cannot come in by an escape either."""
        code, character = hidden_in(value)
        if code:
            self._report(code, place, character=f"U+{ord(character):04X}")

    def _check_one_line(self, event: yaml.ScalarEvent, place: Place) -> None:
        last_line = _end(event)[0]
        if place.line != last_line + 1:
            self.folded_at = last_line + 1
            self._report("multi-line-text", place, text=event.value[:40], line=self.folded_at)

    def _check_folded(self, event: yaml.ScalarEvent, place: Place) -> None:
        lines = self.lines[place.line : _end(event)[0]]
        if sum(1 for line in lines if line.strip()) > 1 and _CJK.search(event.value):
            self._report("folded-text", place)

    def _put(self, value: Value, place: Place, event: yaml.ScalarEvent | None = None) -> None:
        if not self.stack:
            self._root(value, place)
            return
        frame = self.stack[-1]
        if isinstance(frame.node, LocatedList):
            frame.node.put(value, value_at=place)
            return
        if frame.key:
            frame.node.put(frame.key, value, key_at=frame.key_at, value_at=place)
            if event and event.style:
                frame.node.texts_at[f"{frame.key}.text"] = self._text_place(event, place)
        frame.key = None

    def _root(self, value: Value, place: Place) -> None:
        if isinstance(value, str):
            self._report("only-text", place, text=value[:40])
        else:
            self.root = value

    def _text_place(self, event: yaml.ScalarEvent, place: Place) -> Place:
        """Where the first character of a quoted or block text stands."""
        if event.style in ("'", '"'):
            return place._replace(column=place.column + 1)
        line = self.lines[place.line] if place.line < len(self.lines) else ""
        return place._replace(line=place.line + 1, column=len(line) - len(line.lstrip()) + 1)

    def _refuse_marks(
        self, event: yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent, place: Place
    ) -> None:
        if event.anchor is not None:
            self._report("anchor", place, name=event.anchor)
        if event.tag is not None:
            self._report("tag", place, tag=event.tag[:60])

    def _count(self, event: yaml.Event) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._report("too-many-values", self._place(event), limit=MAX_NODES)
            raise _Stop

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        # As `Place(…)` does, without what it does beside: there is one for each of a hundred thousand values.
        return _new(Place, (self.name, mark.line + 1, mark.column + 1, "")) if mark else Place(self.name)

    def _report(self, code: str, place: Place, level: Level = Level.ERROR, **values: object) -> None:
        self.problems.append(Problem(code, place, values, level))
