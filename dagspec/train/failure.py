"""A step whose numbers are not finite: what is said of it, and what is kept."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from dagspec.atomic import write_whole
from dagspec.runs.files import unwritable
from dagspec.train.keeper import Keeper
from dagspec.train.module import NotFiniteError

# Every number is finite, and the sum of their squares is not.
_TOO_LARGE = "the norm of the whole gradient, which is too large for 32 bits"


def explain(error: NotFiniteError, keeper: Keeper, folder: Path) -> str:
    """Name the step and the place where it went wrong, and write its batch.

    The weights are still those from before the step.

    Args:
        error: What ended the run.
        keeper: The run.
        folder: Where `not_finite.npz` goes.

    Returns:
        What to tell the user.
    """
    module, processes = keeper.module, keeper.module.processes
    # A gradient is everybody's; the examples that led there are those of a process
    # whose own loss is not finite, if there is one.
    losses = processes.gather("finite" if error.finite else "")
    witness = losses.index("") if "" in losses else 0
    nowhere = _TOO_LARGE if processes.count == 1 else "a sum over processes"
    place = processes.gather(error.place or nowhere)[witness]
    said = (
        f"step {module.done + 1:,} gave a number that is not finite; it first appeared "
        f"in {place}. Going on as before would lead "
        "there again: other settings need --adopt. "
    )
    path, kept = folder / "not_finite.npz", ""
    if processes.rank == witness:
        try:
            write_whole(path, _packed(error))
            kept = f"Its batch is in {path}"
        except OSError as fault:
            kept = f"Its batch is lost: {unwritable(path, fault)}"
    return said + processes.gather(kept)[witness]


def _packed(error: NotFiniteError) -> bytes:
    """A batch and what its noise hangs on, as the bytes of a `.npz` file."""
    examples = error.examples
    arrays = {
        "x": examples["x"].cpu().numpy(),
        "keys": examples["keys"].cpu().numpy(),
        "noise_seed": np.array(error.seed),
        "noise_part": np.array([error.part.first, error.part.total]),
        **{name: v.cpu().numpy() for name, v in examples["factors"].items()},
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()
