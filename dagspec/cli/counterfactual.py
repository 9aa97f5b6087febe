"""`dagspec counterfactual`: what images would have looked like."""

from __future__ import annotations

from dagspec.cli.asking import (
    BrokenOption,
    DataDirOption,
    DoOption,
    ImageOption,
    ImagesOption,
    JsonOption,
    LatentOption,
    OutOption,
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
    read_wanted,
)


def counterfactual(
    run: RunArgument,
    out: OutOption = None,
    do: DoOption = None,
    latent: LatentOption = None,
    values: ValuesOption = None,
    image: ImageOption = None,
    n: ImagesOption = None,
    units: UnitsOption = "latent",
    seed: SeedOption = 0,
    weights: WeightsOption = "average",
    data_dir: DataDirOption = None,
    broken: BrokenOption = "fail",
    as_json: JsonOption = False,
) -> None:
    """Ask what some images would have been, had concepts had other values.

    Each row is an image, its reconstruction, and a column for each --do; or for each
    value of --latent, beside which --do holds other concepts. The noise of the image is
    inferred, the concepts are set, and what they cause follows with that same noise.

    Example: dagspec counterfactual runs/dsprites --image 3 --do shape=2 --do shape=0
    """
    check_out(out)
    dos = read_dos(do)
    targets, numbers = read_moves(latent, values, dos)
    wanted = read_wanted(image, n, data_dir, broken)
    from dagspec.answers import queries
    from dagspec.answers.images import find_examples
    from dagspec.answers.question import Question
    from dagspec.answers.trained import open_run

    with one_line_errors():
        trained = open_run(run, weights)
        question = Question(trained, dos, targets, numbers, units, seed)
        answer = queries.counterfactual(question, find_examples(trained, wanted))
        hand_over(answer, trained, "counterfactual", out, as_json)
