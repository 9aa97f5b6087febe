"""No two files of the data sets need one another, not even within a function."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from dagspec import data

FOLDER = Path(data.__file__).parent


def imported(path: Path) -> set[str]:
    """The files beside `path` that it imports anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{each.name}" for each in node.names}
    files = {name.removeprefix("dagspec.data.") for name in found}
    return {name for name in files if (FOLDER / f"{name}.py").is_file()}


def test_files_import_one_another_in_one_direction():
    files = [path for path in FOLDER.glob("*.py") if path.stem != "__init__"]
    needs = {path.stem: imported(path) for path in files}
    assert needs["toydata"] == {"source", "bars"}
    order = [*TopologicalSorter(needs).static_order()]
    assert order.index("bars") < order.index("toydata")
