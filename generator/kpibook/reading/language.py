"""The company's language, where nothing else of its handbook is needed."""

from pathlib import Path

from kpibook.base.entry import Located
from kpibook.reading.yamlfile import read_yaml

LANGUAGES = ("zh", "en")


def language_of(handbook: Path) -> str:
    """What company.yml says of the language; empty where it says none that is known."""
    file = handbook / "company.yml"
    if not file.is_file():
        return ""
    found, _ = read_yaml(file, file.name)
    language = found.get("language") if isinstance(found, Located) else None
    return language if isinstance(language, str) and language in LANGUAGES else ""
