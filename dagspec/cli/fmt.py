"""`dagspec fmt`: the canonical form of a spec."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from dagspec.atomic import write_whole
from dagspec.cli.report import STDIN, read_input, report
from dagspec.diagnostic import DagSpecError, Diagnostic


def fmt(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help=".dag files; - is standard input."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if it would.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Change nothing; print what it would.")
    ] = False,
) -> None:
    """Write specs in their canonical form: aligned, and comments kept.

    Example: dagspec fmt --check specs/*.dag
    """
    diagnostics: list[Diagnostic] = []
    changed = False
    for file in files:
        try:
            changed |= _format(file, check, diff)
        except DagSpecError as error:
            diagnostics += error.diagnostics
        except OSError as error:
            message = f"cannot write `{file}`: {error.strerror}"
            diagnostics.append(Diagnostic("error", "E003", message))
    code = report(diagnostics)
    raise typer.Exit(1 if check and changed else code)


def _format(file: Path, check: bool, diff: bool) -> bool:
    """Format one file, or say how; True if it is not in canonical form."""
    from dagspec.syntax.printer import format_text

    source = read_input(file)
    text = format_text(source)
    data = text.encode()
    changed = text != source.text if file == STDIN else data != file.read_bytes()
    if diff:
        _print_diff(source.name, source.text, text)
    elif file == STDIN and not check:
        sys.stdout.buffer.write(data)
    elif changed:
        if not check:
            write_whole(file, data)
        verb = "would format" if check else "formatted"
        typer.echo(f"{verb} {file}", err=True)
    return changed


def _print_diff(name: str, before: str, after: str) -> None:
    from difflib import unified_diff

    old, new = (list(StringIO(text, newline="\n")) for text in (before, after))
    for line in unified_diff(old, new, name, f"{name} (formatted)"):
        sys.stdout.write(line if line.endswith("\n") else f"{line}\n")
