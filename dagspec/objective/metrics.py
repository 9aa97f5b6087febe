"""How well concepts tell the labels that they are tied to."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.distributions import Distribution

from dagspec.nn.label_kinds import AngleLabel, RealLabel
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec


@torch.no_grad()
def label_metrics(
    spec: Spec,
    model: ConceptVAE,
    posterior: Mapping[str, Distribution],
    factors: Mapping[str, Tensor],
) -> dict[str, float]:
    """What the mean of q(z_i | x) says of the label, beside the label.

    Of a class `NAME.accuracy`, the share of examples whose likeliest class is the
    label's; of real labels `NAME.rmse`, over all columns and in their units, and
    `NAME.r2` = 1 - Σ(y - ŷ)²/Σ(y - mean y)², the mean over columns; of an angle
    `NAME.error`, the mean of |y - ŷ| the shorter way round, in the column's units.
    Missing labels are left out, and so is a metric that nothing is left for.

    Args:
        spec: Says which columns are the labels.
        model: Has the labels' scales.
        posterior: q(z_i | x) of B examples, by name.
        factors: A tensor `(B,)` a column; NaN, or -1 of a class, where missing.
    """
    found: dict[str, float] = {}
    for latent in spec.latents:
        if not latent.label:
            continue
        name, label = latent.name, model.labels.kind(latent.name)
        guess = model.labels.to_label(name, posterior[name].mean).double()
        y = torch.stack([factors[column] for column in latent.label], 1).double()
        if isinstance(label, RealLabel):
            found |= {f"{name}.{key}": v for key, v in _real(guess, y).items()}
        elif isinstance(label, AngleLabel):
            period = model.labels.constants_of(name).double().item()
            far = ((guess - y + period / 2).remainder(period) - period / 2).abs()
            found |= _mean(f"{name}.error", far, ~y.isnan())
        else:
            found |= _mean(f"{name}.accuracy", (guess == y).double(), y >= 0)
    return found


def _mean(key: str, value: Tensor, present: Tensor) -> dict[str, float]:
    """Mean of what is present, if anything is."""
    return {key: value[present].mean().item()} if present.any() else {}


def _real(guess: Tensor, y: Tensor) -> dict[str, float]:
    """Root mean squared error, and r² where the columns vary."""
    present = ~y.isnan()
    errors = (guess - y).square()
    found = _mean("rmse", errors, present)
    if found:
        found = {"rmse": found["rmse"] ** 0.5}
    shares: list[float] = []
    for column in range(y.shape[1]):
        own = y[present[:, column], column]
        if len(own) and own.max() > own.min():
            spread = (own - own.mean()).square().sum()
            left = errors[present[:, column], column].sum()
            shares.append((1 - left / spread).item())
    if shares:
        found["r2"] = sum(shares) / len(shares)
    return found
