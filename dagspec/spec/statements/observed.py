"""The `observe` statement: its family, its shape, its options."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec.diagnostic import Diagnostic
from dagspec.families import Family
from dagspec.spec.model import Observed
from dagspec.spec.statements.checked import NAMELESS, Checked, check_options
from dagspec.spec.statements.sizes import read_family, read_shape
from dagspec.spec.values.notes import Notebook, error
from dagspec.syntax.tree import Node


def read_observed(
    node: Node, *, tainted: bool
) -> tuple[Checked[Observed], list[Diagnostic]]:
    """The nameless node that a statement declares, and what is wrong with it."""
    notes = Notebook()
    family = read_family(node, notes)
    given = {
        "name": NAMELESS,
        "family": node.family.text,
        "shape": read_shape(node, notes),
        "description": node.description.value if node.description else "",
    }
    checked = check_options(
        Observed,
        "observe",
        node.options if family else (),  # what a refused family takes is not known
        given,
        notes,
        span=node.span,
        tainted=tainted,
    )
    found = notes.found
    if family:
        found.extend(_check_options(family, checked))
    return checked, found


def _check_options(family: Family, checked: Checked[Observed]) -> Iterator[Diagnostic]:
    """Options that the likelihood of this family has no use for."""
    takes = family.observed.options if family.observed else ()
    for name, option in checked.options.items():
        if name not in takes and checked.sound(name):
            message = f"`{name}` has no meaning for `{family.name}`"
            help = "remove it, or observe a `normal`"
            yield error("E320", message, option.span, "not of this family", help=help)
