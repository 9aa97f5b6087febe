"""The order of a finite set: each example once an epoch, whatever step one asks for."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from dagspec.data.epochs import Epochs
from dagspec.data.streams import stream

SIZES = [(1, 1), (10, 3), (10, 10), (10, 64), (7, 1), (1000, 64)]


@pytest.mark.parametrize(("size", "n"), SIZES)
def test_each_example_comes_once_an_epoch(size, n):
    epochs, steps = Epochs(size), -(-3 * size // n)
    chosen = np.concatenate([epochs.choose(step, n, seed=4) for step in range(steps)])
    assert chosen.dtype == np.int64
    for epoch in range(3):
        found = chosen[epoch * size : (epoch + 1) * size]
        assert np.array_equal(np.sort(found), np.arange(size))


def test_every_epoch_has_an_order_of_its_own():
    epochs = Epochs(100)
    first, second = (epochs.choose(step, 100, seed=0) for step in range(2))
    assert not np.array_equal(first, second)


def test_every_seed_has_an_order_of_its_own():
    first, second = (Epochs(100).choose(0, 100, seed) for seed in (0, 1))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(("size", "n"), SIZES)
def test_a_step_is_the_same_whatever_came_before(size, n):
    epochs = Epochs(size)
    in_turn = [epochs.choose(step, n, seed=0) for step in range(40)]
    for step in (39, 0, 17):
        assert np.array_equal(Epochs(size).choose(step, n, seed=0), in_turn[step])


def test_two_seeds_by_turns_do_not_disturb_one_another():
    epochs = Epochs(50)
    by_turns = [(epochs.choose(s, 8, 0), epochs.choose(s, 8, 1)) for s in range(20)]
    for step, (zero, one) in enumerate(by_turns):
        assert np.array_equal(zero, Epochs(50).choose(step, 8, 0))
        assert np.array_equal(one, Epochs(50).choose(step, 8, 1))


def test_an_order_is_not_made_anew_at_every_step(monkeypatch):
    made = []

    def counted(*key):
        made.append(key)
        return stream(*key)

    monkeypatch.setattr("dagspec.data.epochs.stream", counted)
    epochs = Epochs(6400)
    for step in range(101):  # the last is of the next epoch
        epochs.choose(step, 64, seed=5)
    assert made == [("epoch", 5, 0), ("epoch", 5, 1)]


def test_orders_are_no_part_of_a_pickle():
    epochs = Epochs(100_000)
    before = epochs.choose(5, 64, seed=2)
    data = pickle.dumps(epochs)
    assert len(data) < 1000
    assert np.array_equal(pickle.loads(data).choose(5, 64, seed=2), before)


def test_no_more_than_two_orders_are_kept():
    epochs = Epochs(10)
    for step in range(100):
        epochs.choose(step, 7, seed=0)
    assert len(vars(epochs)["_orders"]) <= 2


def test_an_empty_set_is_refused():
    with pytest.raises(ValueError, match="an epoch needs an example, not 0"):
        Epochs(0)


def test_streams_of_different_uses_share_nothing():
    uses = [
        stream("epoch", 1, 2),
        stream("step", 1, 2),
        stream("step", 2, 1),
        stream("step", 1, 2 + 2**32),
        stream("step", 1 + 2**32, 2),
        stream("validation"),
        stream("test"),
        stream("epoch"),
        stream("step"),
    ]
    assert len({rng.integers(2**63) for rng in uses}) == len(uses)
