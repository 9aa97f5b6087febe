"""Every example of the README and of docs/ does what a reader expects of it.

A page is read from top to bottom in a folder that holds a copy of specs/: Python
examples share one namespace, `dag` examples have to be legal, and of the shell
examples the lines that call dagspec have to succeed. A word after the language
says otherwise: `norun` leaves an example alone, `error` wants it refused. A `dag`
example whose first line names a file (`# mine.dag`) is saved under that name.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import dagspec

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
RUN = {"dag", "python", "sh", "console"}
SHOWN = {"text", "json", "toml", "lark", "mermaid", "dot", "latex", "diff", "html"}
FLAGS = {"norun", "error"}

FENCE = re.compile(
    r"^ *(?P<ticks>`{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^ *(?P=ticks) *$",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"(?:\w+=\S+ )*(?:dagspec|python -m dagspec)\b")
FILE_NAME = re.compile(r"# (\S+\.dag)\n")


@dataclass(frozen=True)
class Example:
    """A fenced block; `line` is that of its first line of text."""

    page: Path
    line: int
    language: str
    flags: frozenset[str]
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found: list[Example] = []
    for match in FENCE.finditer(text):
        line = text.count("\n", 0, match.start("text")) + 1
        language, *flags = match["info"].split() or [""]
        code = textwrap.dedent(match["text"])
        found.append(Example(page, line, language, frozenset(flags), code))
    return found


ALL = [example for page in PAGES for example in examples(page)]
RUNNABLE = [it for it in ALL if it.language in RUN and "norun" not in it.flags]


def run_python(example: Example, namespace: dict[str, object]) -> None:
    padding = "\n" * (example.line - 1)  # so that a traceback shows the page's line
    code = compile(padding + example.text, str(example.page), "exec", dont_inherit=True)
    exec(code, namespace)


def run_dag(example: Example) -> None:
    try:
        dagspec.parse(example.text, name=str(example))
    except dagspec.DagSpecError as error:
        if "error" not in example.flags:
            pytest.fail(str(error))
    else:
        if "error" in example.flags:
            pytest.fail(f"{example}: is marked as an error, and dagspec takes it")
    if named := FILE_NAME.match(example.text):
        path = Path(named[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(example.text, encoding="utf-8")


def run_shell(example: Example) -> None:
    prompt = "$ " if example.language == "console" else ""
    lines = example.text.replace("\\\n", " ").splitlines()
    typed = [line.removeprefix(prompt) for line in lines if line.startswith(prompt)]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in filter(COMMAND.match, typed):
        done = subprocess.run(
            ["sh", "-c", command],
            env=os.environ | {"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != ("error" in example.flags):
            said = done.stdout + done.stderr
            pytest.fail(f"{example}: {command}\nended with {done.returncode}\n{said}")


@dataclass
class Reader:
    """Works through one page, each example once, as far as the tests ask."""

    folder: Path
    ahead: list[Example]
    namespace: dict[str, object] = field(default_factory=lambda: {"__name__": "page"})
    stuck: Example | None = None

    def read(self, target: Example) -> None:
        """Runs the examples up to `target`, which alone may fail here."""
        while target in self.ahead and self.stuck is None:
            example = self.ahead.pop(0)
            try:
                with contextlib.chdir(self.folder):
                    self.run(example)
            except (Exception, pytest.fail.Exception):
                # Nothing after a `dag` example needs it to have been legal.
                self.stuck = None if example.language == "dag" else example
                if example == target:
                    raise
        if self.stuck is not None:
            pytest.skip(f"an earlier example of the page fails: {self.stuck}")

    def run(self, example: Example) -> None:
        if example.language == "python":
            run_python(example, self.namespace)
        elif example.language == "dag":
            run_dag(example)
        else:
            run_shell(example)


@pytest.fixture(scope="session")
def reader_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Reader]:
    readers: dict[Path, Reader] = {}

    def reader_of(page: Path) -> Reader:
        if page not in readers:
            folder = tmp_path_factory.mktemp(page.stem)
            shutil.copytree(ROOT / "specs", folder / "specs")
            ahead = [example for example in RUNNABLE if example.page == page]
            readers[page] = Reader(folder, ahead)
        return readers[page]

    return reader_of


@pytest.mark.parametrize("example", RUNNABLE, ids=str)
def test_example_works(example: Example, reader_of: Callable[[Path], Reader]) -> None:
    reader_of(example.page).read(example)


@pytest.mark.parametrize("example", ALL, ids=str)
def test_example_says_what_it_is(example: Example) -> None:
    assert example.language in RUN | SHOWN, "not a language that the docs use"
    assert example.flags <= FLAGS, "not a word that says how to treat an example"


def test_readme_has_examples_that_run() -> None:
    languages = {example.language for example in RUNNABLE if example.page == README}
    assert {"dag", "python"} <= languages
    assert languages & {"sh", "console"}
