"""Take in what suppliers send back: their sheets, long tables and the wide tables that people keep."""

from kpibook.exchange.importing.changes import NumberChange
from kpibook.exchange.importing.files import cycles_named
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.plan import ImportPlan, aside_problems, plan_import
from kpibook.exchange.importing.progress import Progress, no_progress
from kpibook.exchange.importing.report import report_lines
from kpibook.exchange.importing.settings import Settings
from kpibook.exchange.importing.store import write_plan
from kpibook.exchange.importing.tally import SheetTally

__all__ = [
    "ImportPlan",
    "NumberChange",
    "Progress",
    "Settings",
    "SheetKind",
    "SheetTally",
    "aside_problems",
    "cycles_named",
    "no_progress",
    "plan_import",
    "report_lines",
    "write_plan",
]
