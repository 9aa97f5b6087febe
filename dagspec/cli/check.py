"""`dagspec check`: everything that is wrong with a spec, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from dagspec.cli.report import LimitOption, parse_limits, read_input, report
from dagspec.data.match import declared_mismatches
from dagspec.data.process.trial import fails
from dagspec.diagnostic import DagSpecError, Diagnostic, diagnostic_record
from dagspec.spec import Limits, read


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=".dag files.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="Treat warnings as errors.")
    ] = False,
    format: Annotated[
        Literal["text", "json"],
        typer.Option(help="json prints records to standard output."),
    ] = "text",
    limit: LimitOption = None,
) -> None:
    """Say everything that is wrong with some specs, each thing at its place.

    Example: dagspec check specs/dsprites.dag
    """
    limits = parse_limits(limit)
    found = {file: _diagnose(file, limits) for file in files}
    everything = [each for diagnostics in found.values() for each in diagnostics]
    if format == "text":
        raise typer.Exit(report(everything, strict))
    records = [
        diagnostic_record(each) | {"file": str(file)}
        for file, diagnostics in found.items()
        for each in diagnostics
    ]
    typer.echo(json.dumps(records, indent=2))
    wrong = any(strict or each.severity == "error" for each in everything)
    raise typer.Exit(int(wrong))


def _diagnose(file: Path, limits: Limits) -> Sequence[Diagnostic]:
    try:
        source = read_input(file)
    except DagSpecError as error:
        return error.diagnostics
    reading = read(source, limits)
    if reading.spec is None:
        return reading.diagnostics
    found = (
        *reading.diagnostics,
        *declared_mismatches(reading.spec, reading.file),
        *fails(reading.spec, reading.file),
    )
    return sorted(found, key=lambda each: each.span.start if each.span else -1)
