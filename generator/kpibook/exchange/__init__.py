"""Numbers going out and coming in: sheets, imports, what is missing, results as CSV."""
