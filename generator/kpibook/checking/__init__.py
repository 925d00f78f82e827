"""What is wrong with a catalog or a cycle, and what is allowed and still poor."""
