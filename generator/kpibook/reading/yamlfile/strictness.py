"""Where the parser takes what YAML 1.2 forbids or reads otherwise, so that it has to be refused here."""

import re

import yaml

from kpibook.base.problems import Place, Problem

_GLUED = re.compile(r"#| *[,:]#")
"""A comment begins behind a space."""
_GLUED_HEADER = re.compile(r"[|>][-+0-9]*#")
_MAY_BE_GLUED = re.compile(r"\S#")


class Strictness:
    """Looks at what stands around each event of the parser; `lines` are those of the file."""

    def __init__(self, text: str, lines: list[str], name: str) -> None:
        self._lines = lines
        self._name = name
        self._has_glued = bool(_MAY_BE_GLUED.search(text))
        self._has_question = "?" in text
        self.is_plain = not (self._has_glued or self._has_question)
        """Whether no scalar can be wrong but a lone hyphen."""
        self._open: list[yaml.Event] = []

    def problem(self, event: yaml.Event) -> Problem | None:
        """What is wrong with an event, if anything is."""
        if isinstance(event, yaml.CollectionStartEvent):
            self._open.append(event)
            return self._question(event) or (self._glued(event) if event.flow_style else None)
        if isinstance(event, yaml.CollectionEndEvent):
            begin = self._open.pop()
            is_flow = isinstance(begin, yaml.CollectionStartEvent) and begin.flow_style
            return (self._out_dented(begin, event) or self._glued(event)) if is_flow else None
        if isinstance(event, yaml.ScalarEvent):
            return self._question(event) or self._of_scalar(event)
        return None

    def _of_scalar(self, event: yaml.ScalarEvent) -> Problem | None:
        mark = event.start_mark
        if mark and not event.style and event.value == "-":
            return self._found("odd-start", mark.line, mark.column)
        if mark and event.style and event.style in "|>":
            header = _GLUED_HEADER.match(self._lines[mark.line], mark.column)
            return self._found("text-after-value", mark.line, header.end() - 1) if header else None
        return self._glued(event)

    def _question(self, event: yaml.Event) -> Problem | None:
        """`{ ?a: b }`: a text of its own in YAML 1.2, and the mark of a key for the parser."""
        mark = event.start_mark
        if not self._has_question or not mark or not mark.column:
            return None
        is_glued = self._lines[mark.line][mark.column - 1 : mark.column] == "?"
        return self._found("odd-start", mark.line, mark.column - 1) if is_glued else None

    def _glued(self, event: yaml.Event) -> Problem | None:
        mark = event.end_mark
        if not self._has_glued or not mark or mark.line >= len(self._lines):
            return None
        found = _GLUED.match(self._lines[mark.line], mark.column)
        return self._found("text-after-value", mark.line, found.end() - 1) if found else None

    def _out_dented(self, begin: yaml.Event, end: yaml.Event) -> Problem | None:
        """A line within brackets that stands no further in than the block around them; a closing bracket may."""
        blocks = [each for each in self._open if isinstance(each, yaml.CollectionStartEvent) and not each.flow_style]
        if not blocks or not begin.start_mark or not end.end_mark or not blocks[-1].start_mark:
            return None
        indent = blocks[-1].start_mark.column
        for number in range(begin.start_mark.line + 1, end.end_mark.line + 1):
            line = self._lines[number]
            text = line.lstrip(" ")
            if text.strip() and text[0] not in "]}#" and len(line) - len(text) <= indent:
                return self._found("bad-indentation", number, len(line) - len(text))
        return None

    def _found(self, code: str, line: int, column: int) -> Problem:
        text = self._lines[line]
        values = {"text": text.strip()[:60], "character": text[column : column + 1], "rest": text[column:].strip()[:40]}
        return Problem(code, Place(self._name, line + 1, column + 1), {**values, "line": line + 1})
