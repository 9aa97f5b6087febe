"""The coupled network is what semantics.md says: d_g is what the heads put out."""

from __future__ import annotations

import pytest
import torch

import dagspec
from dagspec.nn.coupled import Coupled, CoupledHeads

TEXT = """\
model m
observe x: bernoulli[1, 8, 8]
features { widths = [8, 8], norm = none }
inference { structure = coupled, combine = COMBINE, hidden = [5] }
latent b, a: normal[2]
latent k: categorical[3]
latent c: laplace[1]
latent e: normal[1]
a -> c
k -> c -> e
"""


@pytest.fixture(params=["independent", "residual"])
def model(request):
    text = TEXT.replace("COMBINE", request.param)
    return dagspec.build_model(dagspec.parse(text), seed=1).eval().double()


def layers_by_hand(model, x):
    """d_leaf = W·h and d_g = W·tanh(d_g+1), from the weights alone."""
    net = model.readouts
    assert isinstance(net, Coupled)
    h = torch.nn.functional.silu(net.linear(model.encoder(x)[-1].flatten(1)))
    d2 = net.layers["2"](h)
    d1 = net.layers["1"](torch.tanh(d2))
    return {2: d2, 1: d1, 0: net.layers["0"](torch.tanh(d1))}


def test_roots_are_told_rows_of_the_last_layer_and_nothing_else(model):
    x = torch.rand(4, 1, 8, 8, dtype=torch.float64).round()
    d0 = layers_by_hand(model, x)[0]
    assert d0.shape == (4, 3 + 2 * 2 + 2 * 2)
    q = model(x).posterior
    # Levels are ordered by family: the class is first, then a and b, mu before rho.
    assert torch.allclose(q["k"].probs, d0[:, 0:3].softmax(-1))
    assert torch.allclose(q["a"].mean, d0[:, 3:5])
    assert torch.allclose(q["b"].mean, d0[:, 7:9])
    sigma = torch.exp(5 * torch.tanh(d0[:, 5:7] / 5))
    assert torch.allclose(q["a"].stddev, sigma)


def test_parents_add_to_the_layer_of_their_children(model):
    x = torch.rand(4, 1, 8, 8, dtype=torch.float64).round()
    heads = model.heads
    assert isinstance(heads, CoupledHeads)
    own = {
        name: rows
        for q, rows in zip(heads.posteriors, heads.rows, strict=True)
        for name in q.given
    }
    assert own["c"] == own["e"] == slice(0, 2)
    number = next(i for i, q in enumerate(heads.posteriors) if "c" in q.given)
    packed = torch.randn(1 + 3 + 2 + 2, 4, dtype=torch.float64)
    d1 = layers_by_hand(model, x)[1]
    added = heads.levels[number](packed)
    found = heads._outputs(number, model.readouts(model.encoder(x)), packed)
    assert torch.allclose(found, d1.T[None] + added)
    assert added.abs().max() > 0


def test_a_head_without_parents_has_no_parameters(model):
    own = {key.split(".")[1] for key in model.state_dict() if key.startswith("heads.")}
    assert own == {"c", "e"}
