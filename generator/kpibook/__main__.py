"""`python -m kpibook` and the command `kpibook`."""

from kpibook.cli import main

if __name__ == "__main__":
    main()
