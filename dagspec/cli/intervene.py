"""`dagspec intervene`: concepts set to value after value, and what follows."""

from __future__ import annotations

from dagspec.cli.asking import (
    DoOption,
    JsonOption,
    LatentOption,
    OutOption,
    RowsOption,
    RunArgument,
    SeedOption,
    UnitsOption,
    ValuesOption,
    WeightsOption,
    check_out,
    hand_over,
    one_line_errors,
    read_dos,
    read_moves,
)


def intervene(
    run: RunArgument,
    out: OutOption = None,
    latent: LatentOption = None,
    values: ValuesOption = None,
    do: DoOption = None,
    n: RowsOption = 4,
    units: UnitsOption = "latent",
    seed: SeedOption = 0,
    weights: WeightsOption = "average",
    as_json: JsonOption = False,
) -> None:
    """Set concepts of samples from outside: what they cause follows, nothing else.

    Each row has a noise of its own, each column a value. Beside --latent, --do holds
    other concepts; without it each --do is a column.

    Example: dagspec intervene runs/dsprites --latent shape --do "pos_x=0"
    """
    check_out(out)
    dos = read_dos(do)
    targets, numbers = read_moves(latent, values, dos)
    from dagspec.answers import queries
    from dagspec.answers.question import Question
    from dagspec.answers.trained import open_run

    with one_line_errors():
        trained = open_run(run, weights)
        question = Question(trained, dos, targets, numbers, units, seed)
        hand_over(queries.intervene(question, n), trained, "intervene", out, as_json)
