from __future__ import annotations

import torch

from dagspec.bench.memory import peak_bytes

KILO = 250  # floats in 1,000 bytes


def test_the_peak_counts_what_is_held_at_one_time() -> None:
    def run() -> None:
        held = torch.zeros(3 * KILO)
        for _ in range(5):
            torch.zeros(2 * KILO)
        del held

    assert peak_bytes(run) == 5000


def test_the_profiler_writes_nothing(capfd) -> None:
    peak_bytes(lambda: torch.zeros(KILO))
    assert capfd.readouterr() == ("", "")
