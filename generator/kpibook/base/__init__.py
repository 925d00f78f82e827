"""What everything stands on: exact numbers, periods, problems and their words, YAML entries, the disk, git."""
