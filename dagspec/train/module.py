"""A compiled model with its objective, as pytorch-lightning trains it."""

from __future__ import annotations

import hashlib

import pytorch_lightning as lightning
import torch
from torch import Tensor

from dagspec.monitor import find_first
from dagspec.nn.base import Part
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import (
    Horizon,
    Loss,
    Objective,
    learning_rate,
    make_optimizer,
)
from dagspec.spec import Spec
from dagspec.train.batches import Examples
from dagspec.train.processes import Processes


class NotFiniteError(ArithmeticError):
    """A loss or a gradient is not a finite number any more.

    Attributes:
        place: Where such a number first appeared, in words; None if not here.
        finite: Whether this process's own loss is finite.
        examples: This process's share of the batch.
        seed: Of the noise of the step.
        part: Which part of the batch, and so of the noise, the share is.
    """

    def __init__(
        self, place: str | None, finite: bool, examples: Examples, seed: int, part: Part
    ) -> None:
        super().__init__("a number is not finite")
        self.place = place
        self.finite = finite
        self.examples = examples
        self.seed = seed
        self.part = part


class ConceptModule(lightning.LightningModule):
    """Minimises the objective of a spec; each step is decided by (seed, step) alone.

    Args:
        spec: What to train.
        model: The compiled model.
        horizon: Planned length of the run.
        processes: Who shares the batch.
        done: Steps that were done before.

    Attributes:
        done: Steps done.
        loss: The latest loss.
        gradient: Norm of the latest gradient, before it was clipped, `()`.
    """

    loss: Loss
    gradient: Tensor

    def __init__(
        self,
        spec: Spec,
        model: ConceptVAE,
        horizon: Horizon,
        processes: Processes,
        done: int = 0,
    ) -> None:
        super().__init__()
        self.spec = spec
        self.model = model
        self.horizon = horizon
        self.processes = processes
        self.done = done
        self.objective = Objective(spec, model, mean=processes.mean)
        self._examples: Examples | None = None

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """The spec's optimiser over the model's parameters."""
        return make_optimizer(self.spec.training.optimizer, self.model.parameters())

    def on_train_batch_start(self, batch: Examples, batch_idx: int) -> None:
        """Set what depends on the step: the generator of the noise, the step's size."""
        seed = noise_seed(self.spec.training.seed, self.done)
        torch.default_generator.manual_seed(seed)
        if self.device.type != "cpu":
            torch.manual_seed(seed)  # a look at every device takes its time
        optimizer = self.trainer.optimizers[0]
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(self.spec.training, self.done, self.horizon)

    def training_step(self, batch: Examples, batch_idx: int) -> Tensor:
        """The loss of one step, in nats an example."""
        x = batch["x"]
        if self.spec.training.channels_last and x.ndim == 4:
            x = x.contiguous(memory_format=torch.channels_last)
        out = self.model(x, self._part(x))
        self.loss = self.objective(
            out, batch["factors"], batch["keys"], self.done, self.horizon
        )
        self._examples = batch
        return self.loss.total

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        """Clip the gradient, and stop before a number that is not finite is stepped on.

        Raises:
            NotFiniteError: The loss or its gradient is not finite in some process.
        """
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        norms = torch._foreach_norm(gradients)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
        self.gradient = norm = torch.stack(norms).square().sum().sqrt()
        finite = bool(torch.isfinite(self.loss.total.detach() + norm))
        if self.processes.any(int(not finite)):
            raise self._not_finite()
        # Not before: clipping would spread what is not finite over all gradients.
        clip = self.spec.training.clip
        if clip is not None:
            share = torch.clamp(clip * (norm + 1e-6).reciprocal(), max=1.0)
            torch._foreach_mul_(gradients, share)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]

    def _part(self, x: Tensor) -> Part:
        """Which part of the batch this process's share is."""
        return Part(self.processes.rank * len(x), self.processes.count * len(x))

    def _not_finite(self) -> NotFiniteError:
        """What ends the run, told while the model is still where it was trained."""
        assert self._examples is not None
        x, training = self._examples["x"], self.spec.training
        seed, part = noise_seed(training.seed, self.done), self._part(x)
        half = training.precision == "bf16"
        with torch.autocast(x.device.type, torch.bfloat16, enabled=half):
            place = find_first(self.model, x, seed, self.loss.terms, part)
        finite = bool(torch.isfinite(self.loss.total))
        return NotFiniteError(place, finite, self._examples, seed, part)


def noise_seed(seed: int, step: int) -> int:
    """Seed of torch's generator at a step, so that no state of it has to be kept."""
    digest = hashlib.blake2b(f"{seed}:{step}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
