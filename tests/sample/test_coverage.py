"""The page of sources names all 48 of them, leads to pages that are there, and no indicator of theirs is lost."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.base.words import words
from kpibook.model import Catalog, Department, Role
from kpibook.pages.handbook.rendering import handbook_pages
from kpibook.pages.prose import FOLDER
from kpibook.reading.catalog import load_catalog

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "handbook"
PAGE = "coverage.md"

SCHEMES = {"000": 2, "001": 4, "002": 8, "003": 18, "004": 16}
"""How many sources of each collection there are."""

INDICATORS = {"000": 26, "001": 21, "002": 53, "003": 101, "004": 92}
"""How many indicators the sources of each collection name."""

COMPUTED = {
    "S-000-a": ("home-operations-lead",),
    "S-001-a": ("home-growth-lead",),
    "S-002-b": ("site-editor",),
    "S-002-d": ("shop-specialist", "promotion-specialist", "campaign-planner", "service-agent", "designer"),
    "S-002-f": ("home-service-agent",),
    "S-003-a": ("sales-manager", "area-manager", "store-manager", "ecommerce-manager"),
    "S-003-b": ("workshop-manager",),
    "S-003-d": ("operations-manager",),
    "S-004-c": ("ecommerce-supervisor",),
    "S-004-g": ("store-operator",),
    "S-004-h": ("home-ecommerce-manager",),
    "S-004-i": ("home-shop-lead",),
    "S-004-p": ("home-channel-manager",),
}
"""The sources with numbers, and the roles whose scorecards compute them."""

ROLES = {
    "RL-000": ("home-operations-lead",),
    "RL-001": ("home-growth-lead",),
    "RL-002": (
        *("site-editor", "shop-specialist", "promotion-specialist", "campaign-planner", "service-agent", "designer"),
        *("reference-operations-director", "home-service-agent"),
    ),
    "RL-003": (
        *("sales-manager", "area-manager", "store-manager", "ecommerce-manager", "reference-nameless-editor"),
        *("workshop-manager", "reference-operations-investment", "operations", "reference-operations-manager"),
        *("reference-centre-two-levels", "reference-centre-team", "reference-centre-four-areas"),
        *("reference-operations-staff", "reference-centre-six-areas", "general-manager"),
        *("reference-centre-seven-areas", "", "reference-centre-three-functions", "hr-admin-manager"),
        *("reference-centre-five-areas", "reference-operations-post", "reference-operations-department"),
        "reference-group-centre",
    ),
    "RL-004": (
        *("reference-ecommerce-work-areas", "reference-ecommerce-platform", "ecommerce-supervisor"),
        *("reference-ecommerce-plan-director", "reference-ecommerce-plan-manager"),
        *("reference-ecommerce-plan-supervisor", "reference-ecommerce-growth", "reference-ecommerce-five-aspects"),
        *("store-operator", "home-ecommerce-manager", "home-shop-lead", "reference-ecommerce-three-abilities"),
        *("reference-ecommerce-five-groups", "reference-ecommerce-eight-blocks"),
        *(["policies/handbook-map"] * 9),
        *("reference-industry-operations-manager", "reference-ecommerce-five-standards", "home-channel-manager"),
    ),
}
"""Where each role that a source defines is found, in the order of the sources: a role, a department, or a page.

