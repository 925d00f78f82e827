"""Two versions of a catalog: what changed, in sentences, and what that does to the cycles that are closed."""
