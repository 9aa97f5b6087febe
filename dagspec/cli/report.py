"""What verbs share: how files are read and what is said of them on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagspec.diagnostic import Diagnostic, Source, render_diagnostic, summary

if TYPE_CHECKING:
    from dagspec.spec import Limits, Spec
    from dagspec.syntax.tree import File

STDIN = Path("-")

LimitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=NUMBER",
        help="Raise a limit, such as parameters=2e9. May be repeated.",
        show_default=False,
    ),
]


def report(diagnostics: Sequence[Diagnostic], strict: bool = False) -> int:
    """Print diagnostics to standard error.

    Args:
        diagnostics: What to print, in this order.
        strict: Whether warnings count as errors.

    Returns:
        The exit code: 1 if there is an error, else 0.
    """
    if strict:
        diagnostics = [replace(each, severity="error") for each in diagnostics]
    colour = in_colour()
    for each in diagnostics:
        print(render_diagnostic(each, colour), end="\n\n", file=sys.stderr)
    if diagnostics:
        print(summary(diagnostics), file=sys.stderr)
    return int(any(each.severity == "error" for each in diagnostics))


def in_colour() -> bool:
    """Whether standard error is a terminal that shows colours."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stderr.isatty() and not plain


def read_input(path: Path) -> Source:
    """Read a file, or standard input if the path is `-`.

    Raises:
        DagSpecError: It cannot be read, or holds no text.
    """
    from dagspec.syntax.read import LARGEST, decode, read_source

    if path == STDIN:
        return decode("<stdin>", sys.stdin.buffer.read(LARGEST + 1))
    return read_source(path)


def parse_limits(limits: Sequence[str] | None) -> Limits:
    """Read what was given to `--limit`.

    Raises:
        typer.BadParameter: One of them is no limit.
    """
    from dagspec.spec import Limits, parse_limit

    raised = Limits()
    for text in limits or ():
        try:
            raised = parse_limit(text, raised)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--limit") from error
    return raised


def load_or_exit(path: Path, limits: Sequence[str] | None = None) -> Spec:
    """Read and check a spec; report what was found, and exit if it has an error.

    Args:
        path: A `.dag` file, or `-` for standard input.
        limits: What was given to `--limit`.

    Raises:
        DagSpecError: The file cannot be read; `main` reports it.
        typer.BadParameter: One of the limits is none.
        typer.Exit: The spec has an error.
    """
    spec, _ = check_or_exit(read_input(path), parse_limits(limits))
    return spec


def check_or_exit(
    source: Source, limits: Limits, overrides: Sequence[str] = (), warn: bool = True
) -> tuple[Spec, File]:
    """Check a source; report what was found, and exit if it has an error.

    Args:
        source: Any text.
        limits: How big a model may be.
        overrides: What was given to `--set`.
        warn: Whether the warnings of a spec without an error are reported.

    Returns:
        What it means, and what was written.

    Raises:
        typer.Exit: The spec has an error.
    """
    from dagspec.spec import read

    reading = read(source, limits, overrides)
    code = report(reading.diagnostics) if warn or reading.spec is None else 0
    if reading.spec is None:
        raise typer.Exit(code)
    return reading.spec, reading.file
