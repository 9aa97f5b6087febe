"""`dagspec traverse`: images with one concept moved and every other one held."""

from __future__ import annotations

from dagspec.cli.asking import (
    BrokenOption,
    DataDirOption,
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
    read_moves,
    read_wanted,
)


def traverse(
    run: RunArgument,
    out: OutOption = None,
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
    """Move one concept of some images and hold all others, also those that it causes.

    Each row is an image, each column a value. This is not an intervention: see
    `dagspec intervene` and `dagspec counterfactual`, where what is caused follows.

    Example: dagspec traverse runs/dsprites --latent scale --values -2:2:9 --image 3
    """
    check_out(out)
    targets, numbers = read_moves(latent, values)
    wanted = read_wanted(image, n, data_dir, broken)
    from dagspec.answers import queries
    from dagspec.answers.images import find_examples
    from dagspec.answers.question import Question
    from dagspec.answers.trained import open_run

    with one_line_errors():
        trained = open_run(run, weights)
        question = Question(trained, (), targets, numbers, units, seed)
        answer = queries.traverse(question, find_examples(trained, wanted))
        hand_over(answer, trained, "traverse", out, as_json)
