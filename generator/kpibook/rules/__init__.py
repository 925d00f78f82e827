"""How points come about: formulas, and one type per scoring rule."""
