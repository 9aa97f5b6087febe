"""`dagspec render`: a picture of a spec."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from dagspec.cli.report import LimitOption, load_or_exit

View = Literal["concept", "inference", "architecture"]
Format = Literal["svg", "png", "pdf", "dot", "mmd"]

_FOLDER, _STDOUT = Path("build"), Path("-")


def render(
    file: Annotated[Path, typer.Argument(help="A .dag file.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Where to write; the suffix chooses the format, and - is stdout.",
            show_default="build/NAME.svg",
        ),
    ] = None,
    view: Annotated[View, typer.Option(help="What to draw.")] = "concept",
    format: Annotated[
        Format | None,
        typer.Option(help="What to write, whatever the suffix; mmd is Mermaid."),
    ] = None,
    limit: LimitOption = None,
) -> None:
    """Draw a model: who causes whom, what is inferred from what, or how it is built.

    Example: dagspec render specs/dsprites.dag -o model.pdf --view architecture
    """
    from dagspec.pictures import (
        FORMATS,
        RenderError,
        draw,
        picture_bytes,
        write_picture,
    )
    from dagspec.plan import lower

    suffix = out.suffix.removeprefix(".").lower() if out else "svg"
    chosen = format or ("dot" if out == _STDOUT else suffix)
    if chosen not in FORMATS:
        wanted = ", ".join(f".{known}" for known in FORMATS)
        message = f"cannot tell the format of '{out}': end it in one of {wanted}"
        raise typer.BadParameter(message, param_hint="--out")
    plan = lower(load_or_exit(file, limit))
    try:
        data = picture_bytes(draw(plan, view), chosen)
        if out == _STDOUT:
            sys.stdout.buffer.write(data)
            return
        path = out or _default_path(plan.name, view, chosen)
        write_picture(path, data)
    except RenderError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(path)


def _default_path(name: str, view: str, format: str) -> Path:
    """`build/NAME.svg`, or `build/NAME.VIEW.svg`; the folder is made."""
    from dagspec.pictures import make_folder

    middle = "" if view == "concept" else f".{view}"
    make_folder(_FOLDER)
    return _FOLDER / f"{name}{middle}.{format}"
