"""A diagram as DOT."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from dagspec.pictures import style
from dagspec.pictures.diagram import Diagram, Node, Shape
from dagspec.pictures.dot import (
    Dot,
    Html,
    Raw,
    Value,
    bold,
    new_dot,
    small,
    stacked,
)
from dagspec.pictures.escape import dot_tooltip, shorten, xml
from dagspec.pictures.notation import counted

_FRAME = "concepts"
_LOOKS: Mapping[Shape, Mapping[str, Value]] = {
    "ellipse": {"shape": "ellipse", "margin": "0.02,0"},
    "box": {"shape": "box", "margin": "0.1,0.04"},
    "observed": {
        "shape": "box",
        "margin": "0.14,0.06",
        "fillcolor": style.SHADE,
        "penwidth": 1.6,
    },
    "level": {"shape": "box", "style": "rounded,filled", "margin": "0.14,0.06"},
}


def diagram_dot(diagram: Diagram) -> str:
    """The DOT text of a diagram."""
    dot = new_dot(
        diagram.name,
        label=_caption(diagram),
        labelloc="b",
        nodesep=0.3,
        ranksep=0.45,
        compound="true",
    )
    if not diagram.towards:
        _node(dot, diagram.observed)
    if diagram.framed:
        dot.open_cluster(
            _FRAME, label="", style="rounded", color=style.LIGHT, margin=14
        )
    for node in diagram.nodes:
        _node(dot, node)
    _rows(dot, diagram)
    if diagram.framed:
        dot.close()
    if diagram.towards:
        _node(dot, diagram.observed)
    _arrows(dot, diagram)
    _observed_arrows(dot, diagram)
    return dot.text()


def _node(dot: Dot, node: Node) -> None:
    name = bold(xml(shorten(node.name, style.LONGEST_NAME)))
    label = stacked([name, *(small(xml(line)) for line in node.lines)])
    tooltip = Raw(dot_tooltip(node.tooltip))
    dot.node(node.name, label=label, tooltip=tooltip, **_LOOKS[node.shape])


def _rows(dot: Dot, diagram: Diagram) -> None:
    """Hold each generation in a row of its own, and rows in their order."""
    rows = diagram.rows
    for row in rows:
        dot.same_rank(row)
    for above, below in pairwise(rows):
        dot.edge(above[0], below[0], style="invis", weight=0)


def _arrows(dot: Dot, diagram: Diagram) -> None:
    for (tail, head), count in diagram.arrows.items():
        values = _line(diagram)
        if count > 1:
            values["label"] = stacked(["&#160; " + small(counted(count, "edge"))])
        dot.edge(tail, head, **values)


def _observed_arrows(dot: Dot, diagram: Diagram) -> None:
    """Arrows between nodes and the observed one, or one for all from their frame."""
    values = _line(diagram)
    if diagram.framed:
        row = diagram.rows[-1 if diagram.towards else 0]
        ends = _ends(diagram, row[len(row) // 2])
        clip = "ltail" if diagram.towards else "lhead"
        values |= {clip: f"cluster_{_FRAME}", "minlen": 2}
        dot.edge(*ends, label=stacked(["&#160; " + small("all concepts")]), **values)
        return
    if diagram.everywhere:
        values |= {"color": style.LIGHT, "penwidth": 0.8, "arrowsize": 0.55}
    for node in diagram.nodes:
        if node.name in diagram.joined:
            dot.edge(*_ends(diagram, node.name), **values)


def _ends(diagram: Diagram, name: str) -> tuple[str, str]:
    observed = diagram.observed.name
    return (name, observed) if diagram.towards else (observed, name)


def _line(diagram: Diagram) -> dict[str, Value]:
    return {"style": "dashed"} if diagram.dashed else {}


def _caption(diagram: Diagram) -> Html:
    title = bold(xml(shorten(diagram.name, style.LONGEST_NAME)))
    lines = ["", f'<font color="{style.INK}">{title}</font>']
    lines += [xml(shorten(line, style.LONGEST_LINE)) for line in diagram.caption]
    return stacked([*lines, " &#160; ".join(_legend(diagram))])


def _legend(diagram: Diagram) -> list[str]:
    """What a reader may not guess, and only what occurs in this picture."""
    shapes = {node.shape for node in diagram.nodes}
    parts = ["○ continuous", "□ discrete"] if "box" in shapes else []
    parts.append(f'<font color="{style.LIGHT}">■</font> observed')
    if diagram.everywhere and not diagram.framed:
        arrow = f'<font color="{style.LIGHT}">→</font>'
        x = xml(shorten(diagram.observed.name, style.LONGEST_NAME))
        parts.append(
            f"{arrow} every concept {'feeds' if diagram.towards else 'reads'} {x}"
        )
    return parts
