"""What was published stays: seals over inputs and results, the numbers of results, and what is open before."""
