"""What the numbers say about the numbers: statistics over results, in which nobody's pay is decided."""
