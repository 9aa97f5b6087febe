from __future__ import annotations

import platform
import subprocess
import sys

import pytest

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


def test_another_c_library_is_left_alone(monkeypatch) -> None:
    from dagspec import heap

    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: object())
    assert not heap.keep_freed_memory()
