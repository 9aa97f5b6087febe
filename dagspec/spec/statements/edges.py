"""The edges of a file: which of them are sound, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from dagspec.diagnostic import Diagnostic, Span, nearest
from dagspec.spec.statements.nodes import Nodes
from dagspec.spec.values.notes import error
from dagspec.syntax.tree import Edge, File, Identifier

Ends: TypeAlias = tuple[Identifier, Identifier]
MOST_HINTS = 20


@dataclass
class Edges:
    """What the edges of a file say.

    Attributes:
        ends: Parent and child of every sound edge, as they were written.
        doubtful: Names that a refused edge has, or was meant to have, at one end, so
            that nobody knows all of their parents and children.
    """

    ends: dict[tuple[str, str], Ends] = field(
        default_factory=dict[tuple[str, str], Ends]
    )
    doubtful: set[str] = field(default_factory=set[str])

    def span(self, edge: tuple[str, str]) -> Span:
        """From the parent's name to the child's."""
        parent, child = self.ends[edge]
        return parent.span.to(child.span)


def count_edges(file: File) -> Iterator[tuple[int, Edge]]:
    """Every edge statement and the number of edges up to its end, products unrolled."""
    total = 0
    for item in file.statements:
        if isinstance(item, Edge):
            sizes = map(len, item.groups)
            total += sum(left * right for left, right in pairwise(sizes))
            yield total, item


def read_edges(file: File, nodes: Nodes, found: list[Diagnostic]) -> Edges:
    """Sort the sound edges from the others; what is wrong goes to `found`."""
    edges = Edges()
    unknown = _unknown_names(file, nodes)
    found.extend(_report_unknown(unknown, nodes, edges))
    refused = nodes.withdrawn | unknown.keys()
    observed = nodes.observing.names[0].text if nodes.observing else None
    repeated: dict[tuple[str, str], Ends] = {}
    for item in file.statements:
        if not isinstance(item, Edge):
            continue
        for parents, children in pairwise(item.groups):
            for parent in parents:
                for child in children:
                    edge = (parent.text, child.text)
                    if edge in edges.ends:
                        repeated.setdefault(edge, (parent, child))
                    elif parent.text in refused or child.text in refused:
                        edges.doubtful.update(edge)
                    elif parent.text in (child.text, observed):
                        edges.doubtful.update(edge)
                        found.append(_misdirected(parent, child))
                    else:
                        edges.ends[edge] = (parent, child)
    for edge, (parent, child) in repeated.items():
        span = parent.span.to(child.span)
        found.append(_repeated(edge, span, edges.span(edge)))
    return edges


def _unknown_names(file: File, nodes: Nodes) -> dict[str, list[Identifier]]:
    """Where the edges name what nothing declares, by name."""
    known = nodes.first.keys() | nodes.withdrawn
    unknown: dict[str, list[Identifier]] = {}
    parents: set[str] = set()
    for item in file.statements:
        if isinstance(item, Edge):
            for number, group in enumerate(item.groups):
                for name in group:
                    if name.text not in known:
                        unknown.setdefault(name.text, []).append(name)
                        if number + 1 < len(item.groups):
                            parents.add(name.text)
    for name in [name for name, uses in unknown.items() if is_repaired(uses[0])]:
        nodes.withdrawn.add(name)
        del unknown[name]
    sinks = unknown.keys() - parents
    if nodes.observing is None and len(sinks) == 1:
        # The one thing that the edges lead to is what the missing `observe` would
        # declare, and that it is missing is said elsewhere.
        nodes.withdrawn.update(sinks)
        del unknown[sinks.pop()]
    return unknown


def is_repaired(name: Identifier) -> bool:
    """Whether the parser made this name of something that is none, and said so."""
    span = name.span
    return span.source.text[span.start : span.end] != name.text


def _report_unknown(
    unknown: dict[str, list[Identifier]], nodes: Nodes, edges: Edges
) -> Iterator[Diagnostic]:
    for count, (name, uses) in enumerate(unknown.items()):
        near = nearest(name, nodes.first) if count < MOST_HINTS else None
        help = f"declare it with `latent {name}: normal[1]`"
        if near:
            edges.doubtful.add(near)
            help = f"did you mean `{near}`?"
        more = [(use.span, "and here") for use in uses[1:4]]
        message = f"there is no node `{name}`"
        yield error("E201", message, uses[0].span, "unknown name", *more, help=help)


def _misdirected(parent: Identifier, child: Identifier) -> Diagnostic:
    span = parent.span.to(child.span)
    if parent.text == child.text:
        message = f"`{parent.text}` points at itself"
        help = "remove the edge; nothing is its own cause"
        return error("E204", message, span, "from and to the same node", help=help)
    message = f"an edge out of the observed node `{parent.text}` is kept for later"
    help = f"`{child.text} -> {parent.text}` says that `{child.text}` causes it"
    return error("E703", message, span, "not supported yet", help=help)


def _repeated(edge: tuple[str, str], span: Span, first: Span) -> Diagnostic:
    message = f"the edge `{edge[0]} -> {edge[1]}` is written twice"
    label = (first, "first here")
    return error("E205", message, span, "again here", label, help="remove one of them")
