"""The evidence lower bound, every divergence by the name of its concept."""

from __future__ import annotations

from collections.abc import Mapping

from dagspec.plan import Plan
from dagspec.summary.math.factors import (
    ANY_PRIOR,
    any_posterior,
    likelihood,
    posterior_lines,
    prior_lines,
)
from dagspec.summary.math.forms import form_of
from dagspec.summary.math.layout import Block, Equation, equation
from dagspec.summary.math.notation import named

_LOG_LIKELIHOODS: Mapping[str, str] = {
    "bernoulli": "Σ [X·log π + (1 − X)·log(1 − π)]",
    "normal": "−½·Σ [(X − g)²/σ² + 2·log σ + log(2π)]",
}


def divergence(name: str) -> str:
    """KL of one concept."""
    return f"KL_{named(name)}"


def bound(plan: Plan, by_level: bool) -> Block:
    """ELBO = E_q[log p(x | z) − Σ KL_i], and each of its terms."""
    x = named(plan.observed.name)
    log_p = f"log {likelihood(plan)}"
    equations = [
        Equation(f"log p({x})", ("ELBO",), relation="≥"),
        Equation("ELBO", (f"E_q[{log_p}", *_subtracted(plan, by_level))),
    ]
    formula = _LOG_LIKELIHOODS.get(plan.observed.family)
    if formula:
        equations.append(Equation(log_p, (formula.replace("X", x),)))
    equations += _divergences(plan, by_level)
    for family in dict.fromkeys(latent.family for latent in plan.latents):
        kl = form_of(family).kl
        equations += [Equation("KL(q ‖ p)", (kl,), family)] if kl else []
    return Block("Evidence lower bound", tuple(equations), tuple(_remarks(plan)))


def _subtracted(plan: Plan, by_level: bool) -> list[str]:
    if by_level:
        return ["− Σ_i KL_i]"]
    terms = [f"− {divergence(latent.name)}" for latent in plan.latents]
    return [*terms[:-1], f"{terms[-1]}]"]


def _divergences(plan: Plan, by_level: bool) -> list[Equation]:
    if by_level:
        return [equation(f"KL_i = KL({any_posterior(plan)} ‖ {ANY_PRIOR})")]
    return [
        Equation(divergence(latent.name), (f"KL({q.left} ‖ {p.left})",))
        for latent, q, p in zip(
            plan.latents,
            posterior_lines(plan, by_level),
            prior_lines(plan, by_level),
            strict=True,
        )
    ]


def _remarks(plan: Plan) -> list[str]:
    x = plan.observed.name
    remarks = [
        f"E_q is the mean over z from q(z | {x}). Sums and products without an index "
        f"run over the numbers of a concept or of {x}."
    ]
    relaxed = [level for level in plan.prior if level.temperature is not None]
    if relaxed:
        families = " and ".join(sorted({level.family for level in relaxed}))
        known = sorted({f"{level.temperature:g}" for level in relaxed})
        remarks.append(
            f"Values of {families} concepts are exactly 0 or 1; gradients go through "
            f"their relaxation at temperature {' or '.join(known)}. Divergences know "
            "nothing of it."
        )
    return remarks
