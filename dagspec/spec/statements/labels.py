"""Rules about labels: which latent may be tied to which columns of a data set.

Only what is plain without the data set; the kinds of its columns come later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dagspec.diagnostic import Diagnostic
from dagspec.families import Family
from dagspec.spec.model import Latent
from dagspec.spec.statements.checked import Checked
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import listed
from dagspec.syntax.tree import Node


def check_labels(
    node: Node, family: Family, checked: Checked[Latent]
) -> Iterator[Diagnostic]:
    """Every rule about the label of one statement."""
    if "label" not in checked.options:
        if checked.sound("label"):
            yield from _without_label(checked)
    elif len(node.names) > 1:
        message = "`label` is given for several latents at once"
        span = checked.options["label"].span
        names = listed([name.text for name in node.names], "and")
        help = f"declare {names} in statements of their own"
        label = (node.names[0].span.to(node.names[-1].span), "whose label?")
        yield error("E323", message, span, "one latent only", label, help=help)
    elif checked.sound("label", "dim"):
        yield from _pairing(family, checked)


def _without_label(checked: Checked[Latent]) -> Iterator[Diagnostic]:
    for name in ("weight", "labels"):
        if checked.wrote(name):
            message = f"`{name}` has no meaning without a `label`"
            span = checked.options[name].span
            help = "remove it, or add a `label`; the weight of the KL is `kl_weight`"
            yield error("E324", message, span, "of which label?", help=help)


def _pairing(family: Family, checked: Checked[Latent]) -> Iterator[Diagnostic]:
    columns, dim = checked.value.label, checked.value.dim
    span = checked.place("label")
    name, times = Counter(columns).most_common(1)[0]
    if times > 1:
        message = f"the column `{name}` is listed twice"
        yield error("E325", message, span, "twice", help="remove one of them")
        return
    size = f"`{family.name}[{dim}]`"
    count = f"{len(columns)} column{'s' * (len(columns) != 1)}"
    message = f"{size} cannot be tied to {count}"
    label = (checked.place("dim"), f"{dim} number{'s' * (dim != 1)}")
    discrete = family.latent is not None and family.latent.relaxed
    if family.name == "bernoulli" and dim > 1:
        help = "write `bernoulli[1]`; a column of yes and no needs one number"
    elif discrete and len(columns) > 1:
        help = f"write one column; `{family.name}` is a single choice"
    elif discrete or len(columns) == dim or checked.value.is_angle:
        return
    else:
        help = f"write `{family.name}[{len(columns)}]`, or one column for each number"
        if len(columns) == 1:
            help += "; an angle is a `normal[2]` with one column"
    yield error("E325", message, span, count, label, help=help)
