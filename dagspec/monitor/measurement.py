"""What a model makes of held-out examples, in numbers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import TypeVar, cast

import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from dagspec.monitor.concepts import ConceptStats, KindSums
from dagspec.monitor.modes import evaluating
from dagspec.monitor.stages import StageStats, StageSums
from dagspec.nn.distributions.family import Parameters
from dagspec.nn.output import Output
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec

T = TypeVar("T")
Posterior = dict[str, Distribution]
Factors = Mapping[str, Tensor]
Labels = Callable[[Spec, ConceptVAE, Posterior, Factors], Mapping[str, float]]


@dataclass(frozen=True)
class Measurement:
    """Means over the examples that a model was measured on, in nats.

    Attributes:
        examples: How many they were.
        elbo: ELBO at one sample of z, at beta 1.
        log_prob: log p(x | z).
        kl: KL(q_i, p_i) by concept.
        active: How many units of each concept have a mean KL above 0.01 nats.
        concepts: Units, mu and sigma of every concept.
        stages: The features of the way up, the stage nearest the observed node first.
        labels: Metrics of labelled concepts, as they were given.
    """

    examples: int
    elbo: float
    log_prob: float
    kl: Mapping[str, float]
    active: Mapping[str, int]
    concepts: Mapping[str, ConceptStats]
    stages: tuple[StageStats, ...]
    labels: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def total_kl(self) -> float:
        """KL of all concepts together."""
        return sum(self.kl.values())


def measure(
    model: ConceptVAE,
    x: Tensor,
    spec: Spec,
    factors: Factors | None = None,
    *,
    labels: Labels | None = None,
    seed: int = 0,
    batch: int = 250,
) -> Measurement:
    """Measure a model on some examples.

    It is put in eval mode and back again. The noise hangs on the seed alone, so the
    same model, examples and size of a part give the same numbers to the last bit.

    Args:
        model: Any model.
        x: Examples `(B, *shape)`; they may lie in another memory than the model's.
        spec: What the model was built from.
        factors: Labels `(B,)` of the examples by column.
        labels: Metrics of labelled concepts, from the posteriors of all examples by
            name; asked only where there are factors.
        seed: Of the noise.
        batch: Examples that are looked at together, at most.

    Raises:
        ValueError: There are no examples.
    """
    if not len(x):
        raise ValueError("there are no examples to measure the model on")
    sums = _Sums(model, ceil(len(x) / batch), keep=bool(labels and factors))
    device = model.decoder.constant.device
    with evaluating(model), _watched(model.encoder, sums.add_features):
        for number, part in enumerate(torch.split(x, batch)):
            noise = model.noise(len(part), seed + number)
            sums.add(model(part.to(device), noise))
        metrics: Mapping[str, float] = {}
        if labels and factors:
            metrics = labels(spec, model, sums.posterior(), factors)
    return sums.measurement(metrics)


class _Sums:
    """Everything that is gathered, part by part."""

    def __init__(self, model: ConceptVAE, parts: int, keep: bool) -> None:
        self.comparison = model.comparison
        self.order = model.order
        self.kinds = [KindSums(kind) for kind in model.comparison.kinds]
        self.stages = [StageSums(parts) for _ in model.encoder.stages]
        self.examples = 0
        self.log_prob = 0.0
        self.kl: Tensor | float = 0.0
        self.keep = keep
        self.posteriors: list[list[Parameters]] = []

    def add_features(self, features: tuple[Tensor, ...]) -> None:
        for stage, own in zip(self.stages, features, strict=True):
            stage.add(own)

    def add(self, out: Output) -> None:
        self.examples += len(out.log_prob)
        self.log_prob += out.log_prob.double().sum().item()
        self.kl = self.kl + out.divergences.double().sum(1)
        for kind, q, p in zip(self.kinds, out.q, out.p, strict=True):
            kind.add(q, p)
        if self.keep:
            self.posteriors.append(list(out.q))

    def measurement(self, labels: Mapping[str, float]) -> Measurement:
        kl = cast("list[float]", (torch.as_tensor(self.kl) / self.examples).tolist())
        log_prob = self.log_prob / self.examples
        names = self.comparison.names
        active = [count for kind in self.kinds for count in kind.active()]
        stats = [own for kind in self.kinds for own in kind.stats()]
        return Measurement(
            examples=self.examples,
            elbo=log_prob - sum(kl),
            log_prob=log_prob,
            kl=self._by_name(dict(zip(names, kl, strict=True))),
            active=self._by_name(dict(zip(names, active, strict=True))),
            concepts=self._by_name(dict(zip(names, stats, strict=True))),
            stages=tuple(
                stage.stats(number) for number, stage in enumerate(self.stages, 1)
            ),
            labels=dict(labels),
        )

    def _by_name(self, found: Mapping[str, T]) -> dict[str, T]:
        return {name: found[name] for name in self.order}

    def posterior(self) -> Posterior:
        """q(z_i | x) of all examples, by name."""
        joined = [
            tuple(torch.cat(pieces, -1) for pieces in zip(*kind, strict=True))
            for kind in zip(*self.posteriors, strict=True)
        ]
        return self.comparison.distributions(joined, self.order)


@contextmanager
def _watched(
    module: nn.Module, look: Callable[[tuple[Tensor, ...]], None]
) -> Generator[None]:
    """Show `look` what the module puts out."""

    def hook(_module: object, _inputs: object, output: tuple[Tensor, ...]) -> None:
        look(output)

    handle = module.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()
