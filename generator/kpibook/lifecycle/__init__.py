"""The steps in the life of a cycle: each is worked out first, and then made as a whole or not at all."""
