"""The categorical distribution over one-hot vectors."""

from __future__ import annotations

from dagspec.families.facts import Family, LatentFacts

CATEGORICAL = Family(
    name="categorical",
    summary="one of n classes, as a one-hot vector of n numbers",
    latent=LatentFacts(
        torch_class="Categorical",
        parameters=("logits",),
        combines=("independent", "residual"),
        relaxed=True,
        smallest=2,
        symbol=r"\mathrm{Cat}",
    ),
)
