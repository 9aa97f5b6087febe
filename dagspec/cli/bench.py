"""`dagspec bench`: what a step of training costs, and where it goes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagspec.cli.report import LimitOption, load_or_exit

if TYPE_CHECKING:
    from dagspec.bench import Report


def bench(
    file: Annotated[Path, typer.Argument(help="A .dag file.", show_default=False)],
    steps: Annotated[int, typer.Option(min=1, help="Steps that are timed.")] = 20,
    batch: Annotated[
        int | None,
        typer.Option(min=1, help="Images a step.", show_default="the file's"),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads.", show_default="torch's own")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print plain data instead of text.")
    ] = False,
    limit: LimitOption = None,
) -> None:
    """Time training steps, beside the same towers with one flat latent.

    The flat latent is as wide as all concepts together. Both models take steps by
    turns, on the CPU, on images of noise. Memory is that of tensors alone, and what is
    freed is kept for the next step.

    Example: dagspec bench specs/dsprites.dag
    """
    spec = load_or_exit(file, limit)
    from dagspec.bench import keep_freed_memory, measure

    keep_freed_memory()
    report = measure(spec, batch or spec.training.batch, steps, threads)
    typer.echo(json.dumps(asdict(report), indent=2) if as_json else _text(report))


def _text(report: Report) -> str:
    own, flat = report.model, report.flat
    rows = (
        ("step", "ms", 1e3 * own.step_seconds, 1e3 * flat.step_seconds),
        ("images a second", "", own.images_per_second, flat.images_per_second),
        ("peak memory", "MB", own.peak_bytes / 1e6, flat.peak_bytes / 1e6),
        ("parameters", "k", own.parameters / 1e3, flat.parameters / 1e3),
    )
    ratios = {"step": report.step_ratio}
    lines = [
        f"{report.name}: {report.concepts} concepts, {report.width} numbers in all; "
        f"batch {report.batch}, {report.steps} steps",
        f"{report.machine}, threads: {report.threads}",
        "",
        f"{'':<22}{'compiled':>14}{'one flat latent':>18}{'ratio':>9}",
    ]
    for name, unit, value, beside in rows:
        label = f"{name}, {unit}" if unit else name
        ratio = ratios.get(name, value / beside)
        lines.append(f"{label:<22}{value:>14,.1f}{beside:>18,.1f}{ratio:>8.2f}x")
    lines += ["", "share of the compiled model's step"]
    for part, share in report.shares.items():
        bar = "#" * round(50 * share)
        lines.append(f"{part:<22}{share:>7.1%}  {bar}".rstrip())
    return "\n".join(lines)
