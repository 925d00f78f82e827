"""Who may open which page: viewers with their logins, and what each of them sees of each cycle, and why."""

from kpibook.access.logins import Viewer, folder_name, login_of, viewers
from kpibook.access.newest_cycle import as_of, deciding_cycle, release_of, rows_on
from kpibook.access.permissions import AccessReason, CyclePermissions, permissions_of

__all__ = [
    "AccessReason",
    "CyclePermissions",
    "Viewer",
    "as_of",
    "deciding_cycle",
    "folder_name",
    "login_of",
    "permissions_of",
    "release_of",
    "rows_on",
    "viewers",
]
