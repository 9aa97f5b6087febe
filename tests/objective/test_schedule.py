"""Ramps, capacity and learning rate as functions of the step alone."""

from __future__ import annotations

import math

import pytest
import torch

import dagspec
from dagspec.objective import Horizon, beta_at, capacity_at, learning_rate
from dagspec.spec import Objective, Training

HORIZON = Horizon(steps=200, epoch=12.5)


def objective(text: str) -> Objective:
    head = "model m\nobserve x: normal[4]\nlatent z: normal[1]\n"
    return dagspec.parse(f"{head}objective {{ {text} }}\n").objective


def training(text: str) -> Training:
    head = "model m\nobserve x: normal[4]\nlatent z: normal[1]\n"
    return dagspec.parse(f"{head}training {{ {text} }}\n").training


@pytest.mark.parametrize(
    ("length", "steps"), [("50 steps", 50), ("4 epochs", 50), ("25%", 50)]
)
def test_beta_rises_evenly_in_any_unit(length: str, steps: int) -> None:
    asked = objective(f"beta = 4, warmup = linear({length})")
    found = [beta_at(asked, step, HORIZON) for step in range(200)]
    assert found == pytest.approx([4 * min(1, (t + 1) / steps) for t in range(200)])
    assert found[steps - 1] == 4


def test_a_cosine_rises_by_half_a_wave() -> None:
    asked = objective("beta = 2, warmup = cosine(10 steps)")
    found = [beta_at(asked, step, HORIZON) for step in range(12)]
    assert found[4] == pytest.approx(1)
    assert found[9:] == pytest.approx([2, 2, 2])
    assert found[1] == pytest.approx(2 * math.sin(math.pi * 0.2 / 2) ** 2)


def test_without_a_ramp_beta_is_there_from_the_start() -> None:
    assert beta_at(objective("beta = 0.5"), 0, HORIZON) == 0.5


def test_a_ramp_of_less_than_a_step_is_over_at_once() -> None:
    asked = objective("warmup = linear(0.1%)")
    assert beta_at(asked, 0, HORIZON) == 1


def test_the_first_planned_length_is_what_percentages_are_of() -> None:
    asked = objective("warmup = linear(50%)")
    assert beta_at(asked, 49, Horizon(100, 1.0)) == 1
    assert beta_at(asked, 49, Horizon(200, 1.0)) == 0.5


def test_a_capacity_moves_from_start_to_end() -> None:
    capacity = objective("capacity = linear(5, 25, 10 steps)").capacity
    assert capacity is not None
    found = [capacity_at(capacity, step, HORIZON) for step in range(13)]
    assert found == pytest.approx([*range(7, 26, 2), 25, 25, 25])


def test_a_capacity_may_fall() -> None:
    capacity = objective("capacity = linear(8, 2, 3 steps)").capacity
    assert capacity is not None
    found = [capacity_at(capacity, step, HORIZON) for step in range(4)]
    assert found == pytest.approx([6, 4, 2, 2])


def test_a_constant_rate_is_constant() -> None:
    asked = training("optimizer = adam(lr = 0.25)")
    assert {learning_rate(asked, step, HORIZON) for step in range(300)} == {0.25}


def test_a_rate_warms_up_from_zero() -> None:
    asked = training("optimizer = sgd(lr = 2), schedule = constant(warmup = 2%)")
    found = [learning_rate(asked, step, HORIZON) for step in range(6)]
    assert found == pytest.approx([0.5, 1, 1.5, 2, 2, 2])


def test_a_cosine_is_torchs() -> None:
    asked = training(
        "optimizer = adam(lr = 1e-2), schedule = cosine(warmup = 20 steps, "
        "final = 1e-4)"
    )
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-2)
    oracle = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 180, 1e-4)
    for step in range(20, 200):
        expected = optimizer.param_groups[0]["lr"]
        assert learning_rate(asked, step, HORIZON) == pytest.approx(expected)
        optimizer.step()
        oracle.step()
    assert learning_rate(asked, 9, HORIZON) == pytest.approx(5e-3)


def test_a_cosine_stays_at_its_end_if_the_run_goes_on() -> None:
    asked = training("schedule = cosine(final = 1e-4)")
    found = [learning_rate(asked, step, HORIZON) for step in (200, 201, 10_000)]
    assert found == [1e-4] * 3


def test_no_planned_step_stands_still() -> None:
    asked = training("schedule = cosine(warmup = 5%)")
    assert min(learning_rate(asked, step, HORIZON) for step in range(200)) > 0


def test_a_warm_up_as_long_as_the_run_is_one() -> None:
    asked = training("optimizer = adam(lr = 1), schedule = cosine(warmup = 100%)")
    assert learning_rate(asked, 99, HORIZON) == pytest.approx(0.5)
    assert learning_rate(asked, 199, HORIZON) == pytest.approx(1)
    assert learning_rate(asked, 200, HORIZON) == 0
