"""What pyproject.toml asks for is what the code imports, and is pinned for us."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
NEEDED = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = PROJECT["optional-dependencies"]
TRAIN = [Requirement(text) for text in EXTRAS["train"]]
DEV = [Requirement(text) for text in EXTRAS["dev"] if text != "dagspec[train]"]
EXTRA = [*TRAIN, *DEV]
IMPORTED_AS = {
    "pillow": "PIL",
    "pytorch-lightning": "pytorch_lightning",
    "scikit-learn": "sklearn",
}


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if line and line[0] != "#"]
    return {pin.name: pin for pin in pinned}


def imported() -> set[str]:
    """The foreign packages that dagspec imports, at the top or in a function."""
    names: set[str] = set()
    for path in (ROOT / "dagspec").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module)
    roots = {name.partition(".")[0] for name in names}
    return roots - set(sys.stdlib_module_names) - {"dagspec"}


@pytest.mark.parametrize("requirement", NEEDED + EXTRA, ids=lambda it: it.name)
def test_requirement_is_pinned_within_its_range(requirement: Requirement) -> None:
    (exact,) = pins()[requirement.name].specifier
    assert exact.operator == "=="
    assert exact.version in requirement.specifier


def test_nothing_is_pinned_that_nothing_asks_for() -> None:
    assert pins().keys() == {requirement.name for requirement in NEEDED + EXTRA}


def test_dagspec_imports_what_it_asks_for_and_nothing_else() -> None:
    needed = {IMPORTED_AS.get(need.name, need.name) for need in NEEDED + TRAIN}
    assert imported() == needed
