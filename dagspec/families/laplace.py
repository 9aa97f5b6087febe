"""The Laplace distribution, independent a dimension."""

from __future__ import annotations

from dagspec.families.facts import Family, LatentFacts

LAPLACE = Family(
    name="laplace",
    summary="a real vector with heavier tails than a normal one",
    latent=LatentFacts(
        torch_class="Laplace",
        parameters=("mu", "log_scale"),
        combines=("independent", "residual"),
        symbol=r"\mathrm{Laplace}",
    ),
)
