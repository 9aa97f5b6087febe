"""The exponential moving average of a model's weights."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

from dagspec.nn.queries import ConceptVAE


class Average:
    """A copy of a model whose weights follow the model's slowly.

    average + s·(latest - average) with s = max(1 - decay, 9/(10 + t)): a plain moving
    average would keep the first weights for 1/(1 - decay) steps. Buffers are copied.

    Args:
        model: What is trained.
        decay: Share of the average that a step keeps, in the long run.
    """

    def __init__(self, model: ConceptVAE, decay: float) -> None:
        self._copy = deepcopy(model).requires_grad_(False).eval()
        self._decay = decay
        self._model = model
        self._own = list[Tensor](self._copy.parameters())
        self._latest = list[Tensor](model.parameters())

    @property
    def model(self) -> ConceptVAE:
        """The copy, in `eval()`; saved and loaded like any other model."""
        return self._copy

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Follow the model after a step.

        Args:
            step: t, the steps that the model has made, this one included.
        """
        device = self._latest[0].device
        if self._own[0].device != device:
            self._copy.to(device)
        share = max(1 - self._decay, 9 / (10 + step))
        # Torch's own average moves all weights in one call.
        get_ema_multi_avg_fn(1 - share)(self._own, self._latest, step)
        # Not kept in lists like the weights: a move to a device makes buffers anew.
        pairs = zip(self._copy.buffers(), self._model.buffers(), strict=True)
        for own, latest in pairs:
            own.copy_(latest)
