"""The laws of semantics, asked of random models."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import dagspec
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec
from tests.laws import interventions, laws
from tests.laws.laws import BATCH, observations
from tests.laws.strategies import specs

Law = Callable[[ConceptVAE, Spec], None]


def build(spec: Spec) -> ConceptVAE:
    """A model with random weights everywhere, in double precision."""
    model = dagspec.build_model(spec).double().eval()
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for value in model.parameters():
            value.add_(0.1 * torch.randn(value.shape, generator=generator).double())
    return model


@pytest.mark.parametrize(
    "law", [*laws.LAWS, *interventions.LAWS], ids=lambda law: law.__name__
)
@settings(max_examples=40)
@given(spec=specs())
def test_law(law: Law, spec: Spec) -> None:
    law(build(spec), spec)


@settings(max_examples=30)
@given(spec=specs(), shuffle=st.integers(0, 2**16))
def test_order_of_declaration_decides_nothing_but_display(
    spec: Spec, shuffle: int
) -> None:
    latents = list(spec.latents)
    random.Random(shuffle).shuffle(latents)
    other = spec.model_copy(update={"latents": tuple(latents)})
    one, two = dagspec.build_model(spec).double(), dagspec.build_model(other).double()
    mine, theirs = one.state_dict(), two.state_dict()
    assert mine.keys() == theirs.keys()
    for key, value in mine.items():
        assert torch.equal(value, theirs[key]), key
    x, noise = observations(spec), one.eval().noise(BATCH)
    first, second = one(x, noise), two.eval()(x, noise)
    torch.testing.assert_close(first.elbo, second.elbo, rtol=0, atol=1e-10)
    for name, value in first.latents.items():
        torch.testing.assert_close(value, second.latents[name], rtol=0, atol=1e-10)
    assert list(second.latents) == [latent.name for latent in latents]


@settings(max_examples=30)
@given(spec=specs(), which=st.integers(0, 11))
def test_a_latents_width_changes_no_feature(spec: Spec, which: int) -> None:
    place = which % len(spec.latents)

    def weights(wider: int) -> dict[str, torch.Tensor]:
        chosen = spec.latents[place]
        other = chosen.model_copy(update={"dim": chosen.dim + wider, "label": ()})
        latents = (*spec.latents[:place], other, *spec.latents[place + 1 :])
        changed = spec.model_copy(update={"latents": latents})
        return dagspec.build_model(changed).state_dict()

    chosen, before, after = spec.latents[place], weights(0), weights(1)
    towers = [key for key in before if key.startswith(("encoder.", "decoder."))]
    assert towers
    assert [key for key in after if key.startswith(("encoder.", "decoder."))] == towers
    for key in towers:
        assert before[key].shape == after[key].shape, key
    changed = {k for k in before if before[k].shape != after[k].shape}
    assert changed
    if spec.inference.structure != "coupled":  # whose layers are as wide as its heads
        assert all(f".{chosen.name}." in key for key in changed), changed


@settings(max_examples=20)
@given(spec=specs(), extra=st.integers(1, 5))
def test_a_features_width_changes_no_latent(spec: Spec, extra: int) -> None:
    widths = tuple(width + extra * 8 for width in spec.widths)
    features = spec.features.model_copy(update={"widths": widths})
    before = dagspec.build_model(spec).state_dict()
    after = dagspec.build_model(
        spec.model_copy(update={"features": features})
    ).state_dict()
    own = [key for key in before if key.startswith(("mechanisms.", "heads."))]
    assert [key for key in after if key.startswith(("mechanisms.", "heads."))] == own
    for key in own:
        assert before[key].shape == after[key].shape, key
