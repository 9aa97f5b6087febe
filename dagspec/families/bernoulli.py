"""The Bernoulli distribution, independent a dimension."""

from __future__ import annotations

from dagspec.families.facts import Family, LatentFacts, ObservedFacts

BERNOULLI = Family(
    name="bernoulli",
    summary="zeros and ones, independent of one another",
    latent=LatentFacts(
        torch_class="Bernoulli",
        parameters=("logits",),
        combines=("independent", "residual"),
        relaxed=True,
        symbol=r"\mathrm{Bern}",
    ),
    observed=ObservedFacts(
        torch_class="BernoulliLikelihood", support="numbers from 0 to 1"
    ),
)
