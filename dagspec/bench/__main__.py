"""`make bench`: what the project promises, and what this machine says to it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Annotated

import torch
import typer

from dagspec.bench.claims import (
    SPEC,
    measure_check,
    measure_feeding,
    measure_handwritten,
    measure_wide,
)
from dagspec.bench.finding import Finding, write_table
from dagspec.bench.report import machine
from dagspec.heap import keep_freed_memory


def main(
    train: Annotated[
        bool, typer.Option("--train", help="Also train dsprites (ten minutes).")
    ] = False,
    threads: Annotated[int, typer.Option(min=1, help="Threads that torch uses.")] = 1,
) -> None:
    """Measure every promise of speed and size; what is compared runs by turns.

    Example: python -m dagspec.bench --train
    """
    if not SPEC.exists():
        typer.echo(f"there is no {SPEC}: run this in a checkout of dagspec", err=True)
        raise typer.Exit(2)
    torch.set_num_threads(threads)
    keep_freed_memory()
    typer.echo(f"{machine()}, threads: {torch.get_num_threads()}\n")
    parts: list[Iterable[Finding]] = [
        measure_wide(),
        measure_handwritten(),
        measure_check(),
        measure_feeding(),
    ]
    if train:
        from dagspec.bench.trainer import measure_trainer
        from dagspec.bench.training import measure_training

        parts += [measure_trainer(), measure_training()]
    for line in write_table(chain.from_iterable(parts)):
        typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
