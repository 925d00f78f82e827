"""A company with two languages: both handbooks, and on each page the way to the same one in the other language."""

import re
from pathlib import Path

from companies import a_company
from kpibook import pipeline
from kpibook.content import read

SWITCH = re.compile(r'<a href="([^"]*)" class="kpi-language" lang="(\w+)"')


def test_both_handbooks_are_built_and_every_page_leads_to_its_twin(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    company = root / "handbook/company.yml"
    company.write_text(company.read_text("utf-8") + "languages: [zh, en]\n", encoding="utf-8")
    role = root / "handbook/roles/barista.yml"
    text = role.read_text("utf-8").replace("name: 茶艺师", "name: {zh: 茶艺师, en: Barista}")
    role.write_text(text, encoding="utf-8")

    pipeline.build(read(root / "handbook", root / "scorecards"), root, [])

    site = root / "site"
    pages = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")}
    own = {path for path in pages if not path.startswith(("en/", "admin/"))}
    assert own == {path.removeprefix("en/") for path in pages if path.startswith("en/")}
    for path in own:
        for start, language, twin in ((path, "en", f"en/{path}"), (f"en/{path}", "zh", path)):
            [(address, told)] = SWITCH.findall(pages[start])
            assert (told, ((site / start).parent / address).resolve()) == (language, (site / twin).resolve())
    assert '<html lang="en"' in pages["en/roles/barista.html"]
    assert ">Barista<" in pages["en/roles/barista.html"]
    assert ">茶艺师<" in pages["roles/barista.html"]
    assert "茶艺师" not in pages["en/roles/barista.html"]


def test_a_company_with_one_language_has_one_handbook_and_no_switch(tmp_path: Path) -> None:
    root = a_company(tmp_path)

    pipeline.build(read(root / "handbook", root / "scorecards"), root, [])

    assert not (root / "site/en").exists()
    assert not [path for path in (root / "site").rglob("*.html") if "kpi-language" in path.read_text("utf-8")]
