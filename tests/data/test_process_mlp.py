"""The fixed random network: one to one, of unit scale, decided by its seed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dagspec.data import DataError
from dagspec.data.process.mlp import SLOPE, InjectiveMLP

SIZES = [(1, 20, (64, 64)), (3, 20, (64, 64)), (3, 20, (3,)), (5, 11, (40, 11, 30))]


def points(n: int, inputs: int, seed: int = 0):
    return 1.5 * np.random.default_rng(seed).standard_normal((n, inputs))


@pytest.mark.parametrize(("inputs", "outputs", "hidden"), SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_no_two_inputs_look_alike(inputs, outputs, hidden, seed):
    network = InjectiveMLP(inputs, outputs, hidden, seed)
    one = points(20_000, inputs)
    rng = np.random.default_rng(1)
    apart = 10 ** rng.uniform(-5, 0.5, (len(one), 1))
    other = one + apart * rng.standard_normal(one.shape)
    moved = np.linalg.norm(network(one) - network(other), axis=1)
    ratio = moved / np.linalg.norm(one - other, axis=1)
    assert ratio.min() > 0.1


@pytest.mark.parametrize(("inputs", "outputs", "hidden"), SIZES)
def test_every_weight_has_full_rank_and_is_well_conditioned(inputs, outputs, hidden):
    widths = (inputs, *hidden, outputs)
    layers = InjectiveMLP(inputs, outputs, hidden).layers
    for (weight, _), (before, after) in zip(layers, pairwise(widths), strict=True):
        assert weight.shape == (before, after)
        assert np.linalg.matrix_rank(weight) == min(before, after)
        assert np.linalg.cond(weight) < 10


def test_the_inputs_are_worked_out_from_the_outputs_layer_by_layer():
    # Where no layer narrows, every step has an inverse on what it makes.
    network = InjectiveMLP(3, 40, (8, 16))
    inputs = points(100, 3)
    values = network(inputs)
    for number, (weight, bias) in enumerate(reversed(network.layers)):
        if number:
            values = np.where(values < 0, values / SLOPE, values)
        values = (values - bias) @ np.linalg.pinv(weight)
    np.testing.assert_allclose(values, inputs, rtol=1e-8, atol=1e-10)


def test_outputs_have_unit_scale():
    x = InjectiveMLP(3, 20)(np.random.default_rng(7).standard_normal((50_000, 3)))
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=0.05)


def test_it_is_not_linear():
    z = np.random.default_rng(7).standard_normal((20_000, 3))
    x = InjectiveMLP(3, 20)(z)
    left = x - z @ np.linalg.lstsq(z, x, rcond=None)[0]
    assert left.var(axis=0).mean() > 0.2


def test_the_seed_and_the_sizes_decide_it_alone():
    z = points(50, 3)
    x = InjectiveMLP(3, 20, seed=4)(z)
    assert np.array_equal(InjectiveMLP(3, 20, seed=4)(z), x)
    assert not np.allclose(InjectiveMLP(3, 20, seed=5)(z), x)
    # As reviewed: data sets stay what they are from version to version.
    start = InjectiveMLP(2, 5, (8,))(np.array([[0.0, 0.0], [1.0, -1.0]]))[:, :3]
    reviewed = [[0.977366, -0.744452, -0.301852], [0.822696, 1.154185, -1.434312]]
    np.testing.assert_allclose(start, reviewed, atol=1e-5)


@pytest.mark.parametrize(
    ("inputs", "outputs", "hidden", "width"),
    [(3, 6, (64, 64), 6), (3, 20, (2,), 2), (3, 3, (64,), 3), (4, 20, (64, 8), 8)],
)
def test_a_layer_that_may_lose_something_is_refused(inputs, outputs, hidden, width):
    message = f"`mlp` of {inputs} variables narrows to {width}, where two"
    with pytest.raises(DataError, match=message) as caught:
        InjectiveMLP(inputs, outputs, hidden)
    assert f"have {2 * inputs + 1} numbers or more" in str(caught.value)


def test_widths_that_never_fall_need_be_no_wider_than_the_inputs():
    assert InjectiveMLP(3, 3, (3, 3))(points(4, 3)).shape == (4, 3)


def test_a_network_of_nothing_is_refused():
    with pytest.raises(DataError, match="`mlp` needs a variable"):
        InjectiveMLP(0, 20)
