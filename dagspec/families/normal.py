"""The normal distribution with a diagonal covariance."""

from __future__ import annotations

from dagspec.families.facts import Family, LatentFacts, ObservedFacts

NORMAL = Family(
    name="normal",
    summary="a real vector; diagonal covariance",
    latent=LatentFacts(
        torch_class="Normal",
        parameters=("mu", "log_sigma"),
        combines=("independent", "residual", "precision"),
        symbol=r"\mathcal{N}",
    ),
    observed=ObservedFacts(torch_class="NormalLikelihood", options=("sigma",)),
)
