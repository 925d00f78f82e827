"""A company that is hard to set: forty items on a card, three roles in a month, long names and long comments."""

from collections.abc import Sequence
from pathlib import Path

COMMENT = ("本月把上个季度遗留的三个问题逐条核对清楚，并同仓库、客服、财务约定了每周五的对账时间。" * 60)[:2000]
LONG_NAME = "欧阳慕容尉迟上官诸葛令狐" * 3
LONG_INDICATOR = "线上与线下各渠道新老会员首次和重复购买合并计算的综合转化率与客单价复核指标"
FORTY, THREE, LONG, PLAIN = "T40", "T3", "T2000", "T1"
"""The people: forty items, three roles, a long comment beside forty items, a card like any other."""


MONTHS = ("2026-09", "2026-10")


def write_burden(root: Path, *, items: int = 40, months: Sequence[str] = MONTHS) -> None:
    """Write the folders of the company below `root`."""
    _write(root / "handbook" / "company.yml", "name: 负重贸易\nlanguage: zh\ncurrency: CNY\nrank: {within: role}\n")
    _write(
        root / "handbook" / "departments.yml",
        "- {id: shop, name: 门店运营与会员服务中心, head: wide}\n- {id: empty, name: 空部门}\n",
    )
    _write(root / "handbook" / "grades.yml", GRADES)
    _write(root / "handbook" / "measures.yml", "".join(_measures(items)))
    _write(root / "handbook" / "indicators" / "all.yml", "".join(_indicators(items)))
    for role, first, count in (("wide", 0, items), ("one", 0, 8), ("two", 8, 8), ("three", 16, 8)):
        _write(root / "handbook" / "roles" / f"{role}.yml", _role(role, range(first, first + count)))
    for month in months:
        _write_cycle(root / "scorecards" / month, month, items)


GRADES = """\
- {id: A, name: 优秀, from: 95, meaning: 全面超出岗位要求。}
- {id: B, name: 良好, from: 80, meaning: 主要目标达成。}
- {id: C, name: 合格, from: 0, meaning: 基本达到岗位要求，有明确的短板。}
"""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _measures(items: int) -> Sequence[str]:
    return [
        f"done_{n}: {{name: 第{n}类工单按时完成数, unit: 单, owner: shop}}\n"
        f"all_{n}: {{name: 第{n}类工单总数, unit: 单, owner: shop}}\n"
        for n in range(items)
    ]


def _indicators(items: int) -> Sequence[str]:
    return [
        f"rate_{n}: {{name: {_name(n)}, definition: 按时完成的比例, formula: done_{n} / all_{n} * 100,"
        f' unit: "%", direction: higher, perspective: {("finance", "customer", "process", "learning")[n % 4]}}}\n'
        for n in range(items)
    ] + ["manner: {name: 团队协作与沟通, unit: 分, direction: higher, owner: shop}\n"]


def _name(number: int) -> str:
    return LONG_INDICATOR if number == 1 else f"第{number}类工单按时完成率"


def _role(role: str, numbers: Sequence[int]) -> str:
    weight = 80 // len(numbers)
    rows = [
        f"      - {{indicator: rate_{n}, weight: {weight}, target: 95, standard: {{rule: proportional, floor: 60}}}}\n"
        for n in numbers
    ]
    rest = 100 - weight * len(numbers)
    half = len(rows) // 2
    return (
        f"name: {role}号岗位会员运营专员\ndepartment: shop\nscorecard:\n"
        f"  - section: 效率与质量\n    items:\n{''.join(rows[:half])}"
        f"  - section: 服务与成本\n    items:\n{''.join(rows[half:])}"
        f"      - {{indicator: manner, weight: {rest}, standard: {{rule: rating}}}}\n"
        "pay:\n  - {name: 绩效工资, formula: base_salary * 0.3 * total / 100}\n"
    )


def _write_cycle(folder: Path, month: str, items: int) -> None:
    _write(folder / "cycle.yml", f"name: {month}\nkind: month\nstatus: open\n")
    people = ["person,name,role,department,manager,from,to,base_salary"]
    people += [f"{FORTY},{LONG_NAME},wide,shop,{PLAIN},,,8000", f"{LONG},诸葛明,wide,shop,{PLAIN},,,8000"]
    spans = (("one", "01", "10"), ("two", "11", "20"), ("three", "21", "28"))
    people += [f"{THREE},三段人,{role},shop,{PLAIN},{month}-{first},{month}-{last},7000" for role, first, last in spans]
    people += [f"{PLAIN},普通人,one,shop,,,,7000"]
    _write(folder / "people.csv", "\n".join(people) + "\n")
    rows = ["subject,measure,actual,note"]
    for at, person in enumerate((FORTY, LONG, THREE, PLAIN)):
        for n in range(items):
            rows += [
                f"{person},done_{n},{170 + 3 * at + n + (month == '2026-10')},",
                f"{person},all_{n},{210 + 2 * n},",
            ]
    _write(folder / "actuals" / "shop.csv", "\n".join(rows) + "\n")
    ratings = ["person,indicator,relation,rater,score,comment"]
    ratings += [
        f"{person},manner,manager,{PLAIN},15,{'' if person == PLAIN else COMMENT}"
        for person in (FORTY, LONG, THREE, PLAIN)
    ]
    _write(folder / "ratings.csv", "\n".join(ratings) + "\n")
