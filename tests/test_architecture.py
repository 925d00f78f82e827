"""The shape of the program: one direction, one place that prints, exact numbers, no word of a reader in the code."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from sources import PACKAGE, ROOT, called, calls, modules, name, nodes, tree

STOREYS = (
    *("base", "rules", "model", "reading", "scoring", "access", "records", "authoring", "checking", "exchange"),
    *("sealing", "analysis", "pages", "publishing", "reviewing", "content", "frames", "lifecycle", "typesetting"),
    *("handbook", "worker", "cluster", "pipeline", "analysing", "cli", "__main__"),
)
"""From the ground up: each imports only from those below it."""

EXACT = STOREYS[: STOREYS.index("exchange")]
"""Where numbers are read, computed and judged: nothing inexact may touch them."""

LONGEST_FUNCTION = 40
LONGEST_MODULE = 300
LONGEST_TEST_MODULE = 600
DEEPEST_NESTING = 4
"""Blocks within blocks; three are the aim."""
NESTING = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)
CHINESE_WORD = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
CHINESE_MARK = re.compile("[\u3000-\u303f\uff00-\uffef]")

# Words that tell where and how the project was written; they mean nothing to whoever reads it.
TELLTALE = re.compile(
    r"/work/|/root/|/farm/|(?<![\w.])/home/\w|\.\./shared|/tmp/\w"
    r"|\bissues? #?\d|\b(?:claude|anthropic|openai|chatgpt|copilot|llm|language model)\b",
    re.IGNORECASE,
)
HOST = re.compile(r"https?://([^\s/:)\"'>`]+)")
KNOWN_HOSTS = re.compile(r"localhost|127\.0\.0\.1|(?:[\w-]+\.)*example(?:\.(?:com|org|net))?|pypi\.org|www\.w3\.org")


def storey(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def room(module: str) -> str:
    """The storey of a dotted module and the module or folder inside it: `pages.cards`."""
    return ".".join(module.split(".")[1:3])


def dotted(path: Path) -> str:
    return "kpibook." + name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: Path) -> Iterator[str]:
    """The modules of the package that a file imports, those for types only included."""
    folder = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("kpibook"))
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(folder[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            if module.split(".")[0] == "kpibook":
                yield from (module_of(f"{module}.{alias.name}") for alias in node.names)


def module_of(dotted: str) -> str:
    """The module that holds `dotted`, or that is `dotted`."""
    path = PACKAGE.parent.joinpath(*dotted.split("."))
    return dotted if path.is_dir() or path.with_suffix(".py").is_file() else dotted.rpartition(".")[0]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in nodes(path) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def depth(node: ast.AST) -> int:
    """How many blocks stand within each other; an `elif` is no deeper than its `if`, functions inside count alone."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
            deepest = max(deepest, depth(child) + (isinstance(child, NESTING) and not is_elif))
    return deepest


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file of the project that people wrote."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not a git repository")
    for relative in filter(None, listing.stdout.decode("utf-8").split("\0")):
        path = ROOT / relative
        if (
            path.is_file()
            and path != Path(__file__)
            and not {"assets", "vendor"} & set(path.parts)
            and path.name != "uv.lock"
        ):
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_every_module_stands_in_a_storey() -> None:
    strangers = {storey(path) for path in modules()} - set(STOREYS) - {"__init__"}

    assert not strangers


def test_a_storey_imports_only_from_those_below_it() -> None:
    upward = [
        f"{name(path)} imports {module}"
        for path in modules()
        for module in imports(path)
        if module != "kpibook" and STOREYS.index(module.split(".")[1]) > STOREYS.index(storey(path))
    ]

    assert not upward


def test_no_two_rooms_of_a_storey_need_each_other() -> None:
    graph = dict[str, set[str]]()
    for path in modules():
        needed = {room(module) for module in imports(path) if module.split(".")[1:2] == [storey(path)]}
        graph.setdefault(room(dotted(path)), set()).update(needed - {room(dotted(path)), storey(path)})

    order = tuple(TopologicalSorter(graph).static_order())

    assert len(order) >= len(graph)


def test_a_type_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = {}
    for path in modules():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(name(path))

    shared = {type_name: found for type_name, found in places.items() if len(found) > 1}
    assert len(places) > 500
    assert not shared


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    assert {path: count for path, count in lines.items() if count > LONGEST_MODULE} == {}


def test_the_page_about_the_code_names_the_storeys() -> None:
    text = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")

    drawing = text.split("```")[1]
    drawn = [line.split(" ")[0].removesuffix("/").removesuffix(".py") for line in drawing.strip().splitlines()]
    assert drawn == [each for each in reversed(STOREYS) if each != "__main__"]
    assert len(text.splitlines()) <= 60


