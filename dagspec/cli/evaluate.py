"""`dagspec evaluate`: metrics, pictures and a report about a trained run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from dagspec.cli.asking import (
    BrokenOption,
    DataDirOption,
    RunArgument,
    SeedOption,
    WeightsOption,
)

MetricsOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME,NAME",
        help="Which metrics, such as mig,dci; the rest of the report is there in any "
        "case.",
        show_default="all",
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="DIR", help="Where to.", show_default="RUN/evaluation"
    ),
]
SamplesOption = Annotated[
    int | None,
    typer.Option(
        min=20,
        help="Test examples, at most.",
        show_default="10000, fewer of large images",
    ),
]
DataOption = Annotated[
    str | None,
    typer.Option(
        metavar="SOURCE", help="Data in place of the run's.", show_default="the run's"
    ),
]


def evaluate(
    run: RunArgument,
    metrics: MetricsOption = None,
    out: OutOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print evaluation.json, not the table.")
    ] = False,
    samples: SamplesOption = None,
    seed: SeedOption = 0,
    weights: WeightsOption = "average",
    data: DataOption = None,
    data_dir: DataDirOption = None,
    broken: BrokenOption = "fail",
) -> None:
    """Measure what a trained model knows, on its test examples, and write a report.

    DIR/report.html is one page with every number and its pictures; DIR/evaluation.json
    holds the numbers.

    Example: dagspec evaluate runs/dsprites --metrics mig,dci
    """
    import dagspec.evaluate as room

    try:
        names = None if metrics is None else room.chosen_metrics(_parts(metrics))
    except room.EvaluateError as error:
        raise typer.BadParameter(str(error), param_hint="--metrics") from error
    folder = out or run / "evaluation"
    try:
        found = room.evaluate(
            run,
            names,
            out=folder,
            samples=samples,
            seed=seed,
            weights=weights,
            data=data,
            data_dir=data_dir,
            broken=broken,
        )
    except room.EXPECTED as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(found.record(), indent=2))
    else:
        typer.echo(room.evaluation_text(found))
        typer.echo(f"the report is {folder / room.REPORT}")


def _parts(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
