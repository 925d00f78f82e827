"""Where each page of the handbook stands, below the folder of the handbook."""

HOME = "index.md"
ROLES = "roles/index.md"
INDICATORS = "indicators/index.md"
MEASURES = "measures.md"
DEPARTMENTS = "departments/index.md"
ORGANISATION = "organisation.md"
GRADES = "grades.md"
LIBRARY = "library.md"
CHANGES = "changes.md"
CALENDAR = "calendar.md"
GUIDE = "guide/index.md"
GUIDE_FILES = "guide/files.md"
GUIDE_RULES = "guide/rules.md"
GUIDE_SCORES = "guide/scores.md"
GUIDE_TABLES = "guide/tables.md"
GUIDE_CYCLES = "guide/cycles.md"
GUIDE_FORM = "guide/form.md"
GUIDE_AFTER = "guide/after.md"
GUIDE_SERVING = "guide/serving.md"
GUIDE_LINT = "guide/lint/index.md"
POLICIES = "policies/"

# Windows knows the rest as devices, in any folder and with any ending.
TAKEN = {"index", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def role_page(identifier: str) -> str:
    """The page of a role."""
    return _page("roles", identifier)


def sheet_page(identifier: str) -> str:
    """The forms of a role: target agreement and blank scorecard."""
    return _page("sheets", identifier)


def indicator_page(identifier: str) -> str:
    """The page of an indicator."""
    return _page("indicators", identifier)


def department_page(identifier: str) -> str:
    """The page of a department."""
    return _page("departments", identifier)


def lint_page(code: str) -> str:
    """The page of a strict check."""
    return _page("guide/lint", code)


def _page(folder: str, identifier: str) -> str:
    """A name that is taken gets an ending that no id can have."""
    return f"{folder}/{identifier}{'_-' if identifier in TAKEN else ''}.md"
