"""DOT text, one statement at a time, in the order in which it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dagspec.pictures import style
from dagspec.pictures.escape import dot_id

Value = str | float


class Html(str):
    """A label in Graphviz's own markup; its texts must have been escaped."""

    __slots__ = ()


class Raw(str):
    """A value that is quoted already."""

    __slots__ = ()


@dataclass
class Dot:
    """A digraph that is being written."""

    name: str
    lines: list[str] = field(default_factory=list[str])
    depth: int = 1

    def add(self, line: str) -> None:
        """Write one line."""
        self.lines.append("  " * self.depth + line)

    def attributes(self, kind: str, **values: Value) -> None:
        """Set defaults of the `graph`, its `node`s or its `edge`s."""
        self.add(f"{kind} {_attributes(values)}")

    def node(self, name: str, **values: Value) -> None:
        """Add a node."""
        self.add(f"{dot_id(name)} {_attributes(values)}")

    def edge(self, tail: str, head: str, **values: Value) -> None:
        """Add an arrow."""
        suffix = f" {_attributes(values)}" if values else ""
        self.add(f"{dot_id(tail)} -> {dot_id(head)}{suffix}")

    def same_rank(self, names: list[str]) -> None:
        """Put nodes side by side."""
        self.add(f"{{rank=same; {'; '.join(map(dot_id, names))}}}")

    def open_cluster(self, name: str, **values: Value) -> None:
        """Start a frame; what is added until `close` lies inside."""
        self.add(f"subgraph {dot_id(f'cluster_{name}')} {{")
        self.depth += 1
        self.attributes("graph", **values)

    def close(self) -> None:
        """End the innermost frame."""
        self.depth -= 1
        self.add("}")

    def text(self) -> str:
        """The whole digraph."""
        return "\n".join([f"digraph {dot_id(self.name)} {{", *self.lines, "}", ""])


def new_dot(name: str, **graph: Value) -> Dot:
    """A digraph with the looks that all pictures share."""
    dot = Dot(name)
    dot.attributes(
        "graph",
        fontname=style.FONT,
        fontsize=style.SMALL,
        fontcolor=style.TEXT,
        bgcolor=style.PAPER,
        pad=0.15,
        **graph,
    )
    dot.attributes(
        "node",
        fontname=style.FONT,
        fontsize=style.SIZE,
        fontcolor=style.INK,
        color=style.INK,
        fillcolor=style.PAPER,
        style="filled",
    )
    dot.attributes("edge", color=style.INK, arrowsize=0.7)
    return dot


def bold(text: str) -> str:
    """Markup of escaped text in bold."""
    return f"<b>{text}</b>"


def small(text: str) -> str:
    """Markup of escaped text in the small size."""
    return f'<font point-size="{style.SMALL:g}" color="{style.TEXT}">{text}</font>'


def stacked(lines: Iterable[str], padding: int = 1, align: str = "center") -> Html:
    """A label of several lines of markup, with room between them."""
    cells = "".join(f'<tr><td align="{align}">{line}</td></tr>' for line in lines)
    table = f'border="0" cellspacing="0" cellpadding="{padding}"'
    return Html(f"<table {table}>{cells}</table>")


def _attributes(values: dict[str, Value]) -> str:
    return f"[{', '.join(f'{k}={_value(v)}' for k, v in values.items())}]"


def _value(value: Value) -> str:
    match value:
        case Html():
            return f"<{value}>"
        case Raw():
            return value
        case str():
            return dot_id(value)
        case _:
            return f"{value:g}"