def test_the_page_about_the_code_names_places_that_there_are() -> None:
    text = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`?((?:\w+/)*\w+\.py)(?::(\w+))?", text)

    strangers = [
        f"{path}:{called}"
        for path, called in named
        if not path.startswith("test")
        and (not (PACKAGE / path).is_file() or (called and called not in defined(PACKAGE / path)))
    ]
    assert len(named) > 15
    assert not strangers


def defined(path: Path) -> set[str]:
    return {node.name for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_the_table_of_places_names_folders_and_files_that_hold_what_it_says() -> None:
    text = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:an?|what an?) .*", text, re.MULTILINE)

    strangers = []
    for row in rows:
        place = PACKAGE
        for named in re.findall(r"`([\w/.*:-]*\w/?)`", row):
            path, _, inside = named.replace("*", "zh").partition(":")
            if "/" in path:
                place = PACKAGE / path
            else:
                inside = path
            if not place.exists() or (inside and not stands_in(place, inside)):
                strangers.append(named)
    assert len(rows) >= 10
    assert not strangers


def stands_in(place: Path, word: str) -> bool:
    """Whether a file, or one of a folder, is called by a word or holds it."""
    files = (path for path in place.rglob("*") if path.suffix in (".py", ".yml")) if place.is_dir() else (place,)
    whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    return any(path.name == word or whole.search(path.read_text(encoding="utf-8")) for path in files)


def test_no_imports_go_round() -> None:
    graph = {dotted(path): set(imports(path)) for path in modules() if path != PACKAGE / "__init__.py"}

    order = tuple(TopologicalSorter(graph).static_order())

    assert len(order) >= len(graph)


def test_only_the_command_line_prints_and_exits() -> None:
    loud = [
        f"{name(path)}:{call.lineno}: {ast.unparse(call.func)}"
        for path, call in calls()
        if storey(path) not in ("cli", "__main__")
        if ast.unparse(call.func) in ("print", "sys.exit", "exit", "quit", "os._exit", "SystemExit", "click.echo")
    ]

    assert not loud


def test_commands_print_through_one_function_that_shows_what_steers_a_terminal() -> None:
    """Through `cli.base.echo`: nothing else hands click, `print` or a standard stream a text."""
    base = PACKAGE / "cli" / "base.py"
    allowed = {call for each in functions(base) if each.name in ("echo", "go_to_line_start") for call in ast.walk(each)}

    raw = [f"{name(path)}:{call.lineno}" for path, call in calls() if prints(call.func) and call not in allowed]

    assert not raw


def prints(function: ast.expr) -> bool:
    """Whether a call of this prints."""
    owner, _, verb = ast.unparse(function).rpartition(".")
    if owner.endswith(("stdout", "stderr", "stdout.buffer", "stderr.buffer")):
        return verb in ("write", "writelines")
    return (owner, verb) == ("", "print") or (
        owner == "click" and verb in ("echo", "secho", "echo_via_pager", "prompt")
    )


def test_nothing_inexact_touches_a_number() -> None:
    inexact = [
        f"{name(path)}:{call.lineno}: {called(call)}"
        for path, call in calls()
        if storey(path) in EXACT and isinstance(call.func, ast.Name) and call.func.id in ("float", "round")
    ]
    literals = [
        f"{name(path)}:{node.lineno}: {node.value}"
        for path in modules()
        for node in nodes(path)
        if storey(path) in EXACT and isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]

    assert not inexact + literals


@pytest.mark.parametrize(
    ("letters", "exceptions"),
    [
        pytest.param(
            CHINESE_WORD,
            {
                "base/numbers.py",
                "reading/tables/table.py",
                "reading/tables/cells.py",
                "reading/tables/cellvalues.py",
                "exchange/importing/period_words.py",
                "exchange/importing/title_periods.py",
            },
            id="words, but for those that data may hold",
        ),
        pytest.param(
            CHINESE_MARK,
            {"pages/text.py", "reading/tables/columns.py", "reading/tables/cells.py"},
            id="marks, but for those looked for",
        ),
    ],
)
def test_no_reader_s_word_stands_in_the_code(letters: re.Pattern[str], exceptions: set[str]) -> None:
    found = [
        f"{name(path)}:{line}: {token}"
        for path in modules()
        # Few files have any such letter at all: the others are not cut into tokens.
        if name(path) not in exceptions and letters.search(path.read_text(encoding="utf-8"))
        for line, token in code_tokens(path)
        if letters.search(token)
    ]

    assert not found


def code_tokens(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of everything that is neither comment nor docstring."""
    told = {place for node in nodes(path) for place in docstring_places(node)}
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type != tokenize.COMMENT and token.start not in told:
            yield token.start[0], token.string


def docstring_places(node: ast.AST) -> Iterator[tuple[int, int]]:
    """Where texts stand that are statements of their own."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        yield node.lineno, node.col_offset


def test_functions_are_short_and_shallow() -> None:
    places = {f"{name(path)}:{each.lineno}: {each.name}": each for path in modules() for each in functions(path)}

    assert not {where: length(each) for where, each in places.items() if length(each) > LONGEST_FUNCTION}
    assert not {where: depth(each) for where, each in places.items() if depth(each) > DEEPEST_NESTING}


def test_no_module_of_tests_is_too_long_to_overlook() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "tests").rglob("*.py")}

    assert len(lines) > 200
    assert not {str(path): count for path, count in lines.items() if count > LONGEST_TEST_MODULE}


def test_no_file_tells_where_or_how_it_was_written() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path, content in texts()
        for number, line in enumerate(content.splitlines(), 1)
        for match in TELLTALE.finditer(line)
    ]

    assert not found


def test_no_document_sends_its_reader_to_another_host() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path, content in texts()
        if path.suffix in (".md", ".yml", ".yaml", ".html", ".j2", ".css", ".js")
        for host in HOST.findall(content)
        if not KNOWN_HOSTS.fullmatch(host)
    ]

    assert not found
