"""What the package uses of XlsxWriter."""
