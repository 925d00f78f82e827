"""The company's language, where nothing else of its handbook is needed."""

from pathlib import Path

from kpibook.base.entry import Located
from kpibook.reading.yamlfile import read_yaml

LANGUAGES = ("zh", "en")


def language_of(handbook: Path) -> str:
    """What company.yml says of the language; empty where it says none that is known, or no such folder can be."""
    file = handbook / "company.yml"
    try:
        if not file.is_file():
            return ""
    except OSError:  # a name longer than any: the refusal that asks for the language tells it
        return ""
    found, _ = read_yaml(file, file.name)
    language = found.get("language") if isinstance(found, Located) else None
    return language if isinstance(language, str) and language in LANGUAGES else ""
