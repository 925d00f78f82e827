"""A KPI handbook to search and a scorecard for each person, from a YAML catalog and CSV actuals."""

__version__ = "0.1.0"
"""As in pyproject.toml; to look it up among the installed packages would take a sixth of the time of `--version`."""
