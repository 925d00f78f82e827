"""What a grade leads to, as the page of grades tells it."""

from kpibook.base.words import Words
from kpibook.model import Consequence, Grade


def consequence_text(grade: Grade, key: str, say: Words) -> str:
    """What a grade leads to, and whether and when people are listed for it."""
    found: Consequence = getattr(grade.consequences, key)
    if not found.list:
        return found.text
    rule = say("handbook.consequence_list" if found.cycles == 1 else "handbook.consequence_run", cycles=found.cycles)
    return f"{found.text}\n{rule}" if found.text else rule
