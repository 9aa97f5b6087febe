"""The tank: volumes, Torricelli's jet, and both as they are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dagspec.data import open_source
from dagspec.data.waterflow_scene import flow, render_waterflow, water_level

UNIT = 4  # pixels of a unit
BLUE, RED = (0.25, 0.55, 0.95), (0.70, 0.13, 0.13)


def share_of(images: Any, colour: tuple[float, ...]) -> Any:
    """Pixels of exactly this colour."""
    wanted = np.reshape(np.asarray(colour, np.float32), (3, 1, 1))
    return (np.abs(images - wanted) < 1e-6).all(1)


def test_no_water_is_lost():
    radius = np.linspace(0.5, 3.2, 12)
    pictures = render_waterflow(radius, 1.0, size=960)[:, :, :, 80:400]
    water = share_of(pictures, BLUE).sum((1, 2)) / 40**2
    assert water == pytest.approx(np.full(12, 64), rel=0.015)


@pytest.mark.parametrize(
    ("radius", "level"), [(0, 8), (2, 8 + np.pi / 2), (4, 8 + 2 * np.pi)]
)
def test_the_ball_raises_the_water_by_its_area(radius, level):
    assert water_level(radius)[0] == pytest.approx(level)


def test_any_ball_is_wholly_under_water():
    radius = np.linspace(0, 4, 100)
    assert (water_level(radius) >= 2 * radius).all()


@pytest.mark.parametrize(("hole", "level"), [(1, 9), (4, 12), (7, 8.4), (3.3, 10.1)])
def test_the_jet_lands_where_a_falling_drop_does(hole, level):
    x, y, across, down, dt = 0.0, hole, (2 * 9.81 * (level - hole)) ** 0.5, 0.0, 1e-5
    while y > 0:
        x, y, down = x + across * dt, y - down * dt, down + 9.81 * dt
    assert flow(hole, level)[0] == pytest.approx(x, rel=1e-3)


def test_a_hole_above_the_water_is_dry():
    assert flow([5, 5], [5, 4]).tolist() == [0, 0]
    picture = render_waterflow(1, 12)[0]
    assert not share_of(picture[None], BLUE)[0, :, 40:].any()


def test_the_drawn_jet_lands_as_far_as_its_factor_says():
    source = open_source("waterflow")
    batch = source.load(source.choose(0, 300, seed=0))
    blue: Any = np.any(batch.x[:, 0, 85:88, 42:] < 0.75, axis=1)  # above the ground
    last = 42 + blue.shape[1] - np.argmax(blue[:, ::-1], axis=1)
    reach = last / UNIT - 10.5
    assert np.abs(reach - batch.factors["waterflow"]).max() < 0.6
    assert np.corrcoef(reach, batch.factors["waterflow"])[0, 1] > 0.99


def test_the_drawn_jet_falls_on_its_parabola():
    picture = render_waterflow(3, 6, size=960)[0]
    level = water_level(3)[0]
    reach = flow(6, level)[0]
    for share in (0.2, 0.5, 0.8):
        column = round((10.5 + share * reach) * 40)
        wet = np.flatnonzero(picture[0, :880, column] < 0.5)
        assert 22 - (wet.mean() + 0.5) / 40 == pytest.approx(
            6 * (1 - share**2), abs=0.05
        )


def test_the_drawn_water_is_as_high_as_its_factor_says():
    source = open_source("waterflow")
    batch = source.load(source.choose(0, 200, seed=0))
    beside_the_ball = 1 - batch.x[:, 0, :88, 8].astype(float)
    height = beside_the_ball.sum(1) / (1 - BLUE[0]) / UNIT
    assert batch.factors["water_level"] == pytest.approx(height, abs=2e-3)


def test_the_drawn_ball_is_as_large_as_its_factor_says():
    radius = np.array([1, 2, 3.2])
    red = share_of(render_waterflow(radius, 5, size=960), RED).sum((1, 2)) / 40**2
    assert red == pytest.approx(np.pi * radius**2, rel=0.05)


def test_causes_are_uniform():
    source = open_source("waterflow")
    factors = source.load(source.choose(0, 5000, seed=0)).factors
    for name, low, high in (("ball_size", 1, 3.2), ("hole_position", 1, 7)):
        counts, _ = np.histogram(factors[name], 10, (low, high))
        assert counts.sum() == 5000
        assert counts == pytest.approx(500, rel=0.2)


def test_effects_follow_from_causes_in_every_batch():
    source = open_source("waterflow")
    factors = source.held_out(100).factors
    level = water_level(factors["ball_size"])
    jet = flow(factors["hole_position"], level)
    assert factors["water_level"] == pytest.approx(level, rel=1e-5)
    assert factors["waterflow"] == pytest.approx(jet, rel=1e-5)


def test_another_level_moves_the_jet_and_not_the_ball():
    low, high = render_waterflow(2, 3, water_level=[5, 15])
    balls = share_of(np.stack([low, high]), RED)
    assert np.array_equal(balls[0], balls[1])
    right = share_of(np.stack([low, high]), BLUE)[:, :, 42:]
    assert right[0].any(0).sum() < right[1].any(0).sum()


def test_another_jet_can_be_drawn_without_touching_the_tank():
    right, other = render_waterflow(2, 3)[0], render_waterflow(2, 3, waterflow=2)[0]
    assert np.array_equal(right[:, :, :42], other[:, :, :42])
    assert not np.array_equal(right, other)


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ((4.1, 5), r"ball_size 4\.1 is not in \[0, 4\]"),
        ((1, [5, 0]), r"hole_position 0 is not in \[0\.5, 15\.5\]"),
        ((1, 5, 16.5), r"water_level 16\.5 is not in \[0, 16\]"),
        ((1, 5, 8, float("nan")), r"waterflow nan is not in \[0, 24\]"),
    ],
)
def test_factors_outside_their_domain_are_refused(factors, message):
    with pytest.raises(ValueError, match=message):
        render_waterflow(*factors)
