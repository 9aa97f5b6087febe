"""`dagspec notes`: what a run's folder tells, and how several runs compare."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dagspec.runs import RunFolder

_STDOUT = Path("-")


def notes(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN",
            help="Folders of runs; a folder of such folders stands for all of them.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE.md",
            help="Where to write the page, with its picture beside it.",
            show_default="standard output",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the comparison as plain data.")
    ] = False,
) -> None:
    """Write a run's notes anew and print them, or compare several runs in a table.

    Example: dagspec notes runs/beta1 runs/beta4 -o comparison.md
    """
    from dagspec.runs import RunError, find_runs

    page = None if out == _STDOUT else out
    if page and page.suffix != ".md":
        message = f"'{page}' is no page; end it in .md"
        raise typer.BadParameter(message, param_hint="--out")
    try:
        folders = find_runs(runs)
        if len(folders) == 1 and not as_json:
            _one(folders[0], page)
        else:
            _several(folders, page, as_json)
    except (RunError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None


def _one(folder: RunFolder, page: Path | None) -> None:
    from dagspec.runs import write_notes

    write_notes(folder, page)
    if page:
        typer.echo(page)
    else:
        sys.stdout.buffer.write(folder.notes_file.read_bytes())


def _several(folders: Sequence[RunFolder], page: Path | None, as_json: bool) -> None:
    from dagspec.runs import compare, comparison_text, write_comparison

    comparison = compare(folders)
    if page:
        write_comparison(comparison, page)
    if as_json:
        typer.echo(json.dumps(comparison.record(), indent=2))
    elif page:
        typer.echo(page)
    else:
        sys.stdout.buffer.write(comparison_text(comparison).encode())
    for line in comparison.damaged:
        typer.echo(f"error: {line}", err=True)
    if comparison.damaged:
        raise typer.Exit(1)
