"""Make the cards' site from the Markdown that is already there, and nothing else."""

from pathlib import Path

from kpibook.model import Company
from kpibook.site import build_card_site

build_card_site(Path("build/cards"), Path("only-cards"), company=Company.build(name="合成公司", language="zh"))
