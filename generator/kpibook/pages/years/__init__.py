"""HR's page of a year: everybody's cycles, lists by their rules, and the bonus."""
