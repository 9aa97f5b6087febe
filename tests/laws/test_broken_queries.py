"""The laws of interventions are asked of queries that break them, and must say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

import dagspec
from dagspec.nn import queries
from dagspec.nn.distributions.bernoulli import Bernoulli
from dagspec.nn.distributions.categorical import Categorical
from dagspec.nn.distributions.laplace import Laplace
from dagspec.nn.distributions.normal import Normal
from dagspec.nn.mechanisms import Mechanisms
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec
from tests.laws import interventions
from tests.laws.test_laws import build

TEXT = """
model broken
observe x: normal[3]
features { widths = [8, 6] }
latent a: normal[1]
latent k: categorical[3]
latent on: bernoulli[3]
latent b: normal[2]
latent l: laplace[2]
latent c: normal[1]
latent apart: normal[1]
a -> k
a -> on
a -> b
k -> l
b -> l
l -> c
"""


@pytest.fixture
def spec() -> Spec:
    return dagspec.parse(TEXT)


@pytest.fixture
def model(spec: Spec) -> ConceptVAE:
    return build(spec)


def test_the_sound_model_keeps_every_law(model: ConceptVAE, spec: Spec) -> None:
    for law in interventions.LAWS:
        law(model, spec)


def test_an_intervention_on_several_that_sets_one(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = model.mechanisms.sample
    monkeypatch.setattr(
        model.mechanisms,
        "sample",
        lambda noise, do: sample(noise, dict(list(do.items())[:1])),
    )
    with pytest.raises(AssertionError, match="is not set"):
        interventions.do_law(model, spec)


def test_an_intervention_that_nothing_follows(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = model.mechanisms.sample

    def still(noise: list[Tensor], do: Mapping[str, Tensor]) -> Any:
        plain, parameters = sample(noise, {})
        for name, value in do.items():
            plain[model.mechanisms.layout.slices[name]] = value
        return plain, parameters

    monkeypatch.setattr(model.mechanisms, "sample", still)
    with pytest.raises(AssertionError):
        interventions.do_law(model, spec)


def test_a_counterfactual_that_forgets_the_do(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "_fixed", lambda do, n, units: {})
    with pytest.raises(AssertionError, match="is not set"):
        interventions.counterfactual_law(model, spec)


def test_a_counterfactual_that_nothing_follows(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "followers", lambda priors, fixed: set())
    with pytest.raises(AssertionError, match="does not follow"):
        interventions.counterfactual_law(model, spec)


def test_a_counterfactual_that_children_alone_follow(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    def children(priors: Any, fixed: Any) -> set[str]:
        inputs = {n: set(p) for prior in priors for n, p in prior.parents.items()}
        return {n for n, p in inputs.items() if p & set(fixed)} - set(fixed)

    monkeypatch.setattr(queries, "followers", children)
    with pytest.raises(AssertionError, match="does not follow"):
        interventions.counterfactual_law(model, spec)


@pytest.mark.parametrize("redrawn", [False, True], ids=["its own noise", "new noise"])
def test_a_counterfactual_that_computes_everything_again(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch, redrawn: bool
) -> None:
    """With its own noise a value comes back, but not to the last bit."""
    everything = {latent.name for latent in spec.latents}
    monkeypatch.setattr(
        queries, "followers", lambda priors, fixed: everything - set(fixed)
    )
    if redrawn:
        monkeypatch.setattr(queries, "abduct", fresh)
    with pytest.raises(AssertionError, match=r"^do\(\{'\w+'\}\) moved "):
        interventions.counterfactual_law(model, spec)
    with pytest.raises(AssertionError, match=r"do\(\) of nothing"):
        interventions.twin_law(model, spec)


def fresh(
    mechanisms: Mechanisms, latents: Tensor, noise: Mapping[str, Tensor] | None
) -> list[Tensor]:
    """Noise that has nothing to do with the values."""
    del noise
    torch.manual_seed(0)
    return [
        prior.family.noise(
            (len(prior.parents), prior.family.dim, latents.shape[1]), latents
        )
        for prior in mechanisms.priors
    ]


def test_a_counterfactual_without_abduction(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "abduct", fresh)
    with pytest.raises(AssertionError, match=r"other noise|against its odds"):
        interventions.counterfactual_law(model, spec)
    with pytest.raises(AssertionError, match="the twin of"):
        interventions.twin_law(model, spec)


def test_an_abduction_from_the_posterior(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(z - mu_q)/sigma_q is the noise that q was sampled with, not that of p."""

    def of_q(
        mechanisms: Mechanisms, latents: Tensor, noise: Mapping[str, Tensor]
    ) -> list[Tensor]:
        return model._noise(mechanisms.priors, noise, latents.T)

    monkeypatch.setattr(queries, "abduct", of_q)
    with pytest.raises(AssertionError, match=r"other noise|against its odds"):
        interventions.counterfactual_law(model, spec)
    with pytest.raises(AssertionError, match="the twin of"):
        interventions.twin_law(model, spec)


@pytest.mark.parametrize("family", [Categorical, Bernoulli])
def test_noise_of_a_relaxed_family_that_is_drawn_again_untruncated(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch, family: type
) -> None:
    monkeypatch.setattr(
        family, "abduct", lambda self, parameters, value, fresh=None: fresh
    )
    name = {"Categorical": "k", "Bernoulli": "on"}[family.__name__]
    with pytest.raises(AssertionError, match=f"^the twin of {name} differs by 1"):
        interventions.twin_law(model, spec)
    with pytest.raises(AssertionError, match=f"{name} turned against its odds"):
        interventions.counterfactual_law(model, spec)


@pytest.mark.parametrize(
    ("family", "wrong"),
    [
        (Normal, lambda self, p, value, fresh=None: value - p[0]),
        (Laplace, lambda self, p, value, fresh=None: (value - p[0]) * p[1].exp()),
    ],
    ids=["a normal without its scale", "a laplace scaled twice"],
)
def test_a_wrong_abduction(
    model: ConceptVAE,
    spec: Spec,
    monkeypatch: pytest.MonkeyPatch,
    family: type,
    wrong: Callable[..., Tensor],
) -> None:
    monkeypatch.setattr(family, "abduct", wrong)
    with pytest.raises(AssertionError):
        interventions.counterfactual_law(model, spec)
    with pytest.raises(AssertionError):
        interventions.twin_law(model, spec)
