"""The program's own source code, as the tests of its shape read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generator" / "kpibook"
TEMPLATES = PACKAGE / "templates"


def modules() -> tuple[Path, ...]:
    """All Python files of the package, sorted."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that stands in a file, each part before what is in it."""
    return tuple(ast.walk(tree(path)))


def name(path: Path) -> str:
    """The file below the package: `pages/cards.py`."""
    return path.relative_to(PACKAGE).as_posix()


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Every call in the package, with its file."""
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.Call):
                yield path, node


def called(call: ast.Call) -> str:
    """The last part of what is called: `exit` for `sys.exit(…)`."""
    match call.func:
        case ast.Name(id=identifier) | ast.Attribute(attr=identifier):
            return identifier
        case _:
            return ""


def text(node: ast.expr | None) -> str | None:
    """The value of a plain string in the source."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case _:
            return None
