"""A company that is built after each edit, and beside it the same files built anew: whether every byte is the same."""

import shutil
from contextlib import chdir
from pathlib import Path

from companies import change
from kpibook import pipeline
from kpibook.base.problems import Failure, has_errors
from kpibook.content import read
from lives import Life

MADE = ("build", "site", "site-cards", "site-viewers")
OF_PEOPLE = ("build/cards", "build/viewers", "build/stamps", "site-cards", "site-viewers")
INPUTS = ("handbook", "scorecards")
SETTINGS = "mkdocs.yml"

COMPANY = """\
languages: [zh, en]
access: {chain: all, heads: true, hr: [hr]}
confirm_days: 3
appeals: {file_days: 5, decide_days: 5}
approvals: {adjustment_most: 5}
missing_rater: share
eligibility: {max_absent_days: 20}
streaks:
  - {name: 连续第一, when: rank == 1, cycles: 2, gap: skipped, again: new_run, amount: 100}
year_bonus:
  - {name: 年终奖, formula: base_salary * mean_factor}
"""
OPEN = {
    "handbook/holidays.csv": "day,works,name\n2026-10-01,no,国庆节\n2026-10-02,no,国庆节\n2026-10-10,yes,调休\n",
    "scorecards/2026-10/people.csv": (
        "person,name,role,department,manager,level,from,to,share,login,mail,language,absent_days,base_salary,exempt\n"
        "E01,林晓,shop-manager,shop,,,,,,linxiao,linxiao@example.com,,0,8000,\n"
        "E02,周然,barista,shop,E01,,,2026-10-15,,zhouran,zhouran@example.com,zh,1,5000,\n"
        "E02,周然,shop-manager,shop,E01,,2026-10-16,,,zhouran,zhouran@example.com,zh,1,5000,\n"
        "E03,何小青,barista,shop,E01,,,,,hexiaoqing,hexiaoqing@example.com,en,2,5000,\n"
        "E04,许诺,barista,shop,E01,,,,,xunuo,xunuo@example.com,,0,5200,\n"
        "E05,方晴,barista,shop,E01,,,,,fangqing,fangqing@example.com,en,0,5400,\n"
        "E06,安宁,barista,shop,E01,,,,,anning,anning@example.com,,0,4800,试用期\n"
    ),
    "scorecards/2026-10/ratings.csv": (
        "person,indicator,relation,rater,score,level,comment\n"
        "E02,attitude,manager,E01,40,,\nE03,attitude,manager,E01,30,,守时\nE04,attitude,manager,E01,20,中,\n"
    ),
    "scorecards/2026-10/targets.csv": (
        "subject,indicator,target,reason,approved_by,on,original,threshold,stretch\n"
        "E01,conversion,26,新店,老板,2026-10-07,25,21,31\n"
        "E03,sales_volume,15000,新员工首月,E01,2026-10-05,20000,,\n"
        "E04,sales_volume,18000,新员工,E01,2026-10-06,20000,,\n"
    ),
    "scorecards/2026-10/adjustments.csv": (
        "person,points,reason,approved_by,on\nE02,2,主动顶班,E01,2026-10-20\nE04,-1,迟到,E02,2026-10-21\n"
    ),
    "handbook/measures.yml": (
        "sales: {name: 销售额, unit: 元, owner: support, source: 收银系统, accumulate: sum}\n"
        "visitors: {name: 到店人数, unit: 人, owner: support, source: 客流计数器}\n"
        "buyers: {name: 成交人数, unit: 人, owner: support, source: 收银系统}\n"
        "complaints: {name: 投诉次数, unit: 次, owner: shop, source: 投诉登记簿}\n"
    ),
    "handbook/targets/2026.csv": (
        "indicator,role,department,person,note,2026-09,2026-10\n"
        "sales_volume,barista,,,旺季,19000,21000\nsales_volume,,,E04,,,20500\n"
    ),
    "scorecards/2026-10/calibration.csv": (
        "person,total,grade,reason,by,on\nE04,70,,委员会,E01,2026-11-06\nE05,,B,委员会,E01,2026-11-06\n"
    ),
    "scorecards/2026-10/agreements.csv": (
        "person,on,by,catalog\nE03,2026-10-02,何小青,00000000\nE04,2026-10-03,许诺,00000000\n"
    ),
    "scorecards/2026-10/manifest.csv": "file,rows,column,sum\nactuals/shop.csv,2,actual,1\n",
    "scorecards/2026-10/leave.csv": (
        "person,kind,from,to,note\nE03,育儿假,2026-10-12,2026-10-13,\nE04,产假,2026-10-20,2026-10-21,已批\n"
    ),
    "scorecards/2026-10/actuals/support.csv": (
        "subject,measure,actual,note,source\n"
        'E01,sales,55000,,收银\nE02,sales,"22,300",,收银\nE03,sales,14000,补录,手工\nE04,sales,19500,,收银\n'
        "E01,visitors,900,,计数\nE01,buyers,234,,计数\nE02,visitors,700,,计数\nE02,buyers,171,,计数\n"
    ),
    "scorecards/2026-10/actuals/weeks.csv": (
        "subject,measure,actual,week,note,source\nE05,sales,9000,2026-10-05,,周报\nE05,sales,12000,2026-10-12,,周报\n"
    ),
    "scorecards/2026-10/actuals/shop.csv": (
        "subject,measure,actual,note,source\nE01,complaints,0,,登记\nE02,complaints,1,,登记\n"
    ),
}
"""An open cycle with a row in each table, and with people who change roles, read English and are alone."""
STRETCHED = (
    "        target: 25\n        standard: {rule: shortfall, per: 1, points: 3}",
    "        target: 25\n        threshold: 20\n        stretch: 30\n        max: 33\n"
    "        standard: {rule: stretch, at_threshold: 18, at_stretch: 33}",
)
"""An item with values beside its target."""
PLANS = (
    "plan,person,indicator,gap,action,support,owner,due,checked_on,state,outcome\n"
    "P1,E02,sales_volume,少了,练习,店长带,E01,2026-11-30,,open,\n"
    "P2,E03,sales_volume,少了,练习,,E01,2026-10-20,2026-10-20,done,好了\n"
)
INTERVIEWS = "person,result,on,by,summary,cause,opinion\nE02,{E02},2026-10-13,E01,谈了,both,同意\n"
CONFIRMATIONS = (
    "person,result,answer,on,by,comment\n"
    "E01,{E01},delivered,2026-10-12,HR,\nE02,{E02},delivered,2026-10-12,HR,\nE01,{E01},confirmed,2026-10-13,E01,好\n"
)
APPEALS = (
    "appeal,person,result,indicator,category,claim,evidence,filed_on,step,on,by,outcome,reason\n"
    "A1,E02,{E02},sales_volume,fact,少算,订单,2026-10-13,filed,2026-10-13,E02,,\n"
    "A1,E02,{E02},sales_volume,fact,,,2026-10-13,received,2026-10-14,HR,,\n"
)


