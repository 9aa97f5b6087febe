"""A `latent` statement: its family, its dimension, its options."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec.diagnostic import Diagnostic
from dagspec.families import Family
from dagspec.spec.model import Latent
from dagspec.spec.statements.checked import NAMELESS, Checked, check_options
from dagspec.spec.statements.labels import check_labels
from dagspec.spec.statements.sizes import read_dim, read_family
from dagspec.spec.values.notes import Notebook, error
from dagspec.syntax.tree import Node


def read_concept(
    node: Node, *, tainted: bool
) -> tuple[Checked[Latent], list[Diagnostic]]:
    """The nameless latent that a statement declares, and what is wrong with it."""
    notes = Notebook()
    family = read_family(node, notes)
    given = {
        "name": NAMELESS,
        "family": node.family.text,
        "dim": read_dim(node, notes),
        "description": node.description.value if node.description else "",
    }
    checked = check_options(
        Latent,
        "latent",
        node.options,
        given,
        notes,
        span=node.span,
        tainted=tainted,
    )
    found = notes.found
    if family:
        found.extend(_check_family(node, family, checked))
        found.extend(check_labels(node, family, checked))
    return checked, found


def _check_family(
    node: Node, family: Family, checked: Checked[Latent]
) -> Iterator[Diagnostic]:
    """Rules of one family: its smallest dimension, what it has a use for."""
    facts = family.latent
    if not facts:
        return
    if checked.sound("dim") and checked.value.dim < facts.smallest:
        size = f"`{family.name}[{checked.value.dim}]`"
        message = f"{size} has a single value and so carries no information"
        help = f"write `{family.name}[{facts.smallest}]` or more, or `bernoulli[1]`"
        yield error("E305", message, checked.place("dim"), "too small", help=help)
    if checked.wrote("temperature") and not facts.relaxed:
        message = f"`temperature` has no meaning for `{family.name}`"
        span = checked.options["temperature"].span
        label = (node.family.span, "its values are not discrete")
        help = "remove it; it is for families that are relaxed, such as `categorical`"
        yield error("E320", message, span, "nothing to relax", label, help=help)
