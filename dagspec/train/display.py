"""What a person sees of a run while it runs, on standard error."""

from __future__ import annotations

import sys
from math import inf
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

_PAUSE = 0.2  # seconds between two looks at the loss, which waits for the device
_WINDOW = 5.0  # seconds that the speed is measured over


class Voice:
    """Lines on standard error.

    Args:
        quiet: Say nothing.
    """

    def __init__(self, quiet: bool) -> None:
        self.console = Console(stderr=True, quiet=quiet, highlight=False, emoji=False)

    def say(self, line: str) -> None:
        """Print a line, above the bar if there is one."""
        self.console.print(line, markup=False, soft_wrap=True)


class Display(Voice):
    """A progress bar on a terminal; elsewhere the lines of `say` alone.

    Args:
        done: Steps done before.
        steps: Steps in all.
        batch: Examples a step.
        quiet: Show nothing.
    """

    def __init__(self, done: int, steps: int, batch: int, quiet: bool) -> None:
        super().__init__(quiet)
        self._batch = batch
        self._looked, self._since = -inf, monotonic()
        self._from = done
        self._bar = Progress(
            MofNCompleteColumn(),
            BarColumn(),
            TextColumn("loss {task.fields[loss]:.2f}  KL {task.fields[kl]:.2f}"),
            TextColumn("{task.fields[speed]:.0f} images/s"),
            TimeRemainingColumn(),
            console=self.console,
            disable=quiet or not sys.stderr.isatty(),
        )
        self._task: TaskID = self._bar.add_task(
            "train", total=steps, completed=done, loss=0.0, kl=0.0, speed=0.0
        )

    def start(self) -> None:
        """Show the bar."""
        self._bar.start()

    def stop(self, done: int) -> None:
        """Leave the bar where the run is."""
        self._bar.update(self._task, completed=done)
        self._bar.stop()

    def due(self) -> bool:
        """Whether it is time to look at the loss again."""
        return not self._bar.disable and monotonic() - self._looked > _PAUSE

    def show(self, done: int, loss: float, kl: float) -> None:
        """Show how far the run is."""
        now = self._looked = monotonic()
        speed = (done - self._from) * self._batch / max(now - self._since, 1e-9)
        if now - self._since > _WINDOW:
            self._since, self._from = now, done
        self._bar.update(self._task, completed=done, loss=loss, kl=kl, speed=speed)
