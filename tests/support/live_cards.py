"""What LibreOffice makes of the workbook of a card."""

import csv
import shutil
import subprocess
from pathlib import Path

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
FORMAT = "csv:Text - txt - csv (StarCalc):44,34,76"
"""With commas and quotes, in UTF-8."""


def recomputed(file: Path) -> dict[str, str]:
    """What LibreOffice makes of a workbook that holds no results, only formulas: names and points."""
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", FORMAT, "--outdir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with file.with_suffix(".csv").open(encoding="utf-8") as stream:
        return {row[0]: row[5] for row in csv.reader(stream) if len(row) > 5}
