"""How each family is written: its parameters, its priors, its posteriors, its KL.

In these formulas `*` stands for the distribution that a symbol belongs to: p, q, or h
for a head that does not make q alone; `#` stands for the number of dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dagspec.families import FAMILIES


@dataclass(frozen=True)
class Form:
    """The formulas of one family.

    Attributes:
        outputs: What a mechanism or a head puts out.
        distribution: The distribution that it makes.
        links: From what is put out to the parameters of the distribution.
        standard: The fixed prior of a root.
        kl: The divergence of q from p; empty where it is not known.
        combined: How q is made of the head and the prior, by `combine`.
    """

    outputs: str
    distribution: str
    links: tuple[str, ...]
    standard: str
    kl: str = ""
    combined: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, "tuple[str, ...]"]
    )


FORMS: Mapping[str, Form] = {
    "normal": Form(
        outputs="(μ_*, ρ_*)",
        distribution="@normal(μ_*, σ_*²)",
        links=("log σ_* = 5·tanh(ρ_*/5)",),
        standard="@normal(0, 1)",
        kl="Σ [log(σ_p/σ_q) + (σ_q² + (μ_q − μ_p)²)/(2σ_p²) − ½]",
        combined={
            "residual": (
                "log σ_h = 5·tanh(ρ_h/5)",
                "μ_q = μ_p + μ_h",
                "σ_q = σ_p·σ_h",
            ),
            "precision": (
                "log σ_h = 5·tanh(ρ_h/5)",
                "σ_q⁻² = σ_p⁻² + σ_h⁻²",
                "μ_q = σ_q²·(μ_p·σ_p⁻² + μ_h·σ_h⁻²)",
            ),
        },
    ),
    "laplace": Form(
        outputs="(μ_*, ρ_*)",
        distribution="@laplace(μ_*, b_*)",
        links=("log b_* = 5·tanh(ρ_*/5)",),
        standard="@laplace(0, 1)",
        kl="Σ [log(b_p/b_q) + (b_q·exp(−∣μ_q − μ_p∣/b_q) + ∣μ_q − μ_p∣)/b_p − 1]",
        combined={
            "residual": (
                "log b_h = 5·tanh(ρ_h/5)",
                "μ_q = μ_p + μ_h",
                "b_q = b_p·b_h",
            )
        },
    ),
    "categorical": Form(
        outputs="η_*",
        distribution="@categorical(π_*)",
        links=("π_* = softmax(η_*)",),
        standard="@categorical(1/#)",
        kl="Σ π_q·(log π_q − log π_p)",
        combined={"residual": ("η_q = η_p + η_h", "π_q = softmax(η_q)")},
    ),
    "bernoulli": Form(
        outputs="η_*",
        distribution="@bernoulli(π_*)",
        links=("π_* = logistic(η_*)",),
        standard="@bernoulli(½)",
        kl="Σ [π_q·log(π_q/π_p) + (1 − π_q)·log((1 − π_q)/(1 − π_p))]",
        combined={"residual": ("η_q = η_p + η_h", "π_q = logistic(η_q)")},
    ),
}


def form_of(family: str) -> Form:
    """A family's formulas; of one without an entry, what its facts tell."""
    if family in FORMS:
        return FORMS[family]
    known = FAMILIES.get(family)
    facts = known.latent if known else None
    parameters = facts.parameters if facts else ()
    outputs = ", ".join(f"`{parameter}`_*" for parameter in parameters)
    zeros = ", ".join("0" for _ in parameters)
    return Form(f"({outputs})", f"@{family}({outputs})", (), f"@{family}({zeros})")
