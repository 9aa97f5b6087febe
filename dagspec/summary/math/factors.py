"""p(x, z) and q(z | x): a line a concept, or a line a level where there are many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from dagspec.plan import Plan, PosteriorLevel, PriorLevel
from dagspec.summary.math.forms import form_of
from dagspec.summary.math.layout import Block, Equation, equation
from dagspec.summary.math.notation import factor, named, numbered
from dagspec.summary.phrases import names_text

_LIKELIHOODS: Mapping[str, tuple[str, ...]] = {
    "bernoulli": ("Π @bernoulli(π),", "π = logistic(g)"),
    "normal": ("Π @normal(g, σ²),",),
}
_FAITHFUL = (
    "The concepts that each posterior is given are its parents in a minimal faithful "
    "inverse of the graph (Webb et al. 2018, arXiv 1712.00287): what depends on one "
    "another given x is not taken apart."
)
ANY_PRIOR = "p(z_i | pa_i)"

_LevelT = TypeVar("_LevelT", PriorLevel, PosteriorLevel)
# A level, a concept of it and what that is given, to the line of its factor.
_Line = Callable[[_LevelT, str, Sequence[str]], Equation]


def likelihood(plan: Plan) -> str:
    """p(x | z)."""
    return factor("p", named(plan.observed.name), ["z"])


def prior_lines(plan: Plan, by_level: bool) -> list[Equation]:
    """p(z_i | parents) of every concept, or of every level."""
    return _lines(plan, plan.prior, by_level, "pa_i", _prior)


def posterior_lines(plan: Plan, by_level: bool) -> list[Equation]:
    """q(z_i | F_s, given) of every concept, or of every level.

    A head reads F_s by way of r_s; in a coupled network it is a part of d_g, and what
    the parents add.
    """
    index = "q" if plan.combine == "independent" else "h"

    def line(level: PosteriorLevel, of: str, given: Sequence[str]) -> Equation:
        form = form_of(level.family)
        source = _source(plan, level.reads, "r")
        outputs = form.outputs.replace("*", index)
        return Equation(
            factor("q", of, [*_source(plan, level.reads, "F"), *given]),
            (
                f"{form.distribution.replace('*', 'q')},",
                f"{outputs} = {_head(plan, level, source, given)}",
            ),
        )

    return _lines(plan, plan.posterior, by_level, "A_i", line)


def any_posterior(plan: Plan) -> str:
    """q(z_i | F_s, given) of a concept that is not named."""
    given = any(latent.given for latent in plan.latents)
    source = "d_g" if plan.bottom_up else "F_s"
    return factor("q", "z_i", [source, "A_i"] if given else [source])


def _source(plan: Plan, reads: int | None, letter: str) -> list[str]:
    """What of x a posterior is given, if anything."""
    if reads is None:
        return []
    return [numbered("d" if plan.bottom_up else letter, reads)]


def generative(plan: Plan, by_level: bool) -> Block:
    """p(x, z) and what each of its factors is."""
    lines = prior_lines(plan, by_level)
    factors = [f"Π_i {ANY_PRIOR}"] if by_level else [line.left for line in lines]
    feeding = [named(latent.name) for latent in plan.latents if latent.feeds]
    given = [likelihood(plan)]
    if not by_level:
        given = [factor("p", named(plan.observed.name), feeding)]
    joint = Equation(f"p({named(plan.observed.name)}, z)", (*given, *factors))
    remarks = [
        "A concept is a vector; formulas hold for each of its numbers. mlp[n] has a "
        f"hidden layer of n {plan.features.activation} units."
    ]
    if by_level:
        remarks.append("pa_i are the parents of z_i.")
    return Block("Model", (joint, _observation(plan), *lines), tuple(remarks))


def inference(plan: Plan, by_level: bool) -> Block:
    """q(z | x) and what each of its factors is."""
    lines = posterior_lines(plan, by_level)
    every = any_posterior(plan)
    factors = [f"Π_i {every}"] if by_level else [line.left for line in lines]
    whole = Equation(f"q(z | {named(plan.observed.name)})", tuple(factors))
    remarks: list[str] = []
    if plan.structure == "faithful":
        remarks.append(_FAITHFUL)
    if plan.bottom_up:
        remarks.append(
            "d_g is the layer of generation g; each concept has numbers of its own in "
            "it."
        )
    elif by_level:
        remarks.append("F_s is the stage that z_i is read from.")
    if by_level and "A_i" in every:
        remarks.append("A_i are the concepts that q of z_i is given.")
    return Block("Posterior", (whole, *lines), tuple(remarks))


def parameters(plan: Plan) -> Block:
    """From what networks put out to the parameters of each family."""
    learned = {level.family for level in plan.prior if not level.standard}
    equations: list[Equation] = []
    for family in dict.fromkeys(latent.family for latent in plan.latents):
        form = form_of(family)
        found = [link.replace("*", "p") for link in form.links if family in learned]
        if plan.combine == "independent":
            found += [link.replace("*", "q") for link in form.links]
        found += form.combined.get(plan.combine, ())
        equations += [equation(text, family) for text in found]
    remarks: list[str] = []
    if plan.combine != "independent":
        remarks.append(
            f"combine = {plan.combine}: q is made of the head, h, and the prior, p. A "
            "standard prior has the location 0, the scale 1, the logits 0."
        )
    return Block("Parameters", tuple(equations), tuple(remarks))


def _prior(level: PriorLevel, of: str, given: Sequence[str]) -> Equation:
    form = form_of(level.family)
    left = factor("p", of, given)
    if level.standard:
        return Equation(left, (form.standard.replace("#", str(level.dim)),))
    distribution = form.distribution.replace("*", "p")
    if not given:
        return Equation(left, (distribution,), "learned constants")
    outputs = form.outputs.replace("*", "p")
    network = f"{_network(level.hidden)}({', '.join(given)})"
    return Equation(left, (f"{distribution},", f"{outputs} = {network}"))


def _lines(
    plan: Plan,
    levels: Sequence[_LevelT],
    by_level: bool,
    others: str,
    line: _Line[_LevelT],
) -> list[Equation]:
    """The line of every concept in the order declared, or of every level."""
    if not by_level:
        found = {
            name: line(level, named(name), [named(other) for other in given])
            for level in levels
            for name, given in level.rows
        }
        return [found[latent.name] for latent in plan.latents]
    members: dict[Equation, list[str]] = {}
    for level in levels:
        given = any(inputs for _, inputs in level.rows)
        own = line(level, "z_i", [others] if given else [])
        members.setdefault(own, []).extend(level.names)
    return [
        replace(own, note="; ".join(filter(None, (own.note, names_text(names, 2)))))
        for own, names in members.items()
    ]


def _observation(plan: Plan) -> Equation:
    family = plan.observed.family
    right = _LIKELIHOODS.get(family, (f"@{family}(g)",))
    note = ""
    if family == "normal":
        sigma = plan.observed.sigma
        right += (f"σ = {sigma:g}" if sigma is not None else "log σ = 5·tanh(ρ/5)",)
        note = "" if sigma is not None else "a rho is learned for each channel"
    return Equation(likelihood(plan), right, note)


def _head(
    plan: Plan, level: PosteriorLevel, source: Sequence[str], given: Sequence[str]
) -> str:
    """What a head puts out, of what it reads of x and what it is given."""
    if not plan.bottom_up:
        return f"{_network(level.hidden)}({', '.join([*source, *given])})"
    added = [f"{_network(level.hidden)}({', '.join(given)})"] if given else []
    return " + ".join([*source, *added])


def _network(hidden: Sequence[int]) -> str:
    return f"mlp[{', '.join(map(str, hidden))}]" if hidden else "linear"
