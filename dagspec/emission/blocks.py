"""The blocks of `nn/` as text: what each file defines, what it needs, and its body."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = "dagspec.nn"
ROOT = Path(__file__).parent.parent / "nn"


@dataclass(frozen=True)
class BlockFile:
    """One file of `nn/`.

    Attributes:
        module: Its dotted name.
        summary: First line of its docstring.
        defines: Its top-level names.
        needs: Modules of `nn/` that it imports from.
        imports: What it imports from elsewhere: (module, name, alias), name empty for a
            plain `import`.
        body: Its text from the first statement after the imports on.
    """

    module: str
    summary: str
    defines: tuple[str, ...]
    needs: tuple[str, ...]
    imports: tuple[tuple[str, str, str], ...]
    body: str


@cache
def read_blocks() -> Mapping[str, BlockFile]:
    """Every file of `nn/` by its dotted name."""
    files = sorted(path for path in ROOT.rglob("*.py") if path.name != "__init__.py")
    return {block.module: block for block in map(_read, files)}


@cache
def defined_in() -> Mapping[str, str]:
    """Module of each top-level name of `nn/`; a test sees that none is there twice."""
    return {
        name: block.module for block in read_blocks().values() for name in block.defines
    }


@cache
def reserved_names() -> frozenset[str]:
    """Names that the class of a model must not take."""
    blocks = read_blocks().values()
    imported = {alias or name for b in blocks for _, name, alias in b.imports}
    return frozenset(defined_in()) | imported | {"SPEC", "annotations"}


def with_needs(names: Iterable[str]) -> list[BlockFile]:
    """The files that define `names` and all that they need, each after its needs."""
    blocks = read_blocks()
    found: dict[str, BlockFile] = {}

    def visit(module: str) -> None:
        if module not in found:
            for need in blocks[module].needs:
                visit(need)
            found[module] = blocks[module]

    for module in sorted({defined_in()[name] for name in names}):
        visit(module)
    return list(found.values())


def _read(path: Path) -> BlockFile:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    needs: list[str] = []
    imports: list[tuple[str, str, str]] = []
    defines: list[str] = []
    start: int | None = None
    for node in tree.body[1:]:
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module.startswith(PACKAGE):
                needs.append(module)
            elif module != "__future__":
                imports += [(module, a.name, a.asname or "") for a in node.names]
        elif isinstance(node, ast.Import):
            imports += [(alias.name, "", alias.asname or "") for alias in node.names]
        else:
            start = start or _first_line(node)
            defines += _defined(node)
    parts = path.relative_to(ROOT).with_suffix("").parts
    lines = text.splitlines()[(start or 1) - 1 :]
    return BlockFile(
        module=".".join((PACKAGE, *parts)),
        summary=(ast.get_docstring(tree) or "").split("\n")[0],
        defines=tuple(defines),
        needs=tuple(needs),
        imports=tuple(imports),
        body="\n".join(lines),
    )


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []
