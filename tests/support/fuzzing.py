"""Spoilt files for every reader, and spoilt command lines: how many end in an exception that nobody catches. None may.

Each input is a sound one with a few bytes flipped, cut out, doubled or put in, in one process.
"""

import gc
import io
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import chdir, suppress
from pathlib import Path

import click
import openpyxl
from click.testing import CliRunner

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, has_errors
from kpibook.base.words import words
from kpibook.cli import main
from kpibook.content import read as content_of
from kpibook.content import reported_problems, score_cycle
from kpibook.exchange.importing import Settings, aside_problems, plan_import, report_lines
from kpibook.pages.prose import check_prose
from kpibook.publishing.site.settings import Site, mkdocs_config, read_settings
from kpibook.reading.tables import Layout, read_heads, read_table
from kpibook.reading.yamlfile import read_bytes
from kpibook.rules.formulas import Formula, FormulaFault
from sent_tables import make_company
from workbooks import a_row, book, header_row

COMPANY = Path(__file__).parents[1] / "company"
ODD = (b"\0", b"\x1b", b'"', b"[", b"{", b"<!", b"&#x0;", b"\xff\xfe", b"\xe4\xb8", b"9" * 400, b"1e999999", b"---\n")
LAYOUT = Layout(("subject", "measure", "actual"), ("note",), ids=("subject",), numbers=("actual",))

SETTINGS = b"""\
site_name: A
site_url: https://kpi.example/
repo_url: https://git.example/kpi
theme: {palette: [{scheme: default}], features: [a]}
extra_css: [a.css]
extra: {admin: true}
validation: {nav: {not_found: warn}}
"""
COMMANDS = (
    "check --format json --strict --today 2026-11-05",
    "score 2026-10 --out out",
    "explain 2026-10 E01 sales_result",
    "schema --out out --language en --ids",
    "format handbook --check",
    "new role cook --name \u53a8\u5e08 --department shop",
    "new indicator waste --name waste --group service",
    "init new --language zh --name A --month 2026-10",
    "open 2026-11 --from 2026-10 --by E01 --reason so --on 2026-11-01",
    "agree 2026-10 --by E01 --reason so --on 2026-11-01 --dry-run",
    "publish 2026-10 --anyway --by boss --reason so --on 2026-11-06",
    "correct 2026-10 --approved-by owner --appeal 1 --later leave --reopen x --by boss --reason so",
    "close 2026-10 --anyway --by boss --reason so --on 2026-11-30",
    "verify 2026-09 2026-10 --recompute",
    "upgrade --by boss --on 2026-11-06",
    "collect 2026-10 --out out --format csv --missing",
    "import scorecards/2026-10/actuals/shop.csv --cycle 2026-10 --replace --supplier shop --delimiter tab --rater E01",
    "status 2026-10 --format csv --today 2026-11-05",
    "access linxiao --format text",
    "serve-config nginx --out out --port 8080",
    "diff handbook other --cycles 3 --people out.csv --format text",
    "--handbook handbook --scorecards scorecards check",
    "serve --port 8000",
    "build 2026-10",
    "print 2026-10 --person E01 --department shop --out out",
    "leak-test http://localhost:1 --as linxiao --header X-User --most 5",
)
"""One argument after each blank."""
SLOW = ("company", "arguments", "settings")
QUICK_TURNS = 5
"""The others are tried so many times as often: they take a tenth of the time."""
ENDLESS = ("serve", "build", "print", "leak-test")
"""Commands that need a browser, a server or seconds: of these the arguments are taken apart, and no more."""

