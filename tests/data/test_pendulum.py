"""The pendulum: its shadow by another way of reckoning, and as it is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.data import open_source
from dagspec.data.pendulum_scene import pendulum_mask, render_pendulum, shadow

UNIT, BOTTOM_ROW = 4, 91  # pixels of a unit; a row inside the strip of the shadow
CASES = [(0, 12), (36, 4), (-36, 4), (36, 20), (-20.5, 17.3), (12, 6.1), (80, 1)]


def traced(angle: float, lamp: float) -> tuple[float, float]:
    """Ends of the shadow: points of rod and rim projected on the ground, one by one."""
    turn = np.radians(angle)
    ball = np.array([12 + 8 * np.sin(turn), 10.5 - 8 * np.cos(turn)])
    along = np.linspace(0, 1, 50)[:, None]
    rod = np.array([12, 10.5]) * (1 - along) + ball * along
    around = np.linspace(0, 2 * np.pi, 20_001)
    rim = ball + 1.5 * np.stack([np.cos(around), np.sin(around)], axis=1)
    x, y = np.concatenate([rod, rim]).T
    ground = lamp + (x - lamp) * (20.5 - -0.5) / (20.5 - y)
    return float(ground.min()), float(ground.max())


@pytest.mark.parametrize(("angle", "lamp"), CASES)
def test_the_shadow_is_what_rays_say(angle, lamp):
    length, middle = shadow(angle, lamp)
    left, right = traced(angle, lamp)
    assert length[0] == pytest.approx(right - left, rel=1e-5)
    assert middle[0] == pytest.approx((left + right) / 2, abs=1e-5)


def test_a_mirrored_scene_has_a_mirrored_shadow():
    length, middle = shadow([-20, 20], [9, 15])
    assert length[0] == pytest.approx(length[1])
    assert middle.sum() == pytest.approx(24)


def test_the_drawn_shadow_is_as_long_as_its_factor_says():
    source = open_source("pendulum")
    batch = source.load(source.choose(0, 500, seed=0))
    dark = 1 - batch.x[:, 0, BOTTOM_ROW].astype(float)
    column = np.arange(96) + 0.5
    assert batch.factors["shadow_length"] == pytest.approx(dark.sum(1) / UNIT, abs=1e-3)
    middle = (dark * column).sum(1) / dark.sum(1) / UNIT
    assert batch.factors["shadow_position"] == pytest.approx(middle, abs=3e-3)


def test_every_shadow_of_the_data_set_is_inside_the_picture():
    angle, lamp = (each.ravel() for each in np.meshgrid([-36, 0, 36], [4, 12, 20]))
    length, middle = shadow(angle, lamp)
    assert (middle - length / 2).min() > 0
    assert (middle + length / 2).max() < 24


def test_causes_are_uniform_and_independent():
    source = open_source("pendulum")
    factors = source.load(source.choose(0, 5000, seed=0)).factors
    angle, lamp = factors["pendulum_angle"], factors["light_position"]
    for value, low, high in ((angle, -36, 36), (lamp, 4, 20)):
        counts, _ = np.histogram(value, 10, (low, high))
        assert counts.sum() == 5000
        assert counts == pytest.approx(500, rel=0.2)
    assert abs(np.corrcoef(angle, lamp)[0, 1]) < 0.05


def test_scales_are_those_of_many_draws():
    source = open_source("pendulum")
    angle = np.random.default_rng(0).uniform(-36, 36, 400_000)
    lamp = np.random.default_rng(1).uniform(4, 20, 400_000)
    length, middle = shadow(angle, lamp)
    drawn = {"pendulum_angle": angle, "light_position": lamp}
    drawn |= {"shadow_length": length, "shadow_position": middle}
    for name, value in drawn.items():
        mean, std = source.scales[name]
        assert mean == pytest.approx(value.mean(), abs=5 * std / 400_000**0.5)
        assert std == pytest.approx(value.std(), rel=5e-3)


def test_another_shadow_can_be_drawn_without_touching_the_rest():
    right = render_pendulum(10, 8)[0]
    other = render_pendulum(10, 8, shadow_length=2, shadow_position=5)[0]
    assert np.array_equal(right[:, :90], other[:, :90])
    dark = 1 - other[0, BOTTOM_ROW]
    assert np.flatnonzero(dark).tolist() == list(range(16, 24))


def test_the_mask_is_where_moving_the_pendulum_changes_the_picture():
    shared = {"shadow_length": 3, "shadow_position": 12}
    here, there = render_pendulum([-30, 30], 12, **shared)
    changed = np.abs(here - there).max(0) > 0
    mask = pendulum_mask([-30, 30])
    assert mask.shape == (2, 96, 96)
    assert not changed[(mask == 0).all(0)].any()
    assert changed[mask[0] != mask[1]].all()
    assert mask.sum((1, 2)) / UNIT**2 == pytest.approx(
        np.pi * 1.5**2 + 6.5 / 2, rel=0.05
    )


def test_a_larger_picture_shows_the_same():
    small, large = (render_pendulum(20, 7, size=size)[0] for size in (96, 192))
    halved = large.reshape(3, 96, 2, 96, 2).mean((2, 4))
    assert np.abs(small - halved).mean() < 2e-3


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ((91, 5), r"pendulum_angle 91 is not in \[-90, 90\]"),
        ((float("nan"), 5), r"pendulum_angle nan is not in"),
        ((0, [3, -1]), r"light_position -1 is not in \[0, 24\]"),
        ((0, 5, -1), r"shadow_length -1 is not in \[0, 48\]"),
        ((0, 5, 1, 50), r"shadow_position 50 is not in \[-24, 48\]"),
        (([[0]], 5), r"pendulum_angle must be a flat array, not of shape \(1, 1\)"),
    ],
)
def test_factors_outside_their_domain_are_refused(factors, message):
    with pytest.raises(ValueError, match=message):
        render_pendulum(*factors)


def test_no_factors_give_no_pictures():
    assert render_pendulum([], []).shape == (0, 3, 96, 96)
