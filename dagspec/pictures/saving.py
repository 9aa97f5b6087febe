"""Pictures in files, by suffix."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from dagspec.pictures.drawing import Drawing
from dagspec.pictures.engine import RenderError
from dagspec.pictures.files import write_picture

FORMATS = ("svg", "png", "pdf", "dot", "mmd")


def picture_bytes(drawing: Drawing, format: str) -> bytes:
    """The picture as `svg`, `png`, `pdf`, `dot` (Graphviz) or `mmd` (Mermaid).

    Raises:
        RenderError: The format is another, or Graphviz could not draw.
    """
    if format == "dot":
        return drawing.source.encode()
    if format == "mmd":
        return drawing.mermaid.encode()
    if format in FORMATS:
        return drawing.pipe(format)
    *others, last = FORMATS
    raise RenderError(f"unknown format '{format}': use {', '.join(others)} or {last}")


def save(drawing: Drawing, path: str | PathLike[str]) -> Path:
    """Write a picture, in the format that the suffix names.

    Args:
        drawing: What `draw` gives.
        path: `.svg`, `.png`, `.pdf`, `.dot` or `.mmd`; an existing file is replaced
            whole or not at all.

    Returns:
        The path.

    Raises:
        RenderError: The suffix is another, Graphviz could not draw, or the file cannot
            be written.
    """
    path = Path(path)
    format = path.suffix.removeprefix(".").lower()
    if format not in FORMATS:
        *others, last = (f".{known}" for known in FORMATS)
        wanted = f"{', '.join(others)} or {last}"
        raise RenderError(f"cannot tell the format of '{path}': end it in {wanted}")
    write_picture(path, picture_bytes(drawing, format))
    return path