SHEETS = [
    b"<worksheet xmlns='x'><cols><col min='1' max='2' hidden='1'/></cols><sheetData>"
    b"<row r='1'><c r='A1' t='inlineStr'><is><t>subject</t></is></c><c r='B1' t='str'><v>actual</v></c></row>"
    b"<row r='2' hidden='1'><c r='A2' t='s'><v>0</v></c><c r='B2' s='0'><f>1+1</f><v>2</v></c></row>"
    b"</sheetData><mergeCells><mergeCell ref='A4:B4'/></mergeCells></worksheet>"
]
TEXTS = [b"<sst><si><t>a</t></si><si><r><t>b</t></r><rPh/></si></sst>"]
STYLES = [
    b"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy-mm-dd'/></numFmts>"
    b"<cellXfs><xf numFmtId='0'/><xf numFmtId='164'/><xf numFmtId='10'/></cellXfs></styleSheet>"
]
SENT = (
    "2026年10月销售（单位：万元）,,,\n序号,姓名,销售额,\n,,计划,完成\n1,林晓,5,5.5\n2,周　然,2,2.23\n合计,,7,7.73\n"
    ",,,\n姓名,到店人数,,\n林晓,200,,\n",
    "日期,姓名,到店人数\n2026-10-01,林晓,1\n2026年10月2日,林晓,2\n2026-09-30,周然,9\n",
    "工号,姓名,岗位,部门,直接上级,入职日期\nE01,林晓,店长,门店,,2024/3/1\nE09,钱进,店员,门店,林晓,46320\n",
    "姓名,工作态度\n林晓,36\n周然,优\n",
    'subject,measure,actual,note\nE01,sales,85%,x\nE02,sales,1e5,\nE02,visitors,"1,234",\n',
    "销售额,,\n姓名,9月,10月\n林晓,48000,55000\n",
)
"""Tables of every layout that is read."""

Reader = Callable[[bytes], object]


def table(name: str) -> Reader:
    """A reader of tables that goes through all rows."""

    def read(data: bytes) -> None:
        read_heads(data, name)
        found, _ = read_table(data, name, LAYOUT)
        for _ in found.rows() if found else ():
            pass

    return read


def markup(part: str) -> Reader:
    """A reader of workbooks of which one part is spoilt before it is packed: the archive itself is sound."""

    def read(data: bytes) -> None:
        table("a.xlsx")(
            book(header_row() + a_row('<c s="0"><v>1</v></c>', '<c t="s"><v>0</v></c>'), parts={part: data})
        )

    return read


def imports(folder: Path) -> Reader:
    """An import into the open cycle of the tiny company, up to the point where it would be written."""
    home = make_company(folder / "importing") if not (folder / "importing").exists() else folder / "importing"
    content = content_of(home / "handbook", home / "scorecards")
    cycle = content.cycles[Period.parse("2026-10")]
    say, how = words("zh"), Settings(targets=True, rater="E01")

    def read(data: bytes) -> None:
        path = folder / "sent.csv"
        path.write_bytes(data)
        plan = plan_import([path], content.catalog, cycle, home / "scorecards" / "2026-10", how)
        for problem in (*plan.problems, *aside_problems(plan)):
            problem.text(say)
        "".join(report_lines(plan, say))

    return read


def companies(folder: Path) -> Reader:
    """All that a company writes, with one file spoilt (its name is the first line): checked, and scored where sound."""
    home, say = folder / "company", words("zh")
    shutil.copytree(COMPANY, home)
    sound = {name: (COMPANY / name).read_bytes() for name in _written()}

    def read(data: bytes) -> None:
        first, _, text = data.partition(b"\n")
        name = os.fsdecode(first)
        if name not in sound:
            return
        (home / name).write_bytes(text)
        try:
            content = content_of(home / "handbook", home / "scorecards")
            problems = reported_problems(content)
            for problem in problems:
                problem.text(say)
            for period in () if has_errors(problems) else content.cycles:
                score_cycle(content, period)
        finally:
            (home / name).write_bytes(sound[name])

    return read


def _written() -> list[str]:
    return [str(path.relative_to(COMPANY)) for path in sorted(COMPANY.rglob("*")) if path.is_file()]


def prose(data: bytes) -> None:
    """A page with its front matter."""
    for problem in check_prose({"a.md": data.decode("utf-8", "replace")}, "handbook"):
        str(problem)


def formula(data: bytes) -> None:
    """A formula."""
    with suppress(FormulaFault):
        Formula.parse(data.decode("utf-8", "replace"))


