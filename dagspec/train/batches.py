"""The batches of a run: step after step, each decided by (seed, step) alone."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import TypedDict

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from dagspec.data import Batch, Source
from dagspec.spec import Spec
from dagspec.train.processes import Processes

_GRACE = 30  # seconds, as long as torchrun and schedulers wait


class Examples(TypedDict):
    """A process's share of a batch.

    `x` is `(B, *shape)`; `factors` holds `(B,)` for each column that is a label; `keys`
    `(B,)` tells examples apart.
    """

    x: Tensor
    factors: dict[str, Tensor]
    keys: Tensor


@dataclass(frozen=True)
class Steps(Dataset[Examples]):
    """What each step of a run trains on, by the number of the step.

    Attributes:
        source: Where examples come from.
        batch: Examples of all processes together.
        seed: Of the run.
        share: Those of this process.
        columns: The factors that are labels.
    """

    source: Source
    batch: int
    seed: int
    share: slice
    columns: Sequence[str]

    def __getitem__(self, step: int) -> Examples:
        """The examples of a step, counted from 0."""
        chosen = self.source.choose(step, self.batch, self.seed)
        return as_tensors(self.source.load(chosen[self.share]), self.columns)


def as_tensors(batch: Batch, columns: Iterable[str]) -> Examples:
    """A batch of numpy arrays as tensors that share their memory."""
    return {
        "x": torch.from_numpy(batch.x),
        "factors": {name: torch.from_numpy(batch.factors[name]) for name in columns},
        "keys": torch.from_numpy(batch.keys),
    }


def label_columns(spec: Spec) -> tuple[str, ...]:
    """The columns that some concept has as its label."""
    names = (column for latent in spec.latents for column in latent.label)
    return tuple(dict.fromkeys(names))


def read_ahead(
    source: Source, spec: Spec, steps: range, processes: Processes
) -> DataLoader[Examples]:
    """The batches of some steps, read by as many workers as the spec says.

    Nothing of the loader's own state matters: whoever starts at a later step gets the
    very batches that follow.
    """
    training = spec.training
    share = processes.share(training.batch)
    columns = label_columns(spec)
    return DataLoader(
        Steps(source, training.batch, training.seed, share, columns),
        batch_size=None,
        sampler=steps,
        num_workers=training.workers,
        worker_init_fn=_leave_signals_to_the_parent,
        # The loader would otherwise draw a number from the generator of the noise.
        generator=torch.Generator(),
    )


def _leave_signals_to_the_parent(_: int) -> None:
    """A signal often reaches every process of a group; only the parent decides.

    One that asks to end gets its way after a while, should the parent be lost.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_later)


def _end_later(number: int, frame: FrameType | None) -> None:
    signal.alarm(_GRACE)
