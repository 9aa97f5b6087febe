"""`dagspec compile`: a model as a PyTorch module of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dagspec.cli.report import LimitOption, load_or_exit

_FOLDER, _STDOUT = Path("build"), Path("-")


def compile(
    file: Annotated[
        Path,
        typer.Argument(help="A .dag file; - is standard input.", show_default=False),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Where to write; - is standard output.",
            show_default="build/NAME.py",
        ),
    ] = None,
    limit: LimitOption = None,
) -> None:
    """Write a model as one file of Python that needs torch alone.

    The file holds the very class that `dagspec.build_model` runs, and the blocks that
    it uses. What is there already is replaced whole or not at all.

    Example: dagspec compile specs/dsprites.dag -o model.py
    """
    from dagspec.atomic import write_whole
    from dagspec.emission import emit
    from dagspec.plan import lower

    plan = lower(load_or_exit(file, limit))
    source = emit(plan, standalone=True).encode()
    if out == _STDOUT:
        sys.stdout.buffer.write(source)
        return
    path = out or _FOLDER / f"{plan.name}.py"
    if path.suffix == ".dag":
        typer.echo(f"error: {path} is the name of a spec; end it in .py", err=True)
        raise typer.Exit(2)
    try:
        if out is None:
            _make_folder()
        write_whole(path, source)
    except OSError as error:
        typer.echo(f"error: cannot write {path}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    typer.echo(path)


def _make_folder() -> None:
    # Where a file has its name, writing into it says so best.
    if not _FOLDER.exists():
        _FOLDER.mkdir()