def lived_in(root: Path) -> Path:
    """A company with a published cycle whose results were answered, and an open one with every kind of table."""
    root.mkdir(parents=True)
    life = Life(root)
    with (root / "handbook/company.yml").open("a", encoding="utf-8") as company:
        company.write(COMPANY)
    (root / "handbook/targets").mkdir()
    for name, text in OPEN.items():
        (root / name).write_text(text, encoding="utf-8")
    change(root / "handbook/roles/shop-manager.yml", *STRETCHED)
    life.reopen_september()
    with chdir(root):
        life.run("publish", "2026-09", "--by", "HR", "--anyway", "--reason", "no month before", "--on", "2026-10-11")
    numbers = result_numbers(life.read("2026-09/revisions/1/seal.json"))
    told = {"plans": PLANS, "interviews": INTERVIEWS, "confirmations": CONFIRMATIONS, "appeals": APPEALS}
    for name, text in told.items():
        life.path(f"2026-09/{name}.csv").write_text(text.format(**numbers), encoding="utf-8")
    return root


def result_numbers(seal: str) -> dict[str, str]:
    """The numbers of the results that people were told, by person."""
    return {person: seal.split(f'"{person}": "')[1][:8] for person in ("E01", "E02")}


class Followed:
    """A company's folder, built again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._anew = root.parent / f"{root.name}-anew"

    def build(self) -> bool:
        """Build what has changed; False where the files are refused, and all is as it was."""
        return built(self.root)

    def differences(self, *, has_handbook: bool) -> list[str]:
        """The files and modes that are not those of a build from nothing.

        The handbook's site is kept in that one, too, where no file of the handbook was edited: it tells of nobody.
        """
        for name in INPUTS:
            shutil.rmtree(self._anew / name, ignore_errors=True)
            shutil.copytree(self.root / name, self._anew / name)
        (self._anew / SETTINGS).unlink(missing_ok=True)
        if (self.root / SETTINGS).is_file():
            shutil.copy(self.root / SETTINGS, self._anew / SETTINGS)
        for name in (*MADE, ".kpibook") if has_handbook else OF_PEOPLE:
            shutil.rmtree(self._anew / name, ignore_errors=True)
        assert built(self._anew), "refused only where it is built anew"
        now, anew = made(self.root), made(self._anew)
        return sorted(path for path in now.keys() | anew.keys() if now.get(path) != anew.get(path))


def built(root: Path) -> bool:
    """Build a company; False where it is refused."""
    with chdir(root):
        content = read(Path("handbook"), Path("scorecards"))
        if has_errors(content.problems):
            return False
        try:
            pipeline.build(content, Path(), set(content.cycles))
        except Failure:
            return False
        return True


def made(root: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and bytes of every file that a build makes for its readers."""
    files = (path for name in MADE for path in (root / name).rglob("*") if path.is_file())
    found = {path.relative_to(root).as_posix(): (path.stat().st_mode, path.read_bytes()) for path in files}
    return {name: file for name, file in found.items() if not name.startswith("build/stamps/")}