def settings(folder: Path) -> Reader:
    """The company's settings of its site."""

    def read(data: bytes) -> None:
        path = folder / "mkdocs.yml"
        path.write_bytes(data)
        with suppress(Failure):
            own = read_settings(path)
            site = Site(folder, folder / "site", (), words("zh"), "A", is_searched=True, settings=own, config=path)
            mkdocs_config(site)

    return read


def arguments(folder: Path) -> Reader:
    """The command line in a folder with the tiny company, made anew for each input."""
    home = folder / "home"

    def read(data: bytes) -> None:
        given = os.fsdecode(data.replace(b"\0", b"")).split(" ")  # no system hands a program a NUL
        if any(each.startswith(("/", "~")) or ".." in each or "=/" in each for each in given):
            return
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(COMPANY, home)
        with chdir(home):
            _take_apart(given) if set(ENDLESS) & set(given) else _run(given)

    return read


def _take_apart(given: Sequence[str]) -> None:
    """The arguments of a command that is not run."""
    context, names = click.Context(main), [each for each in given if each in ENDLESS]
    command = main.get_command(context, names[0])
    assert command is not None
    with suppress(click.ClickException, click.exceptions.Exit, SystemExit):
        command.make_context(names[0], list(given[given.index(names[0]) + 1 :]), parent=context)


def _run(given: Sequence[str]) -> None:
    done = CliRunner().invoke(main, list(given))
    # The program ends after a command and leaves its garbage; this process goes on.
    gc.unfreeze()
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four changes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(changed) + 1), chance.choice((1, 2, 8, 60))
        kind = chance.randrange(4)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[at : at + length]
        elif kind == 2:
            changed[at:at] = changed[at : at + length] * chance.choice((1, 2, 50))
        else:
            changed[at:at] = chance.choice(ODD)
    return bytes(changed)


def attempts(readers: dict[str, tuple[Reader, Sequence[bytes]]], count: int, seed: int) -> Counter[str]:
    """How many inputs of each reader ended in an exception; each kind is printed once, with its input."""
    uncaught, chance = Counter[str](), random.Random(seed)
    names = [name for name in readers for _ in range(1 if name in SLOW else QUICK_TURNS)]
    for number in range(count):
        name = names[number % len(names)]
        read, sound = readers[name]
        data = spoilt(chance.choice(sound), chance)
        try:
            read(data)
        except Exception as err:  # any at all is what is looked for
            if not uncaught[f"{name} {type(err).__name__}"]:
                print(name, repr(err)[:200], data[:2000], flush=True)
            uncaught[f"{name} {type(err).__name__}"] += 1
    return uncaught


def all_readers(folder: Path, workbook: bytes) -> dict[str, tuple[Reader, Sequence[bytes]]]:
    """Every reader with sound inputs."""
    return {
        "csv": (table("a.csv"), [(COMPANY / "scorecards/2026-10/actuals/support.csv").read_bytes()]),
        "xlsx": (table("a.xlsx"), [workbook]),
        "yaml": (lambda data: read_bytes(data, "x.yml"), [(COMPANY / "handbook/roles/barista.yml").read_bytes()]),
        "company": (companies(folder), [f"{name}\n".encode() + (COMPANY / name).read_bytes() for name in _written()]),
        "prose": (prose, ["---\ntitle: 标题\norder: 3\n---\n# 制度\n\n[岗位](a.md) `b`\n".encode()]),
        "formula": (formula, [b"round(max(sales, 0) / previous.sales * 100, 2) >= 5"]),
        "settings": (settings(folder), [SETTINGS]),
        "sheet": (markup("xl/worksheets/sheet1.xml"), SHEETS),
        "texts": (markup("xl/sharedStrings.xml"), TEXTS),
        "styles": (markup("xl/styles.xml"), STYLES),
        "import": (imports(folder), [text.encode() for text in SENT]),
        "arguments": (arguments(folder), [command.encode() for command in COMMANDS]),
    }


def sound_workbook() -> bytes:
    """A small workbook with texts, numbers and a date."""
    file, book = io.BytesIO(), openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("subject", "measure", "actual", "note"), ("E01", "sales", 5.5, "好"), ("E02", "sales", 0.1, "ok")):
        sheet.append(row)
    book.save(file)
    return file.getvalue()
