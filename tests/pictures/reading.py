"""What a DOT text says, read back without drawing it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pygraphviz


def html_labels(dot: str) -> Iterator[str]:
    """Markup of every HTML-like label; it ends where the brackets are even again."""
    for match in re.finditer(r"=<", dot):
        start = end = match.end()
        depth = 1
        while depth:
            depth += {"<": 1, ">": -1}.get(dot[end], 0)
            end += 1
        yield dot[start : end - 1]


def label_texts(dot: str) -> list[str]:
    """The lines of every HTML-like label; raises if one is not well-formed."""
    return [
        "\n".join(ElementTree.fromstring(f"<label>{markup}</label>").itertext())
        for markup in html_labels(dot)
    ]


class Graph(NamedTuple):
    """Attributes of the nodes by name, and of the arrows by their ends."""

    nodes: Mapping[str, Mapping[str, str]]
    edges: Mapping[tuple[str, str], Mapping[str, str]]


def parse_dot(dot: str) -> Graph:
    """The graph, as Graphviz's own parser reads it."""
    graph: Any = pygraphviz.AGraph(string=dot)
    return Graph(
        {str(node): dict(node.attr) for node in graph.nodes()},
        {(str(edge[0]), str(edge[1])): dict(edge.attr) for edge in graph.edges()},
    )
