"""A picture as an object: DOT that draws itself, also without a `dot` program."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path

import graphviz

from dagspec.pictures.engine import RenderError, run_graphviz
from dagspec.pictures.files import write_picture
from dagspec.pictures.svg import fix_text_widths


class Drawing(graphviz.Source):
    """A `graphviz.Source` whose `pipe`, `render` and inline display always work.

    Without a `dot` program pygraphviz draws, and on a machine without fonts letters are
    set in the type that comes with this package.

    Attributes:
        mermaid: The same picture as Mermaid text.
    """

    mermaid: str = ""

    def copy(self) -> Drawing:
        """An independent copy."""
        twin: Drawing = super().copy()
        twin.mermaid = self.mermaid
        return twin

    # graphviz keeps what runs `dot` behind these three names; all of its public methods
    # that need a picture end in one of them.

    @property
    def _pipe_lines(self) -> Callable[..., bytes]:
        return _pipe

    @property
    def _pipe_lines_string(self) -> Callable[..., str]:
        return _pipe_text

    @property
    def _render(self) -> Callable[..., str]:
        return _draw_file


def make_drawing(source: str, mermaid: str) -> Drawing:
    """A drawing of DOT text and the same picture as Mermaid text."""
    drawing = Drawing(source, format="svg")
    drawing.mermaid = mermaid
    return drawing


def _pipe(
    engine: str, format: str, input_lines: Iterable[str], **options: object
) -> bytes:
    _refuse(options, "renderer", "formatter", "neato_no_op")
    data = run_graphviz("".join(input_lines), format, engine)
    return fix_text_widths(data.decode()).encode() if format == "svg" else data


def _pipe_text(
    engine: str,
    format: str,
    input_lines: Iterable[str],
    *,
    encoding: str,
    **options: object,
) -> str:
    return _pipe(engine, format, input_lines, **options).decode(encoding)


def _draw_file(
    engine: str,
    format: str,
    filepath: str,
    *,
    outfile: str | PathLike[str] | None = None,
    **options: object,
) -> str:
    _refuse(options, "raise_if_result_exists", "overwrite_filepath")
    path = Path(outfile or f"{filepath}.{format}")
    source = Path(filepath).read_text("utf-8")
    write_picture(path, _pipe(engine, format, [source], **options))
    return str(path)


def _refuse(options: dict[str, object], *names: str) -> None:
    """Say so where an option of graphviz would change nothing."""
    for name in names:
        if options.get(name):
            raise RenderError(f"a drawing does not know graphviz's option '{name}'")
