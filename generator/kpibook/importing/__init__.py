"""Take in what suppliers send back: their sheets, long tables and the wide tables that people keep."""

from kpibook.importing.changes import Change
from kpibook.importing.header import Kind
from kpibook.importing.intake import Intake
from kpibook.importing.plan import Plan, Settings, aside_problems, cycles_named, plan_import
from kpibook.importing.progress import Progress, untold
from kpibook.importing.store import write_plan
from kpibook.importing.telling import told

__all__ = [
    "Change",
    "Intake",
    "Kind",
    "Plan",
    "Progress",
    "Settings",
    "aside_problems",
    "cycles_named",
    "plan_import",
    "told",
    "untold",
    "write_plan",
]
