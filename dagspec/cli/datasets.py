"""`dagspec datasets`: what `--data` can name."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dagspec.data import Dataset


def datasets(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print plain data instead of text.")
    ] = False,
) -> None:
    """List the data sets: how they are called, shapes, and factors.

    Where the shape or the factors are those of the user's own files, there is a dash.

    Example: dagspec datasets
    """
    from dagspec.data import DATASETS

    every = DATASETS.values()
    if as_json:
        typer.echo(json.dumps([_record(each) for each in every], indent=2))
        return
    rows = [(_form(each), _shape(each), each.text, _factors(each)) for each in every]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        typer.echo("  ".join((*cells, row[-1])))


def _form(dataset: Dataset) -> str:
    """As it is written after `--data`: `folder:DIR`; what is in brackets may lack."""
    argument = dataset.argument
    if argument is None:
        return dataset.name
    if argument.startswith("["):
        return f"{dataset.name}[:{argument[1:]}"
    return f"{dataset.name}:{argument}"


def _shape(dataset: Dataset) -> str:
    return "x".join(map(str, dataset.shape)) if dataset.shape else "-"


def _factors(dataset: Dataset) -> str:
    return ", ".join(map(str, dataset.columns or ())) or "-"


def _record(dataset: Dataset) -> dict[str, object]:
    return {
        "name": dataset.name,
        "form": _form(dataset),
        "text": dataset.text,
        "shape": dataset.shape,
        "columns": dataset.columns and [asdict(each) for each in dataset.columns],
    }
