"""scikit-learn's digits as a source."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from dagspec.data import DataError, open_source

load_digits = pytest.importorskip("sklearn.datasets").load_digits


def test_every_digit_is_in_one_part():
    source = open_source("digits")
    keys = [source.held_out(2000, part).keys for part in ("validation", "test")]
    keys.append(source.choose(0, source.size, 0))
    assert sorted(np.concatenate(keys)) == list(range(1797))


def test_images_and_digits_are_those_of_scikit_learn():
    real = load_digits()
    source = open_source("digits")
    rows = np.array([0, 77, 1796])
    batch = source.load(rows)
    assert np.array_equal(batch.x[:, 0] * 16, real.images[rows])
    assert np.array_equal(batch.factors["digit"], real.target[rows])


def test_grey_values_stay_grey():
    x = open_source("digits").held_out(50).x
    assert x.min() == 0
    assert x.max() == 1
    assert len(np.unique(x)) == 17


def test_an_epoch_has_each_training_example_once():
    source = open_source("digits")
    steps = -(-source.size // 64)
    rows = np.concatenate([source.choose(step, 64, 5) for step in range(steps)])
    assert len(set(rows[: source.size])) == source.size


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(DataError, match=r"pip install 'dagspec\[train\]'$"):
        open_source("digits")