One source has only a title; nine roles stand in a table of contents and nowhere else.
"""

ONLY_LISTED = (
    *("电商运营经理", "直播运营", "电商直播主播", "电商运营专员", "电商推广专员", "售前客服", "售后客服"),
    *("文案策划", "美工"),
)
"""What the nine are called."""

CLAIMS = (
    (
        "S-000-a",
        "roles/reference-operations-supervisor-quarterly.md",
        ("每季度", "由客户、团队成员和上级评分", "100 万元"),
    ),
    ("S-000-b", "roles/reference-operations-supervisor.md", ("成本控制", "客户满意度", "由本人、同事和上级评价")),
    ("S-002-c", "roles/sales-manager.md", ("周计划完成率",)),
    ("S-002-d", "indicators/page_views_total.md", ("商品吸引力",)),
    ("S-002-d", "indicators/stay_time.md", ("栏目导航",)),
    ("S-002-d", "indicators/bounce_rate.md", ("推广路径不准",)),
    ("S-002-d", "indicators/average_order_value.md", ("促销活动",)),
    ("S-002-d", "indicators/campaign_value_share.md", ("客单价偏低",)),
    ("S-002-d", "indicators/design_pass.md", ("工作质量",)),
    ("S-002-f", "roles/home-service-agent.md", ("当月工资", "200 元")),
    ("S-003-d", "roles/reference-operations-quarter.md", ("每季度", "40%", "20%", "15%", "10%", "排名")),
    ("S-003-g", "roles/reference-centre-team.md", ("上级对下级、下级对上级", "每年一次")),
    ("S-003-g", "policies/assessment.md", ("每半年一次", "上级、下属、同级和团队成员四个方向")),
    ("S-003-k", "roles/general-manager.md", ("公益", "商业道德", "环保合规", "安全合规")),
    ("S-003-p", "roles/reference-operations-post.md", ("里程碑", "风险", "管理和监控渠道商")),
    ("S-004-d", "roles/reference-ecommerce-plan-director.md", ("项目计划", "市场分析")),
    ("S-004-d", "roles/reference-ecommerce-plan-manager.md", ("项目计划", "市场分析")),
    ("S-004-d", "roles/reference-ecommerce-plan-supervisor.md", ("项目计划", "市场分析")),
    ("S-004-g", "roles/store-operator.md", ("数据由行政人事部提供", "数据由财务部提供", "数据由总经办提供")),
    ("S-004-g", "sheets/store-operator.md", ("| 行政人事部 |", "| 财务部 |", "| 总经办")),
    ("S-004-i", "roles/home-shop-lead.md", ("1&#46; 明确分工", "3&#46; 督促图片清晰", "5&#46; 观察订单")),
    ("S-004-l", "policies/eight-blocks.md", ("一、目标设定", "八、结果评估")),
    ("S-004-m", "policies/handbook-map.md", ("电商直播主播", "文件编号", "版本", "生效日期")),
    ("S-004-n", "policies/improvement.md", ("培训", "导师", "轮岗", "反馈和奖励")),
    ("S-004-p", "sheets/home-channel-manager.md", ("| 被考核人 | 直接上级 | 总经理 |",)),
)
"""What the page of sources says was taken over: the source, the page where it is, and words that stand there."""

E_COMMERCE_MANAGERS = (
    "reference-ecommerce-work-areas",
    "reference-ecommerce-platform",
    "reference-ecommerce-plan-manager",
    "reference-ecommerce-growth",
    "reference-ecommerce-five-aspects",
    "home-ecommerce-manager",
    "reference-ecommerce-five-groups",
    "reference-ecommerce-eight-blocks",
    "home-channel-manager",
)
"""Nine sources define this post, each in its own way."""

_ROW = re.compile(r"\| (S-\d{3}-[a-z]) \|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|")
_LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)\)")


class Source(NamedTuple):
    """A row of the page: where a source went, and what it left open."""

    id: str
    name: str
    kind: str
    where: str
    left_open: str

    @property
    def links(self) -> list[str]:
        """The pages to which it leads."""
        return _LINK.findall(self.where)


class Named(NamedTuple):
    """An indicator as a source names it, and where it is found."""

    scheme: str
    owner: str
    name: str
    indicator: str


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The sample company."""
    return load_catalog(HANDBOOK)[0]


@pytest.fixture(scope="module")
def sources() -> tuple[Source, ...]:
    """The rows of the page."""
    return tuple(_sources())


@pytest.fixture(scope="module")
def named() -> tuple[Named, ...]:
    """The indicators that the sources name."""
    with (Path(__file__).with_name("coverage.csv")).open(encoding="utf-8", newline="") as file:
        return tuple(Named(**row) for row in csv.DictReader(file))


@pytest.fixture(scope="module")
def pages(catalog: Catalog) -> Mapping[str, str]:
    """All pages of the sample's handbook."""
    folder = HANDBOOK / FOLDER
    prose = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}
    return handbook_pages(catalog, (), words("zh"), prose)


def test_every_source_stands_once_on_the_page(sources: tuple[Source, ...]) -> None:
    expected = [f"S-{part}-{chr(ord('a') + k)}" for part, count in SCHEMES.items() for k in range(count)]

    assert [source.id for source in sources] == expected
    assert len(expected) == 48


def test_every_source_has_a_name_and_tells_what_it_left_open(sources: tuple[Source, ...]) -> None:
    assert all(source.name and source.left_open for source in sources)
    assert len({source.name for source in sources}) == len(sources)


def test_every_link_leads_to_a_page(pages: Mapping[str, str], sources: tuple[Source, ...]) -> None:
    assert {source.id: source.links for source in sources if not source.links} == {"S-003-m": []}
    assert [link for link in _LINK.findall(pages[PAGE]) if link not in pages] == []


@pytest.mark.parametrize(("scheme", "page", "words_there"), CLAIMS)
def test_what_is_said_to_be_taken_over_is_there(
    pages: Mapping[str, str], sources: tuple[Source, ...], scheme: str, page: str, words_there: tuple[str, ...]
) -> None:
    [source] = [source for source in sources if source.id == scheme]
    shown = page.replace("sheets/", "roles/")

    assert shown in source.links or any(f"](../{page})" in pages[link] for link in source.links)
    assert [word for word in words_there if word not in pages[page]] == []


