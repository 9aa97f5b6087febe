"""The lamp inside the pendulum's mask, for models that draw the scene themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dagspec.compiler import load
from dagspec.data import open_source
from dagspec.data.pendulum_scene import LAMP_RANGE, STEEPEST, render_pendulum
from dagspec.evaluate.pendulum import lamp_inside_mask
from dagspec.nn.output import Sample

SPEC = load(Path(__file__).parents[2] / "specs/pendulum.dag")


class Scene:
    """A model that knows what it sees; the lamp may drag the pendulum along."""

    def __init__(self, batch, drag: float = 0.0):
        self.factors = {n: v.astype(float) for n, v in batch.factors.items()}
        self.drag = drag

    def noise(self, n, seed=0):
        return {}

    def counterfactual(self, x, do, units, noise):
        assert units == "label"
        ((name, value),) = do.items()
        moved = {n: v[: len(x)] for n, v in self.factors.items()}
        moved[name] = value.numpy()[:, 0].astype(float)
        angle = moved["pendulum_angle"]
        if name == "light_position":
            middle = np.mean(LAMP_RANGE)
            share = (moved[name] - middle) / (LAMP_RANGE[1] - middle)
            angle = (1 - self.drag) * angle + self.drag * share * STEEPEST
        images = render_pendulum(angle, moved["light_position"])
        return Sample({}, torch.from_numpy(images))


def ask(batch, drag: float = 0.0, spec=SPEC):
    scene: Any = Scene(batch, drag)
    return lamp_inside_mask(spec, scene, batch, seed=0)


@pytest.fixture(scope="module")
def batch():
    return open_source("pendulum").held_out(6, "test")


def test_a_lamp_that_moves_alone_changes_nothing_in_the_mask(batch):
    found = ask(batch)
    assert found is not None
    assert found.examples == 6
    assert found.ratio == 0
    assert found.pendulum > 0.05
    assert found.target == 0.02


def test_a_lamp_that_swings_the_pendulum_counts_in_full(batch):
    found = ask(batch, 1.0)
    assert found is not None
    assert found.ratio == pytest.approx(1, abs=1e-6)


def test_a_lamp_that_drags_it_a_little_is_over_the_target(batch):
    ratios: list[float] = []
    for drag in (0.05, 0.1, 0.5):
        found = ask(batch, drag)
        assert found is not None
        ratios.append(found.ratio)
    assert 0.02 < ratios[0] < ratios[1] < ratios[2]


def test_without_concepts_for_both_there_is_no_answer(batch):
    latents = tuple(each.model_copy(update={"label": ()}) for each in SPEC.latents)
    spec = SPEC.model_copy(update={"latents": latents})
    assert ask(batch, spec=spec) is None
