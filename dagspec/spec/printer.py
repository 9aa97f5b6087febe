"""From a spec back to a text that means the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import TextWrapper

from pydantic import BaseModel

from dagspec.spec.model import Latent, Observed, Spec
from dagspec.spec.process import Computed, Drawn, MlpOptions, Process, Renderer
from dagspec.spec.values.annotations import options_of
from dagspec.spec.values.arithmetic import write_expression

WIDTH = 88


def write_spec(spec: Spec) -> str:
    """The canonical text of a spec: ASCII, defaults left out.

    It reads as the same spec: `read(Source(name, write_spec(spec))).spec == spec`.
    """
    blocks = (
        [f"model {spec.name}{_description(spec.description)}"],
        [_observed(spec.observed)],
        _section("features", spec.features),
        _section("inference", spec.inference),
        [_latent(latent) for latent in spec.latents],
        list(_edges(spec)),
        _section("objective", spec.objective),
        _section("training", spec.training),
        list(_process(spec)),
    )
    return "\n".join("\n".join(lines) + "\n" for lines in blocks if lines)


def _description(text: str) -> str:
    return f" {json.dumps(text)}" if text else ""


def _observed(node: Observed) -> str:
    shape = ", ".join(map(str, node.shape))
    head = f"observe {node.name}: {node.family}[{shape}]"
    return head + _description(node.description) + _options(node)


def _latent(latent: Latent) -> str:
    head = f"latent {latent.name}: {latent.family}[{latent.dim}]"
    return head + _description(latent.description) + _options(latent)


def _section(name: str, record: BaseModel) -> list[str]:
    options = _options(record)
    return [name + options] if options else []


def _options(record: BaseModel) -> str:
    """The options that differ from their defaults, in braces."""
    parts = [
        f"{name} = {info.form.write(getattr(record, name))}"
        for name, info in options_of(type(record)).items()
        if getattr(record, name) != info.default
    ]
    return f" {{ {', '.join(parts)} }}" if parts else ""


def _edges(spec: Spec) -> Iterator[str]:
    """One statement for all children that have the same parents."""
    parents: dict[str, list[str]] = {}
    for parent, child in spec.edges:
        parents.setdefault(child, []).append(parent)
    children: dict[tuple[str, ...], list[str]] = {}
    for child, causes in parents.items():
        children.setdefault(tuple(causes), []).append(child)
    wrapper = TextWrapper(
        WIDTH,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    for causes, effects in children.items():
        # A line may end after a comma or an arrow, but not before an arrow.
        sources = ", ".join(causes) + "\N{NO-BREAK SPACE}->"
        lines = wrapper.wrap(f"{sources} {', '.join(effects)}")
        yield "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _process(spec: Spec) -> Iterator[str]:
    """A line for each variable, then one for the observed node."""
    if spec.process is None:
        return
    yield "process {"
    yield from (f"  {write_variable(variable)}" for variable in spec.process.variables)
    yield f"  {spec.observed.name} = {write_renderers(spec.process)}"
    yield "}"


def write_variable(variable: Drawn | Computed) -> str:
    """The line of a variable."""
    if isinstance(variable, Computed):
        return f"{variable.name} = {write_expression(variable.expression)}"
    arguments = ", ".join(map(write_expression, variable.arguments))
    return f"{variable.name} ~ {variable.family}({arguments})"


def write_renderers(process: Process) -> str:
    """What the observed node is made of."""
    renderers = [_renderer(renderer) for renderer in process.renderers]
    return renderers[0] if len(renderers) == 1 else f"[{', '.join(renderers)}]"


def _renderer(renderer: Renderer) -> str:
    named = renderer.name != "mlp"
    parts = [
        f"{name} = {write_expression(value)}" if named else write_expression(value)
        for name, value in renderer.arguments
    ]
    forms = options_of(MlpOptions)
    parts += [f"{name} = {forms[name].form.write(v)}" for name, v in renderer.options]
    return f"{renderer.name}({', '.join(parts)})"
