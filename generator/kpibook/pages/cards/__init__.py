"""The card of a person, part by part."""
