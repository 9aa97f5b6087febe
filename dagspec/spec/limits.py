"""How big a model may be; refused before any memory is spent on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from dagspec import geometry
from dagspec.diagnostic import Diagnostic
from dagspec.spec.draft import Draft
from dagspec.spec.model import Spec
from dagspec.spec.parameters import count_parts, count_process
from dagspec.spec.statements.edges import count_edges
from dagspec.spec.statements.nodes import latents_of
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.tree import File


@dataclass(frozen=True)
class Limits:
    """The most that a model may have.

    Attributes:
        latents: Concepts.
        edges: Edges, those of products such as `a, b -> c, d` counted one by one.
        parameters: Numbers to be learned, and those of a process's fixed network.
        values: Numbers in one observed example.
    """

    latents: int = 10_000
    edges: int = 1_000_000
    parameters: int = 500_000_000
    values: int = 100_000_000


DEFAULT = Limits()
# For specs that were built before, and so were within the limits of their user.
NO_LIMITS = Limits(*[2**62] * 4)


def parse_limit(text: str, limits: Limits = DEFAULT) -> Limits:
    """Limits with one of them changed, such as `parameters=2e9`.

    Raises:
        ValueError: There is no such limit, or it is not a whole number above 0.
    """
    name, equals, number = (part.strip() for part in text.partition("="))
    names = [field.name for field in fields(Limits)]
    if name not in names:
        hint = did_you_mean(name, names) or f"write {listed(names)}"
        raise ValueError(f"there is no limit `{name}`; {hint}")
    try:
        value = float(number.replace("_", ""))
    except ValueError:
        value = 0.0
    if not equals or not value.is_integer() or value < 1:
        raise ValueError(
            f"the limit `{name}` must be a whole number above 0, not `{number}`"
        )
    return replace(limits, **{name: int(value)})


def too_many_latents(file: File, limits: Limits) -> Iterator[Diagnostic]:
    """The first latent above the limit."""
    for count, name in enumerate(latents_of(file)):
        if count == limits.latents:
            total = sum(1 for _ in latents_of(file))
            message = f"the model has {total:,} latents, more than {limits.latents:,}"
            yield error(
                "E601",
                message,
                name.span,
                "one too many",
                help=f"`--limit latents={total}` raises the limit",
            )
            return


def too_many_edges(file: File, limits: Limits) -> Iterator[Diagnostic]:
    """The first edge statement above the limit."""
    over = [(total, edge) for total, edge in count_edges(file) if total > limits.edges]
    if over:
        total = over[-1][0]
        message = f"the model has {total:,} edges, more than {limits.edges:,}"
        help = f"`--limit edges={total}` raises the limit"
        span = over[0][1].span
        yield error("E602", message, span, "too many from here on", help=help)


def too_big(spec: Spec, draft: Draft, limits: Limits) -> Iterator[Diagnostic]:
    """An example or a model that would not fit into memory."""
    node = draft.nodes.observed
    values = geometry.size(spec.observed.shape)
    if values > limits.values:
        yield error(
            "E604",
            f"an example has {values:,} numbers, more than {limits.values:,}",
            node and node.place("shape"),
            "too big",
            help=f"`--limit values={values}` raises the limit",
        )
        return
    parts = count_parts(spec)
    total = sum(parts.values())
    if total > limits.parameters:
        part, share = max(parts.items(), key=lambda item: item[1])
        yield error(
            "E603",
            f"the model would have {total:,} parameters, more than "
            f"{limits.parameters:,}",
            draft.sections.features.place("widths") or (node and node.span),
            "too big",
            notes=(f"the largest part, {share:,}, belongs to the {part}",),
            help=f"make it smaller; `--limit parameters={total}` raises the limit",
        )
    weights = count_process(spec)
    if weights > limits.parameters:
        yield error(
            "E603",
            f"the `mlp` of the process would have {weights:,} weights, more than "
            f"{limits.parameters:,}",
            draft.process.places[0],
            "too big",
            help=f"make it smaller; `--limit parameters={weights}` raises the limit",
        )
