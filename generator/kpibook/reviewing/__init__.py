"""What a change does: two versions of a catalog compared."""
