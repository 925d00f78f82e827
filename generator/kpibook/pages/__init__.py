"""Pages: the catalog and the results of a cycle as plain Markdown; only `read_prose` looks at the disk.

Nothing is imported here, so that checking the pages written by hand need not wait for the templates.
"""
