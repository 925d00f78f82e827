"""How an import is to be done."""

from dataclasses import dataclass

from kpibook.exchange.importing.progress import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command says of an import."""

    supplier: str = ""
    """The department in whose name the numbers are written; else the sheet's own, else the owner's."""
    replace: bool = False
    delimiter: str = ""
    is_named: bool = False
    """Whether the cycle was named: that it is closed, or a title names another one, is then no reason to refuse."""
    rater: str = ""
    """Who gave the ratings that stand in files which do not say so."""
    targets: bool = False
    """Whether the targets in tables are taken, and not only named."""
    progress: Progress = no_progress
