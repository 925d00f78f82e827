"""Small handbooks and card folders, made and opened as sites."""

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from in_thread import in_thread
from kpibook.base.atomic_folders import replacing
from kpibook.base.output import write_tree
from kpibook.model import Company
from kpibook.publishing.site import CardPages, HandbookPages, build_card_site, build_handbook_site
from kpibook.publishing.site.settings import Nav

COMPANY = Company(name="衡远商贸", language="zh")


def a_page(title: str, body: str = "正文\n", **meta: str) -> str:
    """A page as the generator writes it."""
    rows = "".join(f'{key}: "{value}"\n' for key, value in meta.items())
    return f'---\ntitle: "{title}"\n{rows}---\n\n# {title} {{#top}}\n\n{body}'


def a_handbook_site(
    root: Path,
    pages: Mapping[str, str],
    *,
    nav: Nav | None = None,
    config: Path | None = None,
    company: Company = COMPANY,
) -> Path:
    """The handbook's site below `root`, from these pages."""
    write_tree(pages.items(), root / "build" / "handbook")
    with replacing(root / "site") as (site,):
        source = HandbookPages(root / "build" / "handbook", nav or list(pages))
        build_handbook_site(source, site, company=company, config=config)
    return root / "site"


def a_card_site(root: Path, pages: Mapping[str, str], company: Company = COMPANY) -> Path:
    """The cards' site below `root`, from these pages."""
    write_tree(pages.items(), root / "build" / "cards")
    with replacing(root / "site-cards") as (site,):
        build_card_site(CardPages(root / "build" / "cards"), site, company=company)
    return root / "site-cards"


class _Silent(SimpleHTTPRequestHandler):
    # As real servers do: one connection for many files, and what pages share is asked for once.
    protocol_version = "HTTP/1.1"
    # Head and body of an answer are two packets: the second would wait 40 ms until the client confirms the first.
    disable_nagle_algorithm = True

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which the folder is served."""
    handler = functools.partial(_Silent, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    with in_thread(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/"


CARD = """\
总分 **87.5**，等级 B。[返回本周期](../index.md#top) [首页](../../index.md)

<div class="card-items" markdown="1">

| 指标 | 权重 | 得分 |
| --- | ---: | ---: |
| [订单转换率](#item-1) | 20 | 18.5 <svg width="10" height="4" viewBox="0 0 10 4"><rect width="8" height="4"/></svg> |
| a&#124;b &#60;script&#62; | 5 | - |

</div>

## 每一分的来历 {#how}

<details class="card-item" markdown="1">
<summary>订单转换率</summary>

<div id="item-1" markdown="1">

- 规则：得分 = 权重 × 完成率
- 计算：20 × 92.5% = 18.5

</div>

</details>

## 签字 {#sign}

1. 本人：
2. 上级：
"""
CARDS = {
    "index.md": a_page("考核表", "- [2026年10月](2026-10/index.md)\n- [2026年9月](2026-09/index.md)\n"),
    "2026-10/index.md": a_page("2026年10月", "- [运营部](departments/operations.md)\n"),
    "2026-10/departments/operations.md": a_page("运营部", "- [李明](../people/E1.md)\n"),
    "2026-10/people/E1.md": a_page("李明 2026年10月", CARD),
    "2026-09/index.md": "---\ntitle: 2026年9月\nhide: [toc]\n---\n\n没有标题的一页\n\n## 一节 {#part}\n",
}
HANDBOOK = {
    "index.md": a_page("首页", "- [店长](roles/store-manager.md#duties)\n"),
    "roles/store-manager.md": a_page(
        "店长",
        "负责门店。\n\n## 职责 {#duties}\n\n| 职责 | 占比 |\n| --- | ---: |\n| 带**客户**满意度 | 85% |\n",
        source="handbook/roles/store-manager.yml",
    ),
    "indicators/order_conversion.md": a_page(
        "订单转换率", "完成订单的买家数除以访客数\n\n## 公式\n\n见[店长](../roles/store-manager.md)\n"
    ),
}
NAV: Nav = [
    {"首页": "index.md"},
    {"岗位": [{"运营部": ["roles/store-manager.md"]}]},
    {"指标": ["indicators/order_conversion.md"]},
]
