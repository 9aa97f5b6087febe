"""How well specs/dsprites.dag trains with what it says itself: Adam, batch, warm-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from dagspec.bench.claims import SPEC
from dagspec.bench.finding import Finding
from dagspec.compiler import build_model, load
from dagspec.data import Batch, open_source
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import Average, Horizon, Objective, make_optimizer
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
    source = open_source(settings.data or "")
    model = build_model(spec)
    torch.manual_seed(settings.seed)
    objective = Objective(spec, model)
    horizon = Horizon(max(targets), source.size / settings.batch)
    optimizer = make_optimizer(settings.optimizer, model.parameters())
    average = Average(model, settings.ema or 0.0)
    test, losses = source.held_out(held_out), list[float]()
    for step in range(1, max(targets) + 1):
        chosen = source.choose(step - 1, settings.batch, settings.seed)
        batch = source.load(chosen)
        factors = {name: torch.from_numpy(own) for name, own in batch.factors.items()}
        out, keys = model(torch.from_numpy(batch.x)), torch.from_numpy(batch.keys)
        loss = objective(out, factors, keys, step - 1, horizon)
        optimizer.zero_grad()
        loss.total.backward()
        optimizer.step()
        average.update(step)
        losses.append(-loss.elbo.item())
        if step in targets:
            for weights, own in (("last", model), ("averaged", average.model)):
                claim = f"dsprites: -ELBO after {step:,} steps, {weights} weights"
                yield Finding(claim, targets[step], -_mean_elbo(own, test), "nats")
    claim = f"dsprites: worst mean of {window} steps after the ramp / lowest before it"
    yield Finding(claim, 1.1, worst_rise(losses[ramp:], window), "x")


def worst_rise(losses: Sequence[float], window: int) -> float:
    """Largest ratio of a mean of `window` losses in a row to the lowest mean before."""
    sums = np.cumsum([0.0, *losses])
    means = (sums[window:] - sums[:-window]) / window
    return float(np.max(means[1:] / np.minimum.accumulate(means)[:-1]))


def _ramp_steps(spec: Spec) -> int:
    warmup = spec.objective.warmup
    assert warmup is not None
    assert (warmup.shape, warmup.length.unit) == ("linear", "steps")
    return int(warmup.length.value)


@torch.no_grad()
def _mean_elbo(model: ConceptVAE, test: Batch) -> float:
    training = model.training
    model.eval()
    images: tuple[Tensor, ...] = torch.split(torch.from_numpy(test.x), 500)
    elbos = [model.elbo(x) for x in images]
    model.train(training)
    return torch.cat(elbos).mean().item()
