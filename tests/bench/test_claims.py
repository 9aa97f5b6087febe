from __future__ import annotations

import subprocess
import sys

from dagspec.bench.claims import measure_feeding, measure_handwritten, measure_wide
from dagspec.bench.process import processor_seconds, python


def test_a_wide_spec_is_held_to_three_targets() -> None:
    found = list(measure_wide(rounds=1, latents=24))
    assert [(each.target, each.unit) for each in found] == [
        (3.0, "s"),
        (60, "kB"),
        (2.0, "x"),
    ]


def test_the_handwritten_model_is_held_against_time_and_memory() -> None:
    found = list(measure_handwritten(rounds=1))
    assert [each.target for each in found] == [1.10, 1.15]


def test_memory_beside_the_handwritten_model_is_within_its_target() -> None:
    *_, memory = measure_handwritten(rounds=1)
    assert memory.reached


def test_feeding_has_to_be_fast_enough() -> None:
    found = list(measure_feeding(images=10, rounds=1))
    assert [(each.target, each.unit) for each in found] == [(5000, "images"), (5, "x")]
    assert all(each.at_least for each in found)
    assert found[1].reached  # it is a hundred times as fast


def test_a_child_process_takes_processor_time() -> None:
    before = processor_seconds()
    python(["-c", "sum(range(10**6))"])()
    assert processor_seconds() > before


def test_help_is_printed_without_measuring() -> None:
    command = [sys.executable, "-m", "dagspec.bench", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--train" in done.stdout
