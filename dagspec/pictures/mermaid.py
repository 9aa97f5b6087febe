"""Pictures as Mermaid text, for pages that draw it themselves.

Nodes are called `n0`, `n1` …; a name of the spec appears in quoted labels alone, so it
may be a word of Mermaid's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dagspec.pictures import style
from dagspec.pictures.diagram import Diagram
from dagspec.pictures.escape import mermaid, shorten
from dagspec.pictures.hub import Pill, make_hub
from dagspec.pictures.notation import family_text, shape_text
from dagspec.plan.model import Plan

_CLASSES = f"  classDef observed fill:{style.SHADE},stroke-width:2px"
_BRACKETS: Mapping[str, tuple[str, str]] = {
    "ellipse": ("([", "])"),
    "level": ("(", ")"),
}


def diagram_mermaid(diagram: Diagram) -> str:
    """The Mermaid text of a diagram."""
    ids = {node.name: f"n{number}" for number, node in enumerate(diagram.nodes)}
    arrow = "-.->" if diagram.dashed else "-->"
    lines = [
        f"  {ids[node.name]}{_box(node.shape, [node.name, *node.lines])}"
        for node in diagram.nodes
    ]
    if diagram.framed:
        lines = ['  subgraph all["all concepts"]', *_indented(lines), "  end"]
    x = _box("box", [diagram.observed.name, *diagram.observed.lines])
    lines.append(f"  seen{x}:::observed")
    for (tail, head), count in diagram.arrows.items():
        label = f"|{count} edges|" if count > 1 else ""
        lines.append(f"  {ids[tail]} {arrow}{label} {ids[head]}")
    joined = [ids[node.name] for node in diagram.nodes if node.name in diagram.joined]
    for end in ["all"] if diagram.framed else joined:
        ends = (end, "seen") if diagram.towards else ("seen", end)
        lines.append(f"  {ends[0]} {arrow} {ends[1]}")
    if diagram.everywhere and not diagram.framed:
        first = len(diagram.arrows)
        links = ",".join(str(first + number) for number in range(len(joined)))
        lines.append(f"  linkStyle {links} stroke:{style.LIGHT},stroke-width:1px")
    return _flowchart(diagram.name, "TD", lines)


def architecture_mermaid(plan: Plan) -> str:
    """The Mermaid text of the architecture view."""
    hub = make_hub(plan)
    pills = [pill for row in hub.rows for pill in row]
    ids = {pill.name: f"n{number}" for number, pill in enumerate(pills)}
    lines = [*_tower(plan, "f"), *_tower(plan, "g")]
    for stage in plan.features.stages:
        inside = [pill for pill in pills if pill.stage == stage.number]
        if inside:
            lines.append(f'  subgraph s{stage.number}["stage {stage.number}"]')
            lines += [f"    {ids[pill.name]}{_pill(pill)}" for pill in inside]
            lines.append("  end")
        if stage.read:
            lines.append(f"  f{stage.number} --> s{stage.number}")
        if stage.written:
            lines.append(f"  s{stage.number} --> g{stage.number}")
    lines += [f"  {ids[tail]} --> {ids[head]}" for tail, head in hub.layout.lanes]
    return _flowchart(plan.name, "LR", lines)


def _tower(plan: Plan, letter: str) -> list[str]:
    """One tower: `f` from the observed node down, `g` from a learned constant up."""
    x = plan.observed.name
    down = letter == "f"
    ends = [x, shape_text(plan.observed.shape)]
    boxes = [ends if down else [f"p({x} | z)", family_text(plan.observed)]]
    boxes += [
        [f"{letter.upper()}{stage.number}", shape_text(stage.shape)]
        for stage in plan.features.stages
    ]
    title = "encoder" if down else "decoder"
    lines = [f"  subgraph {title}"]
    lines += [f"    {letter}{i}{_box('box', box)}" for i, box in enumerate(boxes)]
    order = [f"{letter}{i}" for i in range(len(boxes))]
    if not down:
        lines.append(f"    constant{_box('level', ['learned constant'])}")
        order = ["constant", *reversed(order)]
    return [
        *lines,
        f"    {' --> '.join(order)}",
        "  end",
        f"  class {letter}0 observed",
    ]


def _pill(pill: Pill) -> str:
    return _box(pill.shape, [line.text for line in pill.lines])


def _box(shape: str, lines: Iterable[str]) -> str:
    left, right = _BRACKETS.get(shape, ("[", "]"))
    texts = (mermaid(shorten(line, style.LONGEST_LINE)) for line in lines)
    return f'{left}"{"<br/>".join(texts)}"{right}'


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _flowchart(title: str, direction: str, lines: Iterable[str]) -> str:
    head = [
        "---",
        f'title: "{mermaid(shorten(title, style.LONGEST_NAME))}"',
        "---",
        f"flowchart {direction}",
    ]
    return "\n".join([*head, *lines, _CLASSES, ""])
