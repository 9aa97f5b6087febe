"""Examples as a model sees them, beside what the model itself says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dagspec.compiler import build_model, parse
from dagspec.evaluate.bounds import bounds, mean_with_interval
from dagspec.evaluate.encoding import encode
from dagspec.monitor import measure

SPEC = parse(
    """\
model m
observe x: normal[5]
latent a: normal[2]
latent k: categorical[3]
latent on: bernoulli[2]
latent l: laplace[1]
a -> k -> on
a -> l
"""
)


@pytest.fixture(scope="module")
def model():
    return build_model(SPEC, seed=3).eval()


@pytest.fixture(scope="module")
def x():
    return np.random.default_rng(0).standard_normal((600, 5)).astype(np.float32)


def test_every_unit_has_its_kl_and_they_add_up_to_the_models(model, x):
    found = encode(model, x, seed=0)
    units = {name: own.shape for name, own in found.kl.items()}
    assert units == {"a": (600, 2), "k": (600, 1), "on": (600, 2), "l": (600, 1)}
    part = torch.from_numpy(x[250:500])
    with torch.no_grad():
        out = model(part, model.noise(250, 1))
    for name, own in out.kl.items():
        told = found.kl[name][250:500].sum(1)
        assert told == pytest.approx(own.double().numpy(), rel=1e-4, abs=1e-5)
    assert found.elbo[250:500] == pytest.approx(out.elbo.numpy(), rel=1e-4)
    assert found.means["k"].shape == (600, 3)
    assert found.means["a"][250:500] == pytest.approx(out.posterior["a"].mean.numpy())


def test_the_elbo_is_the_one_that_training_validates(model, x):
    found = encode(model, x, seed=0)
    validated = measure(model, torch.from_numpy(x), SPEC)
    assert found.elbo.mean() == pytest.approx(validated.elbo, rel=1e-5)
    assert found.kl["a"].sum(1).mean() == pytest.approx(validated.kl["a"], rel=1e-5)


def test_bounds_are_in_order_and_in_units(model, x):
    encoded = encode(model, x, seed=0)
    found = bounds(model, x, encoded, seed=0, likelihood=100)
    loss = found.negative_elbo
    assert loss.value == pytest.approx(-encoded.elbo.mean())
    assert found.negative_log_prob.value + found.kl.value == pytest.approx(loss.value)
    assert found.bits_per_dim == pytest.approx(loss.value / (5 * np.log(2)))
    assert found.examples == 100
    tighter = found.negative_log_likelihood
    assert tighter is not None
    assert tighter.value < -encoded.elbo[:100].mean()
    again = bounds(model, x, encoded, seed=0, likelihood=100)
    assert again == found
    without = bounds(model, x, encoded, seed=0, likelihood=0)
    assert without.negative_log_likelihood is None
    assert without.examples == 0


def test_the_tighter_bound_leaves_the_global_generator_alone(model, x):
    encoded = encode(model, x, seed=0)
    state = torch.get_rng_state()
    bounds(model, x, encoded, seed=5, likelihood=10)
    assert torch.equal(torch.get_rng_state(), state)


def test_an_interval_is_that_of_a_mean():
    values = np.random.default_rng(0).normal(3, 2, 4000)
    found = mean_with_interval(values, 0)
    assert found.value == pytest.approx(values.mean(), rel=1e-12)
    half = 1.96 * values.std() / 4000**0.5
    assert found.low == pytest.approx(values.mean() - half, abs=0.01)
    assert found.high == pytest.approx(values.mean() + half, abs=0.01)
