"""The formulas of every family say what its code computes."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
import torch
from torch import Tensor

from dagspec.families import FAMILIES, Family, LatentFacts
from dagspec.nn.distributions.family import ConceptFamily
from dagspec.summary.math import forms
from dagspec.summary.math.forms import FORMS, form_of
from dagspec.summary.math.notation import to_latex, to_text

LATENT = [name for name, family in FAMILIES.items() if family.latent]
COMBINES = [(n, c) for n in FORMS for c in FORMS[n].combined]
DIM = 4
FUNCTIONS = {
    "log": torch.log,
    "exp": torch.exp,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "softmax": lambda value: torch.softmax(value, 0),
    "total": torch.sum,
}
PYTHON = (
    (r"∣(.+?)∣", r"(\1).abs()"),
    (r"^Σ \[(.*)\]$", r"total(\1)"),
    (r"^Σ (.*)$", r"total(\1)"),
    (r"⁻²", "**-2"),
    (r"²", "**2"),
    (r"·", "*"),
    (r"−", "-"),
    (r"½", "0.5"),
    (r"\b2(?=\w)", "2*"),
    (r"log ([\w]+)", r"log(\1)"),
)


def value(formula: str, known: dict[str, Tensor]) -> Tensor:
    """What a formula comes to."""
    for pattern, python in PYTHON:
        formula = re.sub(pattern, python, formula)
    return eval(formula, {**FUNCTIONS, **known})


def follow(equation: str, known: dict[str, Tensor]) -> None:
    """Add what an equation defines: a symbol, its logarithm or its precision."""
    left, _, right = equation.partition(" = ")
    result = value(right, known)
    if left.startswith("log "):
        left, result = left.removeprefix("log "), result.exp()
    if left.endswith("⁻²"):
        left, result = left.removesuffix("⁻²"), result**-0.5
    known[left] = result


def outputs(form: forms.Form, index: str, raw: Tensor) -> dict[str, Tensor]:
    """What a network puts out, by symbol."""
    symbols = form.outputs.replace("*", index).strip("()").split(", ")
    return dict(zip(symbols, raw.chunk(len(symbols)), strict=True))


def torch_family(name: str) -> ConceptFamily:
    facts = FAMILIES[name].latent
    assert facts is not None
    module: Any = import_module(f"dagspec.nn.distributions.{name}")
    return getattr(module, facts.torch_class)(DIM)


def raw(family: ConceptFamily, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 2 * torch.randn(family.outputs, generator=generator, dtype=torch.float64)


def columns(parameters: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(part.reshape(DIM, 1) for part in parameters)


def test_every_family_has_its_formulas():
    assert set(FORMS) == set(LATENT)


@pytest.mark.parametrize("name", LATENT)
def test_every_way_to_combine_has_its_formulas(name: str):
    facts = FAMILIES[name].latent
    assert facts is not None
    assert {"independent", *FORMS[name].combined} == set(facts.combines)


@pytest.mark.parametrize("name", LATENT)
def test_divergence_is_what_the_code_computes(name: str):
    family, form = torch_family(name), FORMS[name]
    known: dict[str, Tensor] = {}
    parameters: dict[str, tuple[Tensor, ...]] = {}
    for seed, index in enumerate("qp"):
        numbers = raw(family, seed)
        known |= outputs(form, index, numbers)
        for link in form.links:
            follow(link.replace("*", index), known)
        parameters[index] = columns(family.parameters(numbers[:, None]))
    expected = family.kl(parameters["q"], parameters["p"])
    assert value(form.kl, known).item() == pytest.approx(expected.item(), rel=1e-9)


@pytest.mark.parametrize(("name", "combine"), COMBINES)
def test_posterior_is_made_as_the_code_makes_it(name: str, combine: str):
    family, form = torch_family(name), FORMS[name]
    head, prior = raw(family, 0), raw(family, 1)
    known = {**outputs(form, "h", head), **outputs(form, "p", prior)}
    for link in form.links:
        follow(link.replace("*", "p"), known)
    for equation in form.combined[combine]:
        follow(equation, known)
    p = columns(family.parameters(prior[:, None]))
    q = getattr(family, combine)(p, head[:, None])
    # Random posteriors that differ differ in their divergence from p.
    expected = family.kl(columns(q), p)
    assert value(form.kl, known).item() == pytest.approx(expected.item(), rel=1e-9)


@pytest.mark.parametrize("name", LATENT)
def test_standard_prior_is_the_one_whose_parameters_are_zero(name: str):
    family, form = torch_family(name), FORMS[name]
    known = outputs(form, "p", torch.zeros(family.outputs, dtype=torch.float64))
    for link in form.links:
        follow(link.replace("*", "p"), known)
    arguments = re.findall(r"[\w/½²]+", form.distribution.replace("*", "p"))[1:]
    standard = form.standard.replace("#", str(DIM))
    for argument, number in zip(
        arguments, re.findall(r"[\d/½]+", standard), strict=True
    ):
        expected = torch.full((DIM,), float(value(number, {}))).double()
        torch.testing.assert_close(value(argument, known), expected)


def test_a_family_without_formulas_is_written_by_its_facts(
    monkeypatch: pytest.MonkeyPatch,
):
    facts = LatentFacts(
        "Exponential", ("log_rate",), ("independent",), symbol=r"\mathrm{Exp}"
    )
    new = {"exponential": Family("exponential", "positive", facts)}
    monkeypatch.setattr("dagspec.summary.math.forms.FAMILIES", new)
    monkeypatch.setattr("dagspec.summary.math.notation.FAMILIES", new)
    form = form_of("exponential")
    written = form.distribution.replace("*", "q")
    assert to_text(written) == "Exp(log_rate_q)"
    assert to_latex(written) == r"\mathrm{Exp}(\mathrm{log\_rate}_{q})"
    assert to_text(form.standard) == "Exp(0)"