@pytest.mark.parametrize("folder", ["handbook", "scorecards/2026-08/handbook", "scorecards/2026-09/handbook"])
def test_posts_say_what_the_company_does_and_nothing_of_sources(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*.yml") if not path.name.startswith("reference-")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines() if "范本" in line]

    assert len(files) > 40
    # What is to draw on says that it is.
    departments = (ROOT / folder / "departments.yml").read_text(encoding="utf-8")
    apart = departments[departments.index("- id: reference-posts") :].splitlines()
    assert [line for line in lines if line not in apart] == []


def test_an_empty_source_is_called_empty(sources: tuple[Source, ...]) -> None:
    [empty] = [source for source in sources if source.kind == "空白"]

    assert empty.id == "S-003-m"
    assert "没有可以收录的内容" in empty.where
    assert "正文一个字也没有" in empty.left_open


def test_the_sums_of_the_page_are_counted(sources: tuple[Source, ...]) -> None:
    counted = Counter(source.kind for source in sources)
    text = (HANDBOOK / FOLDER / PAGE).read_text(encoding="utf-8")

    assert counted == {"计分": 13, "描述": 23, "规定": 11, "空白": 1}
    assert "13 份有数字，做成了计分的考核表；23 份收作描述；11 份写成规定；1 份空白。" in text


def test_sources_with_numbers_are_computed(catalog: Catalog, sources: tuple[Source, ...]) -> None:
    by_id = {source.id: source for source in sources}

    assert {source.id for source in sources if source.kind == "计分"} == set(COMPUTED)
    for scheme, roles in COMPUTED.items():
        for role in roles:
            assert f"roles/{role}.md" in by_id[scheme].links
            assert not catalog.roles[role].is_described_only
            assert sum((item.weight or ZERO for item in catalog.roles[role].items), ZERO) == HUNDRED


def test_other_sources_are_not_computed(catalog: Catalog, sources: tuple[Source, ...]) -> None:
    roles = {
        link.removeprefix("roles/").removesuffix(".md")
        for source in sources
        if source.kind == "描述"
        for link in source.links
        if link.startswith("roles/")
    }

    assert {role for role in roles if not catalog.roles[role].is_described_only} == set()


def test_every_indicator_of_the_sources_is_counted(named: tuple[Named, ...]) -> None:
    counted = Counter(row.scheme[2:5] for row in named)

    assert counted == INDICATORS
    assert sum(counted.values()) == 293


def test_every_indicator_of_the_sources_is_found(
    catalog: Catalog, sources: tuple[Source, ...], named: tuple[Named, ...]
) -> None:
    links = {source.id: source.links for source in sources}

    lost = [row for row in named if row.indicator not in _indicators(_owner(catalog, row.owner))]
    unlinked = [row for row in named if _path(catalog, row.owner) not in links[row.scheme]]

    assert lost == []
    assert unlinked == []


def test_every_described_indicator_comes_from_a_source(catalog: Catalog, named: tuple[Named, ...]) -> None:
    told = {row.indicator for row in named}
    described = {
        item.indicator for role in catalog.roles.values() if role.department == "reference-posts" for item in role.items
    }

    assert described - told == set()


def test_three_levels_share_one_sheet(catalog: Catalog) -> None:
    sheets = {_indicators(catalog.roles[f"reference-ecommerce-plan-{level}"]) for level in _LEVELS}

    assert sheets == {("sales_value", "customer_satisfaction", "quality_score", "operating_efficiency")}


def test_the_post_without_a_name_keeps_what_is_left_of_it(catalog: Catalog, sources: tuple[Source, ...]) -> None:
    [source] = [source for source in sources if source.id == "S-003-a"]
    post = catalog.roles["reference-nameless-editor"]

    assert "roles/reference-nameless-editor.md" in source.links
    assert len([link for link in source.links if link.startswith("roles/")]) == 5
    assert post.is_described_only
    assert len(post.duties) == 2
    assert all(duty.share is None for duty in post.duties)
    assert "遗失" in post.name


def test_every_role_of_the_sources_is_found(catalog: Catalog) -> None:
    found = [identifier for roles in ROLES.values() for identifier in roles]
    pages = {identifier for identifier in found if identifier.startswith("policies/")}

    assert len(found) == 59
    assert {len(roles) for roles in ROLES.values()} == {1, 8, 23, 26}
    assert found.count("") == 1
    assert set(found) - {"", *pages} <= {*catalog.roles, *catalog.departments}
    assert len({*found} - pages) == len(found) - 9 * len(pages)


def test_roles_that_are_only_listed_are_named(catalog: Catalog) -> None:
    text = (HANDBOOK / FOLDER / "policies" / "handbook-map.md").read_text(encoding="utf-8")

    assert catalog.roles["livestream-operator"].is_described_only
    assert [name for name in ONLY_LISTED if name not in text] == []


def test_roles_defined_nine_times_are_nine_roles(catalog: Catalog) -> None:
    names = [catalog.roles[role].name for role in E_COMMERCE_MANAGERS]

    assert len(set(names)) == 9


def test_reference_posts_stand_apart(catalog: Catalog) -> None:
    posts = {key: role for key, role in catalog.roles.items() if key.startswith("reference-")}

    assert {role.department for role in posts.values()} == {"reference-posts"}
    assert all(role.is_described_only and role.duties and role.note for role in posts.values())
    assert "没有人员" in catalog.departments["reference-posts"].purpose


@pytest.mark.parametrize(
    ("department", "duties"),
    [
        ("reference-centre-two-levels", 22),
        ("reference-centre-four-areas", 12),
        ("reference-centre-six-areas", 6),
        ("reference-centre-seven-areas", 7),
        ("reference-centre-three-functions", 3),
        ("reference-centre-five-areas", 17),
    ],
)
def test_the_duties_of_the_six_centres_are_complete(catalog: Catalog, department: str, duties: int) -> None:
    assert len(catalog.departments[department].duties) == duties
    assert catalog.departments[department].parent == "reference-posts"


def test_the_two_level_centre_has_seven_functions(catalog: Catalog) -> None:
    counted = Counter(duty.name for duty in catalog.departments["reference-centre-two-levels"].duties)

    assert list(counted.values()) == [5, 4, 3, 2, 3, 2, 3]


@pytest.mark.parametrize(
    ("role", "weights"),
    [
        ("site-editor", {"weekly_reports": 4, "attendance": 10}),
        ("home-ecommerce-manager", {"plans_and_reviews": 5, "rule_building": 25, "learning_growth": 5}),
    ],
)
def test_the_weights_that_a_source_kept_are_kept(catalog: Catalog, role: str, weights: Mapping[str, int]) -> None:
    found = {item.indicator: item.weight for item in catalog.roles[role].items}

    assert {key: found[key] for key in weights} == {key: mpq(value) for key, value in weights.items()}


def test_the_shares_that_a_source_kept_are_kept(catalog: Catalog) -> None:
    shares = [duty.share for duty in catalog.roles["home-shop-lead"].duties]

    assert shares[:5] == [mpq(share) for share in (8, 5, 2, 5, 8)]
    assert shares[5:] == [None] * 4


def test_the_targets_that_a_source_kept_are_kept(catalog: Catalog) -> None:
    lead = {item.indicator: item.target for item in catalog.roles["home-operations-lead"].items}
    growth = {item.indicator: item.target for item in catalog.roles["home-growth-lead"].items}

    assert {key: lead[key] for key in ("sales_value", "customer_satisfaction", "customer_retention")} == {
        "sales_value": mpq(1000000),
        "customer_satisfaction": mpq(90),
        "customer_retention": mpq(80),
    }
    assert {key: growth[key] for key in ("sales_uplift", "customer_satisfaction")} == {
        "sales_uplift": mpq(30),
        "customer_satisfaction": mpq(90),
    }


def test_voluntary_work_gives_at_most_20(catalog: Catalog) -> None:
    [extra] = catalog.roles["site-editor"].extras

    assert extra.most == mpq(20)


@pytest.mark.parametrize("word", ["年龄", "籍贯", "婚姻", "健康"])
def test_no_role_asks_for_what_has_nothing_to_do_with_the_work(catalog: Catalog, word: str) -> None:
    asked = [role.id for role in catalog.roles.values() if word in repr(role.qualifications)]

    assert asked == []


_LEVELS = ("director", "manager", "supervisor")


def _sources() -> Iterator[Source]:
    for line in (HANDBOOK / FOLDER / PAGE).read_text(encoding="utf-8").splitlines():
        if found := _ROW.fullmatch(line):
            yield Source(*(cell.strip() for cell in found.groups()))


def _owner(catalog: Catalog, identifier: str) -> Role | Department:
    return catalog.roles.get(identifier) or catalog.departments[identifier]


def _path(catalog: Catalog, identifier: str) -> str:
    folder = "roles" if identifier in catalog.roles else "departments"
    return f"{folder}/{identifier}.md"


def _indicators(owner: Role | Department) -> tuple[str, ...]:
    return (*(item.indicator for item in owner.items), *(extra.indicator for extra in owner.extras))
