"""From a run's folder, or one file of it, to a model that can be used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dagspec.checkpoint.format import CheckpointError, read
from dagspec.checkpoint.shelf import BEST, newest
from dagspec.compiler import build_model, parse
from dagspec.diagnostic import DagSpecError
from dagspec.spec import NO_LIMITS

if TYPE_CHECKING:
    from dagspec.checkpoint.format import Checkpoint
    from dagspec.nn.queries import ConceptVAE

FOLDER = "checkpoints"
# Every run has this file.
RECORD = "run.json"


def load_model(
    path: str | os.PathLike[str], weights: Literal["average", "last"] = "average"
) -> ConceptVAE:
    """A trained model, as its checkpoint describes it.

    Args:
        path: The folder of a run, or one `.safetensors` file of it. Of a run, the
            checkpoint with the best validation is taken, else the newest whole one.
        weights: `average` for the averaged weights, where the run kept any, else the
            ones of the step itself; `last` for these in any case.

    Returns:
        The model that the checkpoint's own spec describes, in evaluation mode and on
        the CPU. Label units, where it has any, are those of its training data.

    Raises:
        ValueError: There are no such weights.
        CheckpointError: There is no checkpoint, or it is damaged, or does not fit the
            model that this version of dagspec makes of its spec.
    """
    if weights not in ("average", "last"):
        raise ValueError(f"weights are 'average' or 'last', not {weights!r}")
    place = Path(path)
    checkpoint = _of_run(place) if place.is_dir() else read(place)
    try:
        spec = parse(checkpoint.spec, str(place), NO_LIMITS)
    except DagSpecError as error:
        reason = error.diagnostics[0].message
        message = f"{place}: its spec has errors in this version of dagspec: {reason}"
        raise CheckpointError(message) from error
    model = build_model(spec)
    average = checkpoint.part("average") if weights == "average" else {}
    try:
        model.load_state_dict(average or checkpoint.part("model"))
    except RuntimeError as error:
        reason = " ".join(str(error).split())
        raise CheckpointError(f"{place}: does not fit its model: {reason}") from error
    return model.eval()


def _of_run(run: Path) -> Checkpoint:
    folder = run / FOLDER if (run / FOLDER).is_dir() else run
    if (folder / BEST).exists():
        return read(folder / BEST)
    checkpoint, faults = newest(folder)
    if checkpoint is not None:
        return checkpoint
    if faults:
        raise CheckpointError(f"{run}: has no whole checkpoint: {faults[0]}")
    held = sorted(record.parent for record in run.glob(f"*/{RECORD}"))
    hint = f", but runs; name one of them, such as {held[0]}" if held else ""
    raise CheckpointError(f"{run}: has no checkpoint{hint}")
