"""Sprites as training data: the whole grid in turn, and drawn with a bias."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.data import DataError, open_source
from dagspec.data import sprite_grid as grid
from dagspec.data.source import Split
from dagspec.data.sprite_sources import CorrelatedSprites
from dagspec.data.sprites import sprites_at


def classes_of(source, n: int, seed: int = 0) -> np.ndarray:
    return grid.classes_at(source.choose(0, n, seed))


def test_keys_are_places_in_the_grid():
    source = open_source("dsprites")
    batch = source.load(source.choose(2, 50, seed=0))
    frames = sprites_at(batch.keys)
    assert np.array_equal(batch.x[:, 0], frames.images)
    assert np.array_equal(batch.factors["shape"], frames.classes[:, grid.SHAPE])


def test_an_epoch_and_both_splits_are_the_grid():
    source = open_source("dsprites")
    index = np.arange(grid.COUNT)
    parts = grid.part_of(index)
    assert np.array_equal(np.sort(source.choose(0, source.size, 3)), index[parts == 0])
    splits: list[tuple[Split, int]] = [("validation", 1), ("test", 2)]
    for split, part in splits:
        found = set(source.held_out(400, split).keys)
        assert len(found) == 400
        assert found <= set(index[parts == part])
        assert np.mean(parts == part) == pytest.approx(1 / 32, rel=0.02)


def test_scales_are_exact():
    source = open_source("dsprites")
    values = grid.values_of(grid.classes_at(source.choose(0, source.size, 0)))
    for name in ("scale", "pos_x", "pos_y"):
        column = values[:, grid.NAMES.index(name)]
        assert source.scales[name] == pytest.approx((column.mean(), column.std()))


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_turns_are_as_often_drawn_as_their_probability_says(strength):
    source = CorrelatedSprites(strength)
    assert source.turns.sum(axis=1) == pytest.approx(np.ones(32))
    classes = classes_of(source, 200_000)
    x, turn = classes[:, grid.POS_X], classes[:, grid.ORIENTATION]
    counts = np.zeros((32, 40))
    np.add.at(counts, (x, turn), 1)
    assert np.abs(counts / 200_000 - source.turns / 32).max() < 2e-3


@pytest.mark.parametrize("strength", [0.0, 0.8, 1.0])
def test_scales_of_what_is_drawn_are_exact(strength):
    source = CorrelatedSprites(strength)
    values = grid.values_of(classes_of(source, 200_000))
    for name in ("scale", "pos_x", "pos_y"):
        column = values[:, grid.NAMES.index(name)]
        drawn = (column.mean(), column.std())
        assert source.scales[name] == pytest.approx(drawn, abs=2.5e-3)


def test_scales_feel_which_images_are_held_out():
    weights = CorrelatedSprites(1.0)
    assert weights.scales["scale"].mean != pytest.approx(0.75, abs=2e-4)
    drawn = grid.values_of(classes_of(weights, 400_000))[:, grid.SCALE].mean()
    assert weights.scales["scale"].mean == pytest.approx(drawn, abs=1e-3)


def test_independent_factors_are_uniform():
    classes = classes_of(open_source("dsprites"), 20_000)
    for column, size in enumerate(grid.SIZES):
        counts = np.bincount(classes[:, column], minlength=size)
        assert counts == pytest.approx(20_000 / size, rel=0.25)


def test_at_full_strength_the_position_determines_the_orientation():
    values = grid.values_of(classes_of(CorrelatedSprites(1.0), 500))
    turn = values[:, grid.ORIENTATION] / (2 * np.pi) - values[:, grid.POS_X]
    assert np.abs(turn - np.rint(turn)).max() <= 0.5 / 39 + 1e-6


def test_strength_bounds_how_far_the_orientation_strays():
    values = grid.values_of(classes_of(CorrelatedSprites(0.8), 5000))
    turn = values[:, grid.ORIENTATION] / (2 * np.pi) - values[:, grid.POS_X]
    stray = np.abs(turn - np.rint(turn)).max()
    assert 0.095 < stray <= 0.1 + 0.5 / 39 + 1e-6


def test_strength_leaves_the_other_factors_independent():
    classes = classes_of(CorrelatedSprites(0.8), 20_000)
    others = classes[:, [grid.SHAPE, grid.SCALE, grid.POS_X, grid.POS_Y]]
    related = np.corrcoef(others.T) - np.eye(4)
    assert np.abs(related).max() < 0.03


def test_what_is_drawn_is_never_held_out():
    source = CorrelatedSprites(0.8)
    for step in range(20):
        assert not grid.part_of(source.choose(step, 500, seed=0)).any()


def test_the_strength_is_the_argument():
    assert open_source("dsprites_correlated") == CorrelatedSprites(0.8)
    assert open_source("dsprites_correlated:0.25") == CorrelatedSprites(0.25)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("-0.1", r"strength -0\.1 is not in \[0, 1\]"),
        ("1.1", r"strength 1\.1 is not in \[0, 1\]"),
        ("nan", r"strength nan is not in \[0, 1\]"),
        ("much", "strength 'much' is not a number"),
    ],
)
def test_a_strength_outside_its_range_is_refused(argument, message):
    with pytest.raises(DataError, match=message):
        open_source(f"dsprites_correlated:{argument}")
