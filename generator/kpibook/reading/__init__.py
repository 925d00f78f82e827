"""From files to values: strict readers of YAML, CSV and XLSX, each with the problems that it met."""
