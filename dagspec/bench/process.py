"""Whole processes, timed from start to end."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Sequence


def python(arguments: Sequence[str]) -> Callable[[], None]:
    """What runs this interpreter with `arguments` and waits for its end."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    return run


def processor_seconds() -> float:
    """Processor time of all ended child processes, in the program and the kernel.

    Unlike the wall's clock it does not run while other programs have the core.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
