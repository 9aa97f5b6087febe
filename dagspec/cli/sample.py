"""`dagspec sample`: what a trained model makes up."""

from __future__ import annotations

from typing import Annotated

import typer

from dagspec.cli.asking import (
    DoOption,
    JsonOption,
    OutOption,
    RunArgument,
    SeedOption,
    UnitsOption,
    WeightsOption,
    check_out,
    hand_over,
    one_line_errors,
    read_dos,
)


def sample(
    run: RunArgument,
    out: OutOption = None,
    do: DoOption = None,
    n: Annotated[int, typer.Option("-n", min=1, help="How many samples.")] = 16,
    units: UnitsOption = "latent",
    seed: SeedOption = 0,
    weights: WeightsOption = "average",
    as_json: JsonOption = False,
) -> None:
    """Draw samples of a model, or of the model under interventions.

    Each --do has a row of its own, and all of them have the same noise.

    Example: dagspec sample runs/dsprites --do "shape=2, scale=1.5" -n 8
    """
    check_out(out)
    dos = read_dos(do)
    from dagspec.answers import queries
    from dagspec.answers.question import Question
    from dagspec.answers.trained import open_run

    with one_line_errors():
        trained = open_run(run, weights)
        question = Question(trained, dos, units=units, seed=seed)
        hand_over(queries.sample(question, n), trained, "sample", out, as_json)
