"""A program of its own: DOT text in, a picture out, by the library in pygraphviz.

`engine` runs this file in a child process; nothing imports it.
"""

from __future__ import annotations

import sys
from typing import Any

import pygraphviz


def main(format: str, engine: str, dpi: str) -> None:
    """Draw what stands on standard input onto standard output."""
    graph: Any = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
    if dpi:
        graph.graph_attr["dpi"] = dpi
    engine = graph.graph_attr.get("layout") or engine
    sys.stdout.buffer.write(graph.draw(format=format, prog=engine))


if __name__ == "__main__":
    main(*sys.argv[1:])
