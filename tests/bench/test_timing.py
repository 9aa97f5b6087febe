from __future__ import annotations

from itertools import count

import pytest

from dagspec.bench.timing import Timings, time_by_turns


def test_runs_take_turns() -> None:
    done: list[str] = []
    runs = {"a": lambda: done.append("a"), "b": lambda: done.append("b")}
    time_by_turns(runs, rounds=2, warmup=1)
    assert done == ["a", "b"] * 3


def test_warm_up_is_not_timed() -> None:
    ticks = count()
    timings = time_by_turns({"a": int}, rounds=4, warmup=2, clock=lambda: next(ticks))
    assert timings.seconds == {"a": [1, 1, 1, 1]}


def test_the_ratio_pairs_runs_of_one_round() -> None:
    # A noisy middle round hits both; the ratio of the medians would be 3.
    timings = Timings({"a": [1.0, 20.0, 3.0], "b": [1.0, 10.0, 1.0]})
    assert timings.ratio("a", "b") == 2.0


def test_the_median_is_over_rounds() -> None:
    assert Timings({"a": [1.0, 20.0, 3.0]}).median("a") == 3.0


def test_both_sides_need_as_many_rounds() -> None:
    with pytest.raises(ValueError, match="longer"):
        Timings({"a": [1.0], "b": [1.0, 2.0]}).ratio("a", "b")
