"""The handbook's pages: home, roles, dictionary, departments, guide."""
