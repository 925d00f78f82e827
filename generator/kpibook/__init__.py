"""A KPI handbook to search and a scorecard for each person, from a YAML catalog and CSV actuals."""
