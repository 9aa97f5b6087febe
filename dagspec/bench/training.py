"""How well specs/dsprites.dag trains with what it says itself: Adam, batch, warm-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from dagspec.bench.claims import SPEC
from dagspec.bench.finding import Finding
from dagspec.compiler import build_model, load
from dagspec.data import DATASETS, Batch
from dagspec.nn.output import Output
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec

TARGETS: Mapping[int, float] = {1000: 105.0, 3000: 80.0}


def measure_training(
    targets: Mapping[int, float] = TARGETS, held_out: int = 5000, window: int = 100
) -> Iterator[Finding]:
    """-ELBO on held-out images after some steps, and whether training was calm.

    Args:
        targets: Most nats an image, by number of steps.
        held_out: Number of held-out images.
        window: Steps whose mean is compared with the means before.
    """
    spec = load(SPEC)
    settings, ramp = spec.training, _ramp_steps(spec)
    source = DATASETS[settings.data or ""].load()
    model, draws = build_model(spec), np.random.default_rng(settings.seed)
    torch.manual_seed(settings.seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.optimizer.lr)
    averaged = AveragedModel(model, avg_fn=_moving_average(settings.ema or 0.0))
    test, losses = source.held_out(held_out), list[float]()
    for step in range(1, max(targets) + 1):
        batch = source.draw(settings.batch, draws)
        out: Output = model(torch.from_numpy(batch.images))
        beta = spec.objective.beta * min(1.0, step / ramp)
        loss = beta * out.divergences.sum(0) - out.log_prob + _labels(spec, out, batch)
        optimizer.zero_grad()
        loss.mean().backward()
        optimizer.step()
        averaged.update_parameters(model)
        losses.append(-out.elbo.mean().item())
        if step in targets:
            mean = cast("ConceptVAE", averaged.module)
            for weights, chosen in (("last", model), ("averaged", mean)):
                claim = f"dsprites: -ELBO after {step:,} steps, {weights} weights"
                yield Finding(claim, targets[step], -_mean_elbo(chosen, test), "nats")
    claim = f"dsprites: worst mean of {window} steps after the ramp / lowest before it"
    yield Finding(claim, 1.1, worst_rise(losses[ramp:], window), "x")


def worst_rise(losses: Sequence[float], window: int) -> float:
    """Largest ratio of a mean of `window` losses in a row to the lowest mean before."""
    sums = np.cumsum([0.0, *losses])
    means = (sums[window:] - sums[:-window]) / window
    return float(np.max(means[1:] / np.minimum.accumulate(means)[:-1]))


def _moving_average(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """An exponential moving average that forgets the first weights faster."""

    def update(average: Tensor, latest: Tensor, count: Tensor | int) -> Tensor:
        share = max(1 - decay, 9 / (10 + int(count)))
        return torch.lerp(average, latest, min(share, 1.0))

    return update


def _ramp_steps(spec: Spec) -> int:
    warmup = spec.objective.warmup
    assert warmup is not None
    assert (warmup.shape, warmup.length.unit) == ("linear", "steps")
    return int(warmup.length.value)


def _labels(spec: Spec, out: Output, batch: Batch) -> Tensor:
    """-weight·log q(class | x), summed over the concepts that have labels, `(B,)`."""
    total = torch.zeros_like(out.log_prob)
    for latent in spec.latents:
        for column in latent.label:
            classes = torch.from_numpy(batch.factors[column])
            one_hot = F.one_hot(classes, latent.dim).to(total)
            total = total - latent.weight * out.posterior[latent.name].log_prob(one_hot)
    return total


@torch.no_grad()
def _mean_elbo(model: ConceptVAE, test: Batch) -> float:
    model.eval()
    images: tuple[Tensor, ...] = torch.split(torch.from_numpy(test.images), 500)
    elbos = [model.elbo(x) for x in images]
    model.train()
    return torch.cat(elbos).mean().item()
