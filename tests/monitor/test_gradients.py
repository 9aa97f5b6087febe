"""How large the gradient is in each part."""

from __future__ import annotations

import math

import pytest
import torch

from dagspec.monitor import gradient_norms
from dagspec.nn.queries import ConceptVAE
from tests.monitor.models import images, small

PARTS = [
    "encoder.1",
    "encoder.2",
    "decoder.constant",
    "decoder.1",
    "decoder.2",
    "mechanisms",
    "heads",
    "readouts",
    "writers",
]


@pytest.fixture
def model() -> ConceptVAE:
    _, model = small()
    (-model(images(), model.noise(12)).elbo.mean()).backward()
    return model


def test_every_part_has_its_norm(model: ConceptVAE):
    norms = gradient_norms(model)
    assert list(norms) == PARTS
    for part, module in (
        ("encoder.2", model.encoder.stages["2"]),
        ("decoder.1", model.decoder.stages["1"]),
        ("heads", model.heads),
    ):
        grads = [p.grad.flatten() for p in module.parameters() if p.grad is not None]
        assert norms[part] == pytest.approx(torch.cat(grads).norm().item(), rel=1e-5)


def test_their_squares_add_up(model: ConceptVAE):
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    whole = torch.nn.utils.get_total_norm(grads).item()
    found = math.hypot(*gradient_norms(model).values())
    assert found == pytest.approx(whole, rel=1e-5)


def test_what_has_no_gradient_is_left_out(model: ConceptVAE):
    for parameter in model.mechanisms.parameters():
        parameter.grad = None
    assert "mechanisms" not in gradient_norms(model)


def test_before_a_backward_pass_there_is_nothing():
    assert gradient_norms(small()[1]) == {}


def test_a_learned_sigma_is_a_part():
    _, model = small(("bernoulli[1, 8, 8]", "normal[1, 8, 8]"))
    model(images()).elbo.mean().backward()
    assert gradient_norms(model)["observation"] > 0
