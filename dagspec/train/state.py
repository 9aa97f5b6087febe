"""All that changes during a run, as a checkpoint holds it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor

from dagspec.checkpoint import Checkpoint, pack_optimizer, unpack_optimizer
from dagspec.objective import Average
from dagspec.spec import write_spec
from dagspec.train.module import ConceptModule
from dagspec.train.rows import Row


@dataclass
class Best:
    """The best validation so far, and how many have come since.

    Attributes:
        step: Steps done at the best validation; None before the first.
        elbo: Its ELBO; None likewise.
        since: Validations after it.
    """

    step: int | None = None
    elbo: float | None = None
    since: int = 0

    @property
    def score(self) -> tuple[int, float] | None:
        """Step and ELBO of the best validation."""
        if self.step is None or self.elbo is None:
            return None
        return self.step, self.elbo

    def note(self, step: int, elbo: float) -> bool:
        """Take a validation down.

        Returns:
            Whether it is the best so far; one that is no number never is.
        """
        better = elbo > (-math.inf if self.elbo is None else self.elbo)
        if better:
            self.step, self.elbo, self.since = step, elbo, 0
        else:
            self.since += 1
        return better


@dataclass
class State:
    """What a run would lose if it ended here.

    Attributes:
        module: Model, objective and steps done.
        average: Averaged weights, where the spec wants them.
        row: The unfinished row of metrics.csv.
        best: The best validation so far.
    """

    module: ConceptModule
    average: Average | None
    row: Row
    best: Best = field(default_factory=Best)

    @property
    def optimizer(self) -> torch.optim.Optimizer:
        """The optimiser, once the trainer has made it."""
        return self.module.trainer.optimizers[0]

    def pack(
        self, optimizer: torch.optim.Optimizer, sizes: Mapping[str, Any]
    ) -> Checkpoint:
        """The state as a checkpoint.

        Args:
            optimizer: The one that does the steps.
            sizes: Sizes in bytes of the files that grow during a run.
        """
        module = self.module
        moments, record = pack_optimizer(optimizer)
        tensors: dict[str, Tensor] = {
            **_under("model", module.model.state_dict()),
            **_under("objective", module.objective.state_dict()),
            **moments,
            "progress/row": self.row.sums,
        }
        if self.average is not None:
            tensors |= _under("average", self.average.model.state_dict())
        return Checkpoint(
            step=module.done,
            spec=write_spec(module.spec),
            tensors=tensors,
            record={
                "horizon": asdict(module.horizon),
                "best": asdict(self.best),
                "optimizer": record,
                "sizes": dict(sizes),
            },
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take the state of a checkpoint over, once the optimiser is there."""
        self.module.model.load_state_dict(checkpoint.part("model"))
        self.module.objective.load_state_dict(checkpoint.part("objective"))
        if self.average is not None:
            self.average.model.load_state_dict(checkpoint.part("average"))
        record = checkpoint.record["optimizer"]
        unpack_optimizer(self.optimizer, checkpoint.tensors, record)
        self.row.sums = checkpoint.part("progress")["row"]
        self.best = Best(**checkpoint.record["best"])


def _under(name: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{name}/{key}": value for key, value in tensors.items()}
