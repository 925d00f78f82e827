"""The company's language, and a folder that no system can have."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kpibook.cli import main
from kpibook.reading.language import language_of


@pytest.mark.parametrize(
    ("text", "language"), [("language: en\n", "en"), ("language: fr\n", ""), ("name: A\n", ""), ("[", "")]
)
def test_the_language_is_that_of_company_yml_where_it_is_known(tmp_path: Path, text: str, language: str) -> None:
    (tmp_path / "company.yml").write_text(text, encoding="utf-8")

    assert language_of(tmp_path) == language


def test_a_folder_with_a_name_longer_than_any_is_refused() -> None:
    result = CliRunner().invoke(main, ["--handbook", "h" * 300, "check"])

    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert "File name too long" in result.output
