"""A step whose numbers are not finite: what is said of it, and what is kept."""

from __future__ import annotations

import io

import numpy as np
import torch

from dagspec.atomic import write_whole
from dagspec.monitor import find_first
from dagspec.runs import RunFolder
from dagspec.runs.files import unwritable
from dagspec.train.batches import Examples
from dagspec.train.keeper import Keeper
from dagspec.train.module import NotFiniteError, noise_seed


def explain(error: NotFiniteError, keeper: Keeper, folder: RunFolder) -> str:
    """Name the step and the place where it went wrong, and write its batch.

    The weights are still those from before the step.

    Args:
        error: What ended the run.
        keeper: The run.
        folder: Where `not_finite.npz` goes.

    Returns:
        What to tell the user.
    """
    module = keeper.module
    training = module.spec.training
    seed = noise_seed(training.seed, module.done)
    x = error.examples["x"]
    half = training.precision == "bf16"
    with torch.autocast(x.device.type, torch.bfloat16, enabled=half):
        place = find_first(module.model, x, seed, error.loss.terms)
    # A gradient is everybody's; the examples that led there are those of a process
    # whose own loss is not finite, if there is one.
    finite = bool(torch.isfinite(error.loss.total))
    losses = module.processes.gather("finite" if finite else "")
    witness = losses.index("") if "" in losses else 0
    place = module.processes.gather(place or "a sum over processes")[witness]
    said = (
        f"step {module.done + 1:,} gave a number that is not finite; it first appeared "
        f"in {place}. Going on as before would lead "
        "there again: other settings need --adopt. "
    )
    path, kept = folder.path / "not_finite.npz", ""
    if module.processes.rank == witness:
        try:
            write_whole(path, _packed(error.examples, seed))
            kept = f"Its batch is in {path}"
        except OSError as fault:
            kept = f"Its batch is lost: {unwritable(path, fault)}"
    return said + module.processes.gather(kept)[witness]


def _packed(examples: Examples, seed: int) -> bytes:
    """A batch as the bytes of a `.npz` file."""
    arrays = {
        "x": examples["x"].cpu().numpy(),
        "keys": examples["keys"].cpu().numpy(),
        "noise_seed": np.array(seed),
        **{name: v.cpu().numpy() for name, v in examples["factors"].items()},
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()
