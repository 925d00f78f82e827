"""What stands around the cards: a cycle's page, its departments, its state, and how all of them are rendered."""
