"""An editor that knows the schemas: the language server that VS Code uses, asked as an editor asks it."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import pytest

from kpibook.authoring.schemas import write_schemas
from kpibook.base.words import words
from kpibook.reading.catalog import load_catalog
from node import npm_package
from sources import ROOT

SERVER = "yaml-language-server@1.19.2"
SETTINGS = {"validate": True, "completion": True, "schemaStore": {"enable": False}}
ROLE = """\
# yaml-language-server: $schema=../../build/schemas/role.schema.json
name: Tester
department: sales
scorecard:
  - section: Work
    items:
      - indicator:\x20
        weight: 100
        standard:
          rule: bands
          bands: [{points: 0}]
"""


class Editor:
    """Speaks to the server over its standard input and output."""

    def __init__(self, server: Path, root: Path) -> None:
        command = ["node", str(server / "bin" / "yaml-language-server"), "--stdio"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.asked = 0
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
        folders = [{"uri": root.as_uri(), "name": "company"}]
        known = {"processId": None, "rootUri": root.as_uri(), "workspaceFolders": folders}
        self.ask("initialize", {**known, "capabilities": capabilities})
        self._send(method="initialized", params={})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, method: str, params: Mapping[str, Any]) -> Any:
        """What the server answers."""
        self.asked += 1
        number = self.asked
        self._send(id=number, method=method, params=params)
        return self._heard(lambda told: told.get("id") == number and "method" not in told)["result"]

    def marks(self, path: Path, text: str) -> list[tuple[int, str]]:
        """The lines that the editor underlines when a file is opened, counted from 1, and what it says there."""
        return self.marks_of({path: text})[path]

    def marks_of(self, files: Mapping[Path, str]) -> Mapping[Path, list[tuple[int, str]]]:
        """As `marks`, of files that are opened at once: the server looks at none before it has been left alone."""
        for path, text in files.items():
            document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
            self._send(method="textDocument/didOpen", params={"textDocument": document})
        waiting, found = {path.as_uri(): path for path in files}, {}
        while waiting:
            params = self._heard(lambda told: told.get("params", {}).get("uri") in waiting)["params"]
            lines = [(each["range"]["start"]["line"] + 1, each["message"]) for each in params["diagnostics"]]
            found[waiting.pop(params["uri"])] = lines
        return found

    def offered(self, path: Path, line: int, column: int) -> set[str]:
        """What the editor offers to put in at a place of an open file, both counted from 1."""
        position = {"line": line - 1, "character": column - 1}
        found = self.ask("textDocument/completion", {"textDocument": {"uri": path.as_uri()}, "position": position})
        return {each["label"] for each in found["items"]}

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _heard(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message of the kind; until it comes, the server's own questions are answered."""
        while True:
            told = self._next()
            if told.get("method") == "workspace/configuration":
                sections = [each.get("section") for each in told["params"]["items"]]
                self._send(id=told["id"], result=[SETTINGS if name == "yaml" else None for name in sections])
            elif "method" in told and "id" in told:
                self._send(id=told["id"], result=None)
            elif is_it(told):
                return told

    def _next(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company with its schemas, as after a build."""
    folder = tmp_path_factory.mktemp("company").resolve()
    for name in ("handbook", "scorecards"):
        shutil.copytree(ROOT / name, folder / name)
    write_schemas(folder / "build" / "schemas", words("zh"), load_catalog(folder / "handbook")[0])
    return folder


@pytest.fixture(scope="module")
def editor(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with Editor(npm_package(tmp_path_factory, SERVER), root) as made:
        yield made


def test_no_file_of_the_sample_company_is_underlined(editor: Editor, root: Path) -> None:
    files = [*sorted((root / "handbook").rglob("*.yml")), *sorted(root.glob("scorecards/*/cycle.yml"))]

    marks = editor.marks_of({path: path.read_text(encoding="utf-8") for path in files})

    assert len(marks) > 50
    assert not {path.name: found for path, found in marks.items() if found}


def test_a_misspelt_key_and_an_unknown_id_are_underlined(editor: Editor, root: Path) -> None:
    path = root / "handbook/roles/tester.yml"
    text = ROLE.replace("indicator: ", "indicator: conversoin").replace("weight:", "wieght:")

    marks = editor.marks(path, text)

    assert (8, "Property wieght is not allowed.") in marks
    assert [line for line, _ in marks] == [7, 8]


def test_ids_keys_and_parameters_of_rules_are_offered(editor: Editor, root: Path) -> None:
    path = root / "handbook/roles/begun.yml"
    editor.marks(path, f"{ROLE}          \n")

    ids, parameters = editor.offered(path, 7, 20), editor.offered(path, 12, 11)

    assert {"department_order_conversion", "promotion_cost_share"} <= ids
    assert {"of", "examples", "note"} <= parameters
    assert "floor" not in parameters
