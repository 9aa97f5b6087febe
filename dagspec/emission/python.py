"""Plan to Python source: the only generator of code.

Names and texts of a spec go into string literals and never become code.
"""

from __future__ import annotations

import builtins
import keyword

from dagspec.emission.blocks import defined_in, reserved_names, with_needs
from dagspec.emission.layout import LINE_LENGTH, string
from dagspec.emission.model_class import ClassText, write_class
from dagspec.plan import Plan


def emit(plan: Plan, standalone: bool = True) -> str:
    """The source of the module that a plan becomes.

    Args:
        plan: What to build.
        standalone: Whether the blocks it uses are put in verbatim, so that the module
            needs torch alone; else it imports them from dagspec.

    Returns:
        Python source, formatted; the class text is the same in both forms.
    """
    text = write_class(plan, class_name(plan.name))
    preamble = _copied_blocks(plan, text) if standalone else _imported_blocks(text)
    title = class_name(plan.name)
    return f"{_docstring(plan, title)}\n{preamble}\n\n{text.body}"


def class_name(name: str) -> str:
    """The model's name in CamelCase, made legal and free where it is not.

    >>> class_name("dsprites_correlated")
    'DspritesCorrelated'
    >>> class_name("normal")
    'NormalModel'
    """
    camel = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    if not camel.isidentifier():
        camel = f"Model{camel}"
    taken = camel in reserved_names() or hasattr(builtins, camel)
    return f"{camel}Model" if taken or keyword.iskeyword(camel) else camel


def _docstring(plan: Plan, title: str) -> str:
    lines = [
        f'"""The model `{plan.name}` as a PyTorch module.',
        "",
        "Compiled by dagspec, MIT licence. The model is the last class of this file:",
        "",
        f"    model = {title}()",
        "    out = model(x)  # out.elbo, out.kl, out.latents, out.reconstruction",
        '"""',
        "",
        "from __future__ import annotations",
        "",
    ]
    return "\n".join(lines)


def _imported_blocks(text: ClassText) -> str:
    """Imports of the blocks that the class uses."""
    wanted: dict[str, list[str]] = {}
    for name in text.uses:
        wanted.setdefault(defined_in()[name], []).append(name)
    imports = [(module, name, "") for module in wanted for name in wanted[module]]
    return _write_imports([("torch", "nn", "")]) + "\n" + _write_imports(imports)


def _copied_blocks(plan: Plan, text: ClassText) -> str:
    """The blocks that the class uses, after one list of their imports, and the spec."""
    files = with_needs(text.uses)
    imports = {line for file in files for line in file.imports} | {("torch", "nn", "")}
    standard = [line for line in imports if not line[0].startswith("torch")]
    torch = [line for line in imports if line[0].startswith("torch")]
    parts = [_write_imports(standard), _write_imports(torch), _spec(plan)]
    for file in files:
        title = f"# {file.module}\n# {file.summary}"
        parts.append(f"\n{title}\n\n\n{file.body}\n")
    return "\n".join(parts)


def _spec(plan: Plan) -> str:
    """The spec's text as a constant, a line of it on each line."""
    constant = f"SPEC = {string(plan.text)}"
    if len(constant) > LINE_LENGTH:
        lines = [string(line) for line in plan.text.splitlines(keepends=True)]
        constant = "\n    ".join(["SPEC = (", *lines]) + "\n)"
    return f"# What the model was compiled from.\n{constant}\n"


def _write_imports(imports: list[tuple[str, str, str]]) -> str:
    """Import statements in the order that isort would give them."""
    plain = sorted((module, alias) for module, name, alias in set(imports) if not name)
    lines = [f"import {m} as {alias}" if alias else f"import {m}" for m, alias in plain]
    # A name that takes another one has a statement of its own.
    members: dict[tuple[str, str], set[str]] = {}
    for module, name, alias in imports:
        if name:
            own = members.setdefault((module, name if alias else ""), set())
            own.add(f"{name} as {alias}" if alias else name)
    statements = [(module, sorted(found)) for (module, _), found in members.items()]
    lines += [_from_import(module, found) for module, found in sorted(statements)]
    return "\n".join(lines) + "\n"


def _from_import(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= LINE_LENGTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {n},\n" for n in names) + ")"
