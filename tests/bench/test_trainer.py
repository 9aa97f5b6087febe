from __future__ import annotations

from dagspec.bench.trainer import measure_trainer


def test_steps_and_the_time_of_looking_are_held_to_their_targets() -> None:
    step, looking = measure_trainer(rows=3, row=1, pause=2)
    assert (step.target, step.unit) == (1.05, "x")
    assert (looking.target, looking.unit) == (10, "%")
    # A validation of a thousand images takes far longer than two steps; it is no
    # part of the first finding.
    assert looking.result > 50
    assert step.result < 3
