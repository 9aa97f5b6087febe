"""Optimisers beside their published updates."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

import dagspec
from dagspec.objective import make_optimizer
from dagspec.spec import Optimizer

Update = Callable[[NDArray, list[NDArray]], NDArray]
START = np.array([1.0, -2.0, 0.5])
GRADIENTS = [np.array([0.3, -1.0, 2.0]), np.array([-0.1, 0.4, 1.0]), np.zeros(3)]


def optimizer(text: str) -> Optimizer:
    head = "model m\nobserve x: normal[4]\nlatent z: normal[1]\n"
    return dagspec.parse(
        f"{head}training {{ optimizer = {text} }}\n"
    ).training.optimizer


def adam(w: NDArray, gradients: list[NDArray]) -> NDArray:
    m = v = np.zeros(3)
    for t, gradient in enumerate(gradients, start=1):
        g = gradient + 0.1 * w
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        w = w - 0.01 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-3)
    return w


def adamw(w: NDArray, gradients: list[NDArray]) -> NDArray:
    m = v = np.zeros(3)
    for t, g in enumerate(gradients, start=1):
        w = w - 0.01 * 0.1 * w
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        w = w - 0.01 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-3)
    return w


def adamax(w: NDArray, gradients: list[NDArray]) -> NDArray:
    m = u = np.zeros(3)
    for t, gradient in enumerate(gradients, start=1):
        g = gradient + 0.1 * w
        m, u = 0.8 * m + 0.2 * g, np.maximum(0.95 * u, np.abs(g) + 1e-3)
        w = w - 0.01 * (m / (1 - 0.8**t)) / u
    return w


def sgd(w: NDArray, gradients: list[NDArray]) -> NDArray:
    v = np.zeros(3)
    for gradient in gradients:
        v = 0.7 * v + gradient + 0.1 * w
        w = w - 0.01 * v
    return w


@pytest.mark.parametrize("update", [adam, adamw, adamax, sgd])
def test_the_update_is_the_published_one(update: Update) -> None:
    moments = "eps = 1e-3, beta1 = 0.8, beta2 = 0.95"
    rest = "momentum = 0.7" if update is sgd else moments
    asked = optimizer(f"{update.__name__}(lr = 1e-2, weight_decay = 0.1, {rest})")
    weight = nn.Parameter(torch.tensor(START))
    made = make_optimizer(asked, [weight])
    for gradient in GRADIENTS:
        weight.grad = torch.tensor(gradient)
        made.step()
    np.testing.assert_allclose(
        weight.detach().numpy(), update(START, GRADIENTS), rtol=1e-9
    )


@pytest.mark.parametrize("name", ["adam", "adamw", "adamax", "sgd"])
def test_its_state_can_be_saved_and_taken_up(name: str) -> None:
    rest = ", momentum = 0.9" if name == "sgd" else ""
    asked = optimizer(f"{name}(lr = 1e-2{rest})")
    weight = nn.Parameter(torch.tensor(START))
    through = make_optimizer(asked, [weight])
    weight.grad = torch.tensor(GRADIENTS[0])
    through.step()
    other = nn.Parameter(weight.detach().clone())
    resumed = make_optimizer(asked, [other])
    resumed.load_state_dict(deepcopy(through.state_dict()))
    for each, own in ((through, weight), (resumed, other)):
        own.grad = torch.tensor(GRADIENTS[1])
        each.step()
    assert torch.equal(weight, other)
