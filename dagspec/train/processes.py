"""Several processes that train one model: who this one is, and what all agree on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import cast

import torch
import torch.distributed as dist
from torch import Tensor
from torch.autograd.function import FunctionCtx

from dagspec.spec import Spec
from dagspec.train.settings import TrainError


@dataclass(frozen=True)
class Processes:
    """What `torchrun` says of this process; one process alone if it says nothing.

    Attributes:
        rank: Number of this process; 0 writes all files.
        count: Number of processes.
        local: Processes on this machine.
    """

    rank: int = 0
    count: int = 1
    local: int = 1

    @property
    def first(self) -> bool:
        """Whether this is the process that writes and speaks."""
        return self.rank == 0

    @property
    def machines(self) -> int:
        """Number of machines."""
        return self.count // self.local

    def share(self, batch: int) -> slice:
        """The examples of a batch that are this process's own."""
        own = batch // self.count
        return slice(self.rank * own, (self.rank + 1) * own)

    def mean(self, values: Tensor) -> Tensor:
        """Mean over processes, with gradient: the loss may be any function of it."""
        if self.count == 1:
            return values
        return cast("Tensor", _Sum.apply(values)) / self.count

    def any(self, value: int) -> int:
        """The largest of every process's value, so that all stop at the same step."""
        if self.count == 1:
            return value
        device = "cuda" if dist.get_backend() == "nccl" else "cpu"
        found = torch.tensor(value, device=device)
        dist.all_reduce(found, dist.ReduceOp.MAX)
        return int(found)


class _Sum(torch.autograd.Function):
    """Sum over processes; each gets the sum of the gradients of all."""

    @staticmethod
    def forward(ctx: FunctionCtx, values: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        total = values.detach().clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: FunctionCtx, gradient: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        total = gradient.clone()
        dist.all_reduce(total)
        return total


def find_processes() -> Processes:
    """Who this process is among those that `torchrun` started."""
    known = os.environ
    if "TORCHELASTIC_RUN_ID" not in known:
        return Processes()
    return Processes(
        int(known["RANK"]), int(known["WORLD_SIZE"]), int(known["LOCAL_WORLD_SIZE"])
    )


def check_processes(spec: Spec, processes: Processes) -> None:
    """Refuse what several processes would compute differently from one.

    Raises:
        TrainError: The batch cannot be shared out, or batch normalisation would see
            only a part of it.
    """
    if processes.count == 1:
        return
    batch = spec.training.batch
    if batch % processes.count:
        raise TrainError(
            f"`batch = {batch}` cannot be shared out evenly among {processes.count} "
            f"processes: take a multiple of {processes.count}"
        )
    nvae = spec.features.block == "nvae"
    if not torch.cuda.is_available() and (nvae or spec.norm == "batch"):
        cause = "block = nvae" if nvae else "norm = batch"
        raise TrainError(
            f"`{cause}` normalises over the whole batch, of which each of "
            f"{processes.count} processes on a CPU sees a part: use `norm = group` and "
            "another block, or one process"
        )
