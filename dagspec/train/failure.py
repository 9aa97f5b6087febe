"""A step whose numbers are not finite: what is said of it, and what is kept."""

from __future__ import annotations

import io

import numpy as np

from dagspec.atomic import write_whole
from dagspec.monitor import find_first
from dagspec.runs import RunFolder
from dagspec.train.keeper import Keeper
from dagspec.train.module import NotFiniteError, noise_seed


def explain(error: NotFiniteError, keeper: Keeper, folder: RunFolder) -> str:
    """Name the step and the place where it went wrong, and write its batch.

    The weights are still those from before the step.

    Args:
        error: What ended the run.
        keeper: The run.
        folder: Where `not_finite.npz` goes.

    Raises:
        OSError: The batch cannot be written.
    """
    module = keeper.module
    seed = noise_seed(module.spec.training.seed, module.done)
    x = error.examples["x"]
    place = find_first(module.model, x, seed, error.loss.terms)
    arrays = {
        "x": x.cpu().numpy(),
        "keys": error.examples["keys"].cpu().numpy(),
        "noise_seed": np.array(seed),
        **{name: v.cpu().numpy() for name, v in error.examples["factors"].items()},
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    path = folder.path / "not_finite.npz"
    if module.processes.first:
        write_whole(path, buffer.getvalue())
    return (
        f"step {module.done + 1:,} gave a number that is not finite; it first appeared "
        f"in {place or 'another process'}. The batch is in {path}"
    )
