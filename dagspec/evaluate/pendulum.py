"""Whether moving the lamp leaves the pendulum alone, in the pendulum's own pixels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from dagspec.data import Batch
from dagspec.data.pendulum_scene import LAMP_RANGE, STEEPEST, pendulum_mask
from dagspec.evaluate.results import PendulumResult
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec

DATA = "pendulum"
TARGET = 0.02
_LAMP, _PENDULUM = "light_position", "pendulum_angle"
_SWINGS: Mapping[str, tuple[float, float]] = {
    _LAMP: LAMP_RANGE,
    _PENDULUM: (-STEEPEST, STEEPEST),
}
_PLACES = 9


def lamp_inside_mask(
    spec: Spec, model: ConceptVAE, batch: Batch, *, seed: int, examples: int = 50
) -> PendulumResult | None:
    """Variance that the lamp causes where the pendulum is, beside the pendulum's own.

    Of each example the counterfactual with the lamp at nine places from one end of its
    range to the other, and likewise with the pendulum. Every pixel's variance over the
    nine is weighted by the share of it that rod and ball cover in the example.

    Args:
        spec: What the model was built from.
        model: The model.
        batch: Examples of the pendulum.
        seed: Of the encodings.
        examples: How many of them are looked at.

    Returns:
        None if lamp and pendulum are not the only labels of two concepts.
    """
    concepts = {latent.label: latent.name for latent in spec.latents}
    lamp, pendulum = concepts.get((_LAMP,)), concepts.get((_PENDULUM,))
    if lamp is None or pendulum is None:
        return None
    x = batch.x[:examples]
    angles = batch.factors[_PENDULUM][:examples].astype(np.float64)
    mask = pendulum_mask(angles, x.shape[-1]).astype(np.float64)
    caused = {
        label: float((_variance(model, x, name, label, seed) * mask).sum())
        for name, label in ((lamp, _LAMP), (pendulum, _PENDULUM))
    }
    pixels = float(mask.sum())
    return PendulumResult(
        examples=len(x),
        lamp=caused[_LAMP] / pixels,
        pendulum=caused[_PENDULUM] / pixels,
        ratio=caused[_LAMP] / caused[_PENDULUM],
        target=TARGET,
    )


def _variance(
    model: ConceptVAE, x: NDArray[np.float32], name: str, label: str, seed: int
) -> NDArray[np.float64]:
    """Variance of every pixel over a full swing, all channels together, `(N, H, W)`."""
    images: list[NDArray[np.float64]] = []
    noise = model.noise(len(x), seed)
    with torch.no_grad():
        for place in np.linspace(*_SWINGS[label], _PLACES):
            setting = torch.full((len(x), 1), float(place))
            do = {name: setting}
            answer = model.counterfactual(torch.from_numpy(x), do, "label", noise)
            images.append(answer.x.double().cpu().numpy())
    return np.var(images, axis=0).sum(1)
