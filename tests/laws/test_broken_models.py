"""Each law is asked of a model that breaks it, and must say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import dagspec
from dagspec.nn.distributions.categorical import Categorical
from dagspec.nn.distributions.normal import Normal
from dagspec.nn.packing import Layout
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec
from tests.laws import interventions, laws

TEXT = """
model broken
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8] }
latent a, b, c, d: normal[1]
latent k: categorical[3]
a -> b -> c
k -> c
a, b, c, k -> image
d -> a
"""
BATCH = laws.BATCH


@pytest.fixture
def spec() -> Spec:
    return dagspec.parse(TEXT)


@pytest.fixture
def model(spec: Spec) -> ConceptVAE:
    return dagspec.build_model(spec).double().eval()


def see(model: ConceptVAE, part: str, name: str, other: str) -> None:
    """Let a mechanism or a head look at `other` instead of its first parent."""
    owner = getattr(model, part)
    levels = owner.priors if part == "mechanisms" else owner.posteriors
    rows = [x.parents if part == "mechanisms" else x.given for x in levels]
    number = next(i for i, level in enumerate(rows) if name in level)
    block = owner.levels[number]
    row = list(rows[number]).index(name)
    layout: Layout = owner.layout
    block.index[row * block.width] = layout.slices[other].start


def test_the_sound_model_keeps_every_law(model: ConceptVAE, spec: Spec) -> None:
    for law in (*laws.LAWS, *interventions.LAWS):
        law(model, spec)


def test_a_mechanism_that_sees_a_stranger(model: ConceptVAE, spec: Spec) -> None:
    see(model, "mechanisms", "b", "d")
    with pytest.raises(AssertionError, match=r"p\(b\) "):
        laws.prior_law(model, spec)


def test_a_mechanism_that_ignores_its_parent(model: ConceptVAE, spec: Spec) -> None:
    with torch.no_grad():
        for key, value, _ in model.mechanisms.views():
            if key == "b.from.a.weight":
                value.zero_()
    with pytest.raises(AssertionError, match=r"p\(b\) does not depend on a"):
        laws.prior_law(model, spec)


def test_a_head_that_sees_a_stranger(model: ConceptVAE, spec: Spec) -> None:
    see(model, "heads", "b", "d")
    with pytest.raises(AssertionError, match=r"q\(b\) "):
        laws.posterior_law(model, spec)


def test_a_head_that_ignores_the_image(model: ConceptVAE, spec: Spec) -> None:
    with torch.no_grad():
        for key, value, _ in model.heads.views():
            if key == "d.readout.weight":
                value.zero_()
    with pytest.raises(AssertionError, match=r"q\(d\) does not depend on image"):
        laws.posterior_law(model, spec)


def test_a_concept_that_leaks_into_the_image(model: ConceptVAE, spec: Spec) -> None:
    writer: Any = model.writers["2"]
    writer.index[0] = model.mechanisms.layout.slices["d"].start
    with pytest.raises(AssertionError, match=r"p\(x\) "):
        laws.likelihood_law(model, spec)


def test_noise_that_depends_on_an_intervention(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = model.mechanisms.sample

    def shifted(noise: list[Tensor], do: dict[str, Tensor]) -> object:
        return sample([part + len(do) for part in noise], do)

    monkeypatch.setattr(model.mechanisms, "sample", shifted)
    with pytest.raises(AssertionError):
        interventions.do_law(model, spec)


def test_an_intervention_that_is_forgotten(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = model.mechanisms.sample
    monkeypatch.setattr(model.mechanisms, "sample", lambda noise, do: sample(noise, {}))
    with pytest.raises(AssertionError):
        interventions.do_law(model, spec)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda self, q, p: 2 * ((q[0] - p[0]) ** 2).sum(-2),
        lambda self, q, p: Normal.kl(self, p, q),
    ],
    ids=["another formula", "the wrong way round"],
)
def test_a_wrong_kl(
    model: ConceptVAE,
    spec: Spec,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Callable[..., Tensor],
) -> None:
    for kind in model.comparison.kinds:
        if isinstance(kind.family, Normal):
            monkeypatch.setattr(kind.family, "kl", lambda q, p: wrong(Normal(1), q, p))
    with pytest.raises(AssertionError):
        laws.elbo_law(model, spec)


def test_posteriors_beside_the_wrong_priors(model: ConceptVAE, spec: Spec) -> None:
    with torch.no_grad():
        model.comparison.rows[1:3] = model.comparison.rows[1:3].flip(0)
    with pytest.raises(AssertionError):
        laws.elbo_law(model, spec)


def test_relaxed_values_that_are_not_hard(
    model: ConceptVAE, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    def soft(
        self: Categorical, parameters: tuple[Tensor, ...], noise: Tensor
    ) -> Tensor:
        return torch.softmax(parameters[0] + noise, -2)

    monkeypatch.setattr(Categorical, "sample", soft)
    with pytest.raises(AssertionError):
        laws.one_hot_law(model, spec)
