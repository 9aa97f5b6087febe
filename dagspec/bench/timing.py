"""Things timed by turns, so that what disturbs one disturbs the other alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Timings:
    """How long each of several things took, round by round.

    Attributes:
        seconds: One number a round, by name.
    """

    seconds: Mapping[str, Sequence[float]]

    def median(self, name: str) -> float:
        """Median of one thing's seconds."""
        return median(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """Median over rounds of name's seconds / other's seconds."""
        pairs = zip(self.seconds[name], self.seconds[other], strict=True)
        return median(own / beside for own, beside in pairs)


def time_by_turns(
    runs: Mapping[str, Callable[[], object]],
    rounds: int,
    warmup: int = 3,
    clock: Callable[[], float] = perf_counter,
) -> Timings:
    """Run A B A B … and time each run.

    Args:
        runs: What to run, by name.
        rounds: How often each is timed.
        warmup: How often each is run before.
        clock: Gives the present in seconds.
    """
    for _ in range(warmup):
        for run in runs.values():
            run()
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = clock()
            run()
            seconds[name].append(clock() - start)
    return Timings(seconds)
