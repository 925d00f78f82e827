"""Pages: the catalog and the results of a cycle as plain Markdown, `{path: text}`; nothing here touches the disk."""
