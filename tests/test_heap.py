from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from dagspec import heap

FAULTS = """
import resource, sys
import numpy as np
from dagspec.heap import keep_freed_memory

assert keep_freed_memory()
def step():
    parts = [np.ones(2**20) for _ in range(4)]
    return len(parts)
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has mallopt")
def test_what_was_freed_needs_no_new_pages() -> None:
    command = [sys.executable, "-c", FAULTS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pages = 5 * 4 * 8 * 2**20 // 4096
    assert int(done.stdout) < pages / 10


class Allocator:
    """An allocator that takes no threshold of mmap above `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.options: dict[int, int] = {}

    def mallopt(self, option: int, value: int) -> int:
        if option == MMAP_THRESHOLD and value > self.most:
            return 0
        self.options[option] = value
        return 1


TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3


@pytest.mark.parametrize("most", [2**31 - 1, 2**25])
def test_it_asks_for_no_more_than_the_c_library_takes(monkeypatch, most) -> None:
    allocator = Allocator(most)
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: allocator)
    assert heap.keep_freed_memory()
    assert allocator.options == {MMAP_THRESHOLD: most, TRIM_THRESHOLD: 2**31 - 1}


def test_what_takes_no_threshold_of_mmap_keeps_its_own_ways(monkeypatch) -> None:
    # Either option alone would end the adaption of the other.
    allocator = Allocator(0)
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: allocator)
    assert not heap.keep_freed_memory()
    assert allocator.options == {}


def test_another_c_library_is_left_alone(monkeypatch) -> None:
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: object())
    assert not heap.keep_freed_memory()
