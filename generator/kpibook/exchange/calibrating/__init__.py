"""The list that a committee calibrates by: it goes out as a workbook and comes back as calibration.csv."""

from kpibook.exchange.calibrating.returned import CalibrationImport, cycles_named, is_calibration, take_in
from kpibook.exchange.calibrating.session import Session, session_of
from kpibook.exchange.calibrating.workbook import workbook

__all__ = [
    "CalibrationImport",
    "Session",
    "cycles_named",
    "is_calibration",
    "session_of",
    "take_in",
    "workbook",
]
