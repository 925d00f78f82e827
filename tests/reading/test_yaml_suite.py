"""Cases of the YAML test suite in which parsers of YAML 1.1 differ from YAML 1.2: its value, or a refusal."""

import pytest

from kpibook.reading.yamlfile import read_bytes

REFUSED = [
    ("652Z", "{ ?foo: bar,\nbar: 42\n}\n", "odd-start", 1, 3),
    ("HM87", "[?x]\n", "odd-start", 1, 2),
    ("9C9N", "flow: [a,\nb,\nc]\n", "bad-indentation", 2, 1),
    ("9JBA", "[ a, b, c, ]#invalid\n", "text-after-value", 1, 13),
    ("CVW2", "[ a, b, c,#invalid\n]\n", "text-after-value", 1, 11),
    ("SU5Z", 'key: "value"# invalid comment\n', "text-after-value", 1, 13),
    ("X4QW", "block: ># comment\n  scalar\n", "text-after-value", 1, 9),
    ("YJV2", "[-]\n", "odd-start", 1, 2),
    ("G5U8", "- [-, -]\n", "odd-start", 1, 4),
]
READ = [
    ("JEF9", "- |+\n   ", ["\n"]),
    ("L24T", "foo: |\n  x\n   ", {"foo": "x\n \n"}),
    ("229Q", "-\n  name: Mark\n  hr:   65\n", [{"name": "Mark", "hr": "65"}]),
    ("5C5M", "- { one : two , three: four , }\n", [{"one": "two", "three": "four"}]),
    ("comment", 'a: "x" # y\nb: [c, # d\n  e] # f\ng: | # h\n  #i\n', {"a": "x", "b": ["c", "e"], "g": "#i\n"}),
    ("marks", "a: what?\nb: [x?, a#b]\nc: -1\nd: ?x\n", {"a": "what?", "b": ["x?", "a#b"], "c": "-1", "d": "?x"}),
    ("closing bracket", "a: [\n  b\n]\nc: {\n  d: e\n}\n", {"a": ["b"], "c": {"d": "e"}}),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_what_yaml_1_2_forbids_or_reads_otherwise_is_refused(text: str, code: str, line: int, column: int) -> None:
    _, problems = read_bytes(text.encode(), "x.yml")

    assert (code, f"x.yml:{line}:{column}") in [(problem.code, str(problem.place)) for problem in problems]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_what_yaml_1_2_knows_is_read_as_it_says(text: str, expected: object) -> None:
    value, problems = read_bytes(text.encode(), "x.yml")

    assert (value, problems) == (expected, ())
