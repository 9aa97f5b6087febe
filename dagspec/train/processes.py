"""Several processes that train one model: who this one is, and what all agree on."""

from __future__ import annotations

import atexit
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import cast

import torch
import torch.distributed as dist
from torch import Tensor
from torch.autograd.function import FunctionCtx
from torch.distributed import Store, rendezvous  # pyright: ignore[reportPrivateImportUsage, reportUnknownVariableType]

from dagspec.spec import Spec
from dagspec.train.settings import TrainError

_OVER = "dagspec/over"
_PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True)
class Processes:
    """What `torchrun` says of this process; one process alone if it says nothing.

    Attributes:
        rank: Number of this process; 0 writes all files.
        count: Number of processes.
        local: Processes on this machine.
        store: Where processes can leave word for one another.
    """

    rank: int = 0
    count: int = 1
    local: int = 1
    store: Store | None = None

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
        found = torch.tensor(value)
        dist.all_reduce(found, dist.ReduceOp.MAX)
        return int(found)

    def fault(self, own: str) -> str:
        """What went wrong in some process, so that all end alike; empty if nothing did.

        Args:
            own: What went wrong in this one.
        """
        if not self.any(int(bool(own))):
            return ""
        return next(filter(None, self.gather(own)))

    def gather(self, own: str) -> list[str]:
        """What every process has to say, by its number."""
        said = [own] * self.count
        if self.count > 1:
            dist.all_gather_object(said, own)
        return said

    @property
    def deserted(self) -> bool:
        """Whether the first process has ended, and this one works in vain."""
        return self.store is not None and self.store.check([_OVER])

    def agree(self, step: int) -> None:
        """Wait until all have read the run's folder and found the same in it.

        From here on the first process may write into it.

        Args:
            step: The step that this one would start at.

        Raises:
            TrainError: Some start elsewhere, or some have left.
        """
        if self.count == 1:
            return
        try:
            most, least = self.any(step), -self.any(-step)
        except RuntimeError as error:
            raise TrainError("another process could not start") from error
        if most != least:
            raise TrainError(
                f"one process would start after step {least:,}, another after step "
                f"{most:,}: the run's folder must be on a disk that all machines share"
            )


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


@cache
def find_processes() -> Processes:
    """Who this process is among those that `torchrun` started, once all have met."""
    known = os.environ
    if "TORCHELASTIC_RUN_ID" not in known or known["WORLD_SIZE"] == "1":
        return Processes()
    backend = "gloo"
    if torch.cuda.is_available():
        backend = "cpu:gloo,cuda:nccl"
        torch.cuda.set_device(int(known["LOCAL_RANK"]))
    store, rank, count = next(rendezvous("env://"))
    dist.init_process_group(backend, store=store, rank=rank, world_size=count)
    processes = Processes(rank, count, int(known["LOCAL_WORLD_SIZE"]), store)
    atexit.register(_leave, processes, store)
    return processes


def _leave(processes: Processes, store: Store) -> None:
    """Let the first process end first.

    As soon as one ends without success, torchrun ends the others; the first may still
    have notes to write.
    """
    # Whoever is waited for may be gone, and so may torchrun, which keeps the store.
    with suppress(dist.DistError):
        if processes.first:
            store.set(_OVER, "")
        else:
            store.wait([_OVER], _PATIENCE)


def check_processes(spec: Spec, processes: Processes) -> None:
    """Refuse what several processes would compute differently from one.

    Raises:
        TrainError: The batch cannot be shared out, batch normalisation would see only
            a part of it, or machines have different numbers of processes.
    """
    if processes.count == 1:
        return
    if processes.count % processes.local:
        raise TrainError("every machine must have the same number of processes")
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
