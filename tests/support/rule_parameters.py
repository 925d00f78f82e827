"""Parameters of rules, for the tests of their points and those of their sentences."""

SHOWN = [
    {"measure": "shown", "at_least": "20000"},
    {"measure": "views", "at_least": "10000"},
    {"measure": "visitors", "at_least": "4000", "at_most": "9000"},
]
BANDS = [
    {"from": "95", "points": "10", "label": "good"},
    {"from": "80", "upto": "94", "points": "7"},
    {"upto": "20", "points": "1"},
    {"points": "3"},
]
LATE = {"measure": "late", "points": "2"}
ABSENT = {"measure": "absent", "steps": {"1": "1", "2": "3", "3": "5", "4": "10"}}
LEVELS = [
    {"level": "A", "from": "5", "to": "5", "meaning": "precise"},
    {"level": "B", "from": "2", "to": "4"},
    {"level": "C", "from": "0", "to": "2"},
]
