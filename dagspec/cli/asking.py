"""What the verbs that ask a model share: options, mistakes, where results go."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

if TYPE_CHECKING:
    from dagspec.answers.answer import Answer
    from dagspec.answers.asked import Settings, Target, Value
    from dagspec.answers.images import Wanted
    from dagspec.answers.trained import Trained

T = TypeVar("T")

RunArgument = Annotated[
    Path, typer.Argument(help="Folder of a run.", show_default=False)
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        help="Where to write: .png for a grid of images, .npz for arrays.",
        show_default="RUN/VERB.png; a table of vectors on standard output",
    ),
]
DoOption = Annotated[
    list[str] | None,
    typer.Option(
        "--do",
        metavar='"NAME=VALUE, …"',
        help="What is set: a number, a class, [1, 2] of a vector. Several together are "
        "one intervention; several --do are as many interventions.",
        show_default=False,
    ),
]
LatentOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="A concept that moves, or one number of it, NAME[0]. May be repeated.",
        show_default="each concept",
    ),
]
ValuesOption = Annotated[
    str | None,
    typer.Option(
        metavar="FROM:TO:COUNT",
        help="Where it moves; or its values, 0,1,2.",
        show_default="classes, once around, or over most samples",
    ),
]
ImageOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE|INDEX",
        help="A .png, .jpg or .npy file, or the number of a test example. May be "
        "repeated.",
        show_default="the first test examples",
    ),
]
UnitsOption = Annotated[
    Literal["latent", "label"],
    typer.Option(help="Units of values: the concepts' own, or those of their labels."),
]
SeedOption = Annotated[int, typer.Option(min=0, help="Decides all noise.")]
WeightsOption = Annotated[
    Literal["average", "last"],
    typer.Option(help="Averaged weights, where the run has any, or those of the step."),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print plain data; a file only with --out.")
]
RowsOption = Annotated[int, typer.Option("-n", min=1, help="How many rows.")]
ImagesOption = Annotated[
    int | None,
    typer.Option("-n", min=1, help="How many test examples.", show_default="4"),
]
DataDirOption = Annotated[
    Path | None, typer.Option(help="Folder with the official file of dsprites.")
]
BrokenOption = Annotated[
    Literal["fail", "skip"],
    typer.Option(help="What to do about an image that cannot be read."),
]


def read_dos(dos: Sequence[str] | None) -> list[Settings]:
    """What was given to `--do`.

    Raises:
        typer.BadParameter: One of them is malformed.
    """
    from dagspec.answers.asked import parse_settings

    return [_parsed("--do", parse_settings, text) for text in dos or ()]


def read_moves(
    latents: Sequence[str] | None, values: str | None, dos: Sequence[Settings] = ()
) -> tuple[list[Target], tuple[Value, ...]]:
    """What was given to `--latent` and `--values`.

    Raises:
        typer.BadParameter: They are malformed, or do not go with one another or with
            what was given to `--do`.
    """
    from dagspec.answers.asked import parse_target, parse_values

    targets = [_parsed("--latent", parse_target, text) for text in latents or ()]
    found = _parsed("--values", parse_values, values) if values is not None else ()
    if found and not targets:
        message = "needs --latent, to say what moves"
        raise typer.BadParameter(message, param_hint="--values")
    if targets and len(dos) > 1:
        message = 'give what is held beside --latent in one: --do "a=1, b=2"'
        raise typer.BadParameter(message, param_hint="--do")
    for target in targets:
        if any(target.name in do for do in dos):
            message = f"'{target.name}' cannot be held and move"
            raise typer.BadParameter(message, param_hint="--do")
    return targets, found


def read_wanted(
    images: Sequence[str] | None, count: int | None, data_dir: Path | None, broken: str
) -> Wanted:
    """Which examples are wanted.

    Raises:
        typer.BadParameter: They are both named and counted.
    """
    from dagspec.answers.images import Wanted

    if images and count is not None:
        message = "counts test examples, and goes without --image"
        raise typer.BadParameter(message, param_hint="-n")
    chosen: Literal["fail", "skip"] = "skip" if broken == "skip" else "fail"
    return Wanted(images or (), count or 4, data_dir, chosen)


def check_out(out: Path | None) -> None:
    """See that the suffix says what to write.

    Raises:
        typer.BadParameter: It does not.
    """
    if out is not None and out.suffix.lower() not in {".png", ".npz"}:
        message = f"cannot tell the format of '{out}': end it in .png or .npz"
        raise typer.BadParameter(message, param_hint="--out")


@contextmanager
def one_line_errors() -> Generator[None]:
    """Turns what is wrong with a run, an image or a value into one line and exit 1.

    Raises:
        typer.Exit: Something was.
    """
    from dagspec.answers.asked import AnswerError
    from dagspec.checkpoint import CheckpointError
    from dagspec.data import DataError
    from dagspec.pictures import RenderError
    from dagspec.runs import RunError

    expected = (AnswerError, CheckpointError, DataError, RenderError, RunError)
    try:
        yield
    except expected as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None


def hand_over(
    answer: Answer, run: Trained, verb: str, out: Path | None, as_json: bool
) -> None:
    """Write an answer where it belongs and print what it is.

    A picture goes into the run's folder unless another file is named, a table of
    vectors and plain data to standard output.
    """
    from dagspec.answers.answer import check_finite
    from dagspec.answers.arrays import answer_record
    from dagspec.answers.table import answer_table
    from dagspec.answers.writing import write_answer

    for note in answer.notes:
        typer.echo(f"note: {note}", err=True)
    check_finite(answer)
    path = out
    if path is None and not as_json and len(run.spec.observed.shape) == 3:
        path = run.folder.path / f"{verb}.png"
    if path is not None:
        write_answer(answer, run, path)
    if as_json:
        head = {"verb": verb, "run": str(run.folder.path)}
        file = {"file": None if path is None else str(path)}
        record = answer_record(answer, run.labels)
        typer.echo(json.dumps(head | file | record, indent=2))
    elif path is not None:
        typer.echo(path)
    else:
        typer.echo(answer_table(answer, run.spec, run.labels))


def _parsed(option: str, parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
