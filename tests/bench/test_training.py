from __future__ import annotations

import pytest

from dagspec.bench.training import measure_training, worst_rise


def test_a_falling_loss_never_rises() -> None:
    assert worst_rise([8.0, 7.0, 6.0, 5.0], window=2) < 1


def test_a_bump_is_measured_from_the_lowest_mean_before() -> None:
    assert worst_rise([4.0, 2.0, 2.0, 3.0, 5.0, 1.0], window=2) == 2.0


def test_one_outlier_counts_as_part_of_its_window() -> None:
    assert worst_rise([1.0, 1.0, 1.0, 1.0, 3.0], window=4) == pytest.approx(1.5)


def test_every_target_is_measured(monkeypatch) -> None:
    monkeypatch.setattr("dagspec.bench.training._ramp_steps", lambda spec: 1)
    found = list(measure_training({2: 9999.0, 4: 1.0}, held_out=8, window=1))
    assert [finding.target for finding in found] == [9999.0, 9999.0, 1.0, 1.0, 1.1]
    assert [finding.reached for finding in found[:4]] == [True, True, False, False]
