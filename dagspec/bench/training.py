"""How well specs/dsprites.dag trains with what it says itself: Adam, batch, warm-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from dagspec.bench.claims import SPEC
from dagspec.bench.finding import Finding
from dagspec.bench.loop import PlainLoop
from dagspec.compiler import build_model, load
from dagspec.data import Batch, open_source
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import Horizon
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
    horizon = Horizon(max(targets), source.size / settings.batch)
    loop = PlainLoop(spec, build_model(spec), source, horizon)
    torch.manual_seed(settings.seed)
    test, losses = source.held_out(held_out), list[float]()
    while loop.done < horizon.steps:
        losses.append(-loop().elbo.item())
        if loop.done in targets:
            models = {"last": loop.model, "averaged": loop.average.model}
            for weights, model in models.items():
                claim = f"dsprites: -ELBO after {loop.done:,} steps, {weights} weights"
                nats = -_mean_elbo(model, test)
                yield Finding(claim, targets[loop.done], nats, "nats")
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
