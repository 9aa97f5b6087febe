"""The nodes of a file: what is observed, which concepts there are, their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dagspec.diagnostic import Diagnostic
from dagspec.spec.model import Latent, Observed
from dagspec.spec.statements.checked import Checked
from dagspec.spec.statements.concepts import read_concept
from dagspec.spec.statements.observed import read_observed
from dagspec.spec.statements.sections import Tainted
from dagspec.spec.values.notes import error
from dagspec.syntax.tree import File, Identifier, Node


@dataclass(frozen=True)
class Concept:
    """One latent, and the statement that declares it."""

    name: Identifier
    latent: Latent
    node: Node
    checked: Checked[Latent]


@dataclass
class Nodes:
    """What a file declares.

    Attributes:
        observed: The observed node, None where the file has none.
        observing: The statement that declares it.
        concepts: Latents by name, in the order declared.
        first: Where every name is declared first.
        withdrawn: Names of nodes that were refused; an edge may name them unharmed.
    """

    observed: Checked[Observed] | None = None
    observing: Node | None = None
    concepts: dict[str, Concept] = field(default_factory=dict[str, Concept])
    first: dict[str, Identifier] = field(default_factory=dict[str, Identifier])
    withdrawn: set[str] = field(default_factory=set[str])


def latents_of(file: File) -> Iterator[Identifier]:
    """Every name that a `latent` statement declares."""
    for node in file.statements:
        if isinstance(node, Node) and node.keyword == "latent":
            yield from node.names


def read_nodes(file: File, tainted: Tainted, found: list[Diagnostic]) -> Nodes:
    """Check every node; what is wrong goes to `found`."""
    nodes = Nodes()
    for node in file.statements:
        if not isinstance(node, Node):
            continue
        names = _declare(node, nodes, found)
        if node.keyword == "latent":
            checked, wrong = read_concept(node, tainted=tainted(node.span))
            found.extend(wrong)
            for name in names:
                latent = checked.value.model_copy(update={"name": name.text})
                nodes.concepts[name.text] = Concept(name, latent, node, checked)
        elif node.keyword == "ladder":
            nodes.withdrawn.update(name.text for name in names)
            message = "a ladder of spatial latents is kept for a later version"
            span = node.names[0].span
            found.append(error("E701", message, span, "not supported yet"))
        else:
            _observe(node, nodes, tainted, found)
    return nodes


def _declare(
    node: Node, nodes: Nodes, found: list[Diagnostic]
) -> tuple[Identifier, ...]:
    """The names of a statement that are new; the others are reported."""
    new: list[Identifier] = []
    for name in node.names:
        first = nodes.first.setdefault(name.text, name)
        if first is name:
            new.append(name)
            continue
        message = f"the name `{name.text}` is declared twice"
        label = (first.span, "first here")
        help = "give one of them another name"
        found.append(error("E202", message, name.span, "again here", label, help=help))
        if node.keyword != "latent" or name.text not in nodes.concepts:
            # Nobody can say which of two unlike nodes an edge means.
            nodes.withdrawn.add(name.text)
    return tuple(new)


def _observe(
    node: Node, nodes: Nodes, tainted: Tainted, found: list[Diagnostic]
) -> None:
    """Take the first observed node, refuse every other."""
    extra = node.names[1:] if nodes.observing is None else node.names
    if nodes.observing is None:
        nodes.observing = node
        checked, wrong = read_observed(node, tainted=tainted(node.span))
        value = checked.value.model_copy(update={"name": node.names[0].text})
        nodes.observed = replace(checked, value=value)
        found.extend(wrong)
    if extra:
        nodes.withdrawn.update(name.text for name in extra)
        message = "more than one observed node is kept for a later version"
        label = (nodes.observing.names[0].span, "the observed node")
        help = "keep one of them; the channels of an image are one node"
        span = extra[0].span.to(extra[-1].span)
        found.append(error("E702", message, span, "another one", label, help=help))
