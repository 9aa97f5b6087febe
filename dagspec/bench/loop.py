"""The loop that a person would write: what a spec asks of every step, and no more."""

from __future__ import annotations

import torch

from dagspec.data import Source
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import (
    Average,
    Horizon,
    Loss,
    Objective,
    learning_rate,
    make_optimizer,
)
from dagspec.spec import Spec


class PlainLoop:
    """Makes the steps of a run, and neither looks at them nor writes anything.

    Args:
        spec: What to train.
        model: The model, which knows the units of its labels.
        source: Where examples come from.
        horizon: Planned length.

    Attributes:
        done: Steps done.
        average: The averaged weights; the latest ones where the spec wants none.
    """

    def __init__(
        self, spec: Spec, model: ConceptVAE, source: Source, horizon: Horizon
    ) -> None:
        self.spec, self.model = spec, model
        self.source, self.horizon = source, horizon
        self.objective = Objective(spec, model)
        self.average = Average(model, spec.training.ema or 0.0)
        self.done = 0
        own = model.parameters()
        self._optimizer = make_optimizer(spec.training.optimizer, own)

    def __call__(self) -> Loss:
        """Make one step."""
        training = self.spec.training
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(training, self.done, self.horizon)
        chosen = self.source.choose(self.done, training.batch, training.seed)
        batch = self.source.load(chosen)
        factors = {name: torch.from_numpy(own) for name, own in batch.factors.items()}
        out, keys = self.model(torch.from_numpy(batch.x)), torch.from_numpy(batch.keys)
        loss: Loss = self.objective(out, factors, keys, self.done, self.horizon)
        self._optimizer.zero_grad()
        loss.total.backward()
        if training.clip is not None:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), training.clip)
        self._optimizer.step()
        self.done += 1
        self.average.update(self.done)
        return loss
