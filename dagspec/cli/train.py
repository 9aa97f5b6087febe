"""`dagspec train`: from a spec to a trained model in a folder of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dagspec.cli.report import LimitOption, check_or_exit, parse_limits, read_input
from dagspec.spec import NO_LIMITS

if TYPE_CHECKING:
    from dagspec.diagnostic import Source
    from dagspec.spec import Limits
    from dagspec.train import Planned, Settings


FileArgument = Annotated[
    Path,
    typer.Argument(
        help="A .dag file, or the folder of a run to go on with.", show_default=False
    ),
]
DataOption = Annotated[
    str | None,
    typer.Option(
        metavar="SOURCE",
        help="What to train on, such as dsprites or folder:images; `dagspec datasets` "
        "lists what there is.",
        show_default="the spec's",
    ),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Folder of the run.", show_default="runs/NAME")
]
StepsOption = Annotated[
    int | None,
    typer.Option(min=1, help="Length of the run in steps.", show_default="the spec's"),
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="Decides first weights, examples and noise.",
        show_default="the spec's",
    ),
]
PrecisionOption = Annotated[
    Literal["32", "bf16"] | None,
    typer.Option(help="Bits of the layers' arithmetic.", show_default="the spec's"),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="OPTION=VALUE",
        help="Set any option of the file, such as training.batch=32 or "
        "latent.scale.weight=2; quote values with spaces. May be repeated.",
    ),
]
SweepOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OPTION=VALUES",
        help="One run for each value, such as objective.beta=1,4,16. Repeated: for "
        "each combination.",
    ),
]
ContinueOption = Annotated[
    bool,
    typer.Option("--continue-training", help="Go on from the last whole checkpoint."),
]
AdoptOption = Annotated[
    bool,
    typer.Option(
        "--adopt",
        help="With --continue-training and a changed spec: start anew with every "
        "weight that still fits.",
    ),
]
DataDirOption = Annotated[
    Path | None, typer.Option(help="Folder with the official file of dsprites.")
]
BrokenOption = Annotated[
    Literal["fail", "skip"],
    typer.Option(help="What to do about an image that cannot be read."),
]


def train(
    file: FileArgument,
    data: DataOption = None,
    out: OutOption = None,
    steps: StepsOption = None,
    seed: SeedOption = None,
    precision: PrecisionOption = None,
    settings: SetOption = None,
    sweep: SweepOption = None,
    continue_training: ContinueOption = False,
    adopt: AdoptOption = False,
    data_dir: DataDirOption = None,
    broken: BrokenOption = "fail",
    limit: LimitOption = None,
) -> None:
    """Train a model; everything about the run goes into one folder.

    Example: dagspec train specs/dsprites.dag --steps 1000 --set training.batch=32
    """
    if adopt and not continue_training:
        raise typer.BadParameter("goes with --continue-training", param_hint="--adopt")
    overrides = [*(settings or ()), *_options(data, steps, seed, precision)]
    # What was trained before was within the limits of whoever trained it.
    folder = file if os.path.isdir(file) else None
    limits = NO_LIMITS if folder and not limit else parse_limits(limit)
    source = read_input(folder / "spec.dag" if folder else file)
    runs = _plan(source, sweep or (), overrides, limits)

    from dagspec.train import Settings

    asked = Settings(
        out=out or folder or Path("runs") / runs[0].spec.name,
        continue_training=continue_training,
        adopt=adopt,
        data_dir=data_dir,
        broken=broken,
        file=runs[0].file,
        command=("dagspec", *sys.argv[1:]),
        changed=dict(_parts(each) for each in overrides),
    )
    raise typer.Exit(_run(runs, asked, bool(sweep)))


def _run(runs: Sequence[Planned], settings: Settings, sweep: bool) -> int:
    """Train one model, or every one of a sweep; the exit code."""
    from dagspec import train as training

    try:
        if sweep:
            return training.train_sweep(runs, settings)
        return training.train(runs[0].spec, settings).code
    except training.EXPECTED as error:
        if os.environ.get("LOCAL_RANK", "0") == "0":  # one line a machine
            typer.echo(f"error: {error}", err=True)
        return 1


def _plan(
    source: Source, sweep: Sequence[str], overrides: Sequence[str], limits: Limits
) -> list[Planned]:
    """The runs that are asked for, each with its spec; what is wrong is reported.

    Without a sweep it is a single one, of no combination.

    Raises:
        typer.BadParameter: The sweep asks for no set of runs.
        typer.Exit: A spec has an error.
    """
    from dagspec.runs import SweepError, combine, parse_sweep
    from dagspec.train import Planned

    try:
        combinations = combine([parse_sweep(one) for one in sweep])
    except SweepError as error:
        raise typer.BadParameter(str(error), param_hint="--sweep") from error
    # Of several processes that torchrun starts, one is enough to warn.
    warn = not sweep and os.environ.get("RANK", "0") == "0"
    runs: list[Planned] = []
    for each in combinations:
        with suppress(typer.Exit):
            options = [*overrides, *each.settings]
            runs.append(Planned(each, *check_or_exit(source, limits, options, warn)))
    if len(runs) < len(combinations):
        raise typer.Exit(1)
    return runs


def _parts(override: str) -> tuple[str, str]:
    name, _, value = override.partition("=")
    return name.strip(), value.strip()


def _options(
    data: str | None, steps: int | None, seed: int | None, precision: str | None
) -> Iterator[str]:
    """The options with names of their own, as `--set` would take them."""
    if data is not None:
        yield f"training.data={json.dumps(data)}"
    if steps is not None:
        yield f"training.steps={steps}"
    if seed is not None:
        yield f"training.seed={seed}"
    if precision is not None:
        yield f"training.precision={precision}"
