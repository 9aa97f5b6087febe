"""Several runs side by side: what differs between them and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite
from statistics import fmean, stdev

from dagspec.diagnostic import Source
from dagspec.diagnostic.record import Json
from dagspec.runs.files import RunError
from dagspec.runs.folder import RunFolder
from dagspec.runs.record import Score
from dagspec.runs.run import Run, read_run
from dagspec.runs.settings import DATA, SEED, differing, settings_of
from dagspec.spec import NO_LIMITS, Spec, read

BEST, LAST, KL = "best ELBO", "last ELBO", "KL"


@dataclass(frozen=True)
class Contender:
    """One run of a comparison.

    Attributes:
        run: What its folder holds.
        name: What tells it from the others.
        settings: All its options, by dotted name.
        results: Numbers by name: ELBOs, KL, metrics of labels.
        collapsed: Concepts that are not in use.
    """

    run: Run
    name: str
    settings: Mapping[str, str]
    results: Mapping[str, float]
    collapsed: tuple[str, ...]

    @property
    def state(self) -> str:
        """`finished` and its like; `started` before anything is known."""
        return self.run.status.state if self.run.status else "started"

    @property
    def step(self) -> int:
        """Steps done."""
        return self.run.status.step if self.run.status else 0


@dataclass(frozen=True)
class Spread:
    """A number over several runs.

    Attributes:
        mean: Mean of those that have it.
        std: Standard deviation, n - 1 in the denominator; None of a single one.
        n: How many have it.
    """

    mean: float
    std: float | None
    n: int


@dataclass(frozen=True)
class Seeds:
    """Runs that differ in their seed alone.

    Attributes:
        runs: At least two.
        results: Spread of each of their numbers.
    """

    runs: tuple[Contender, ...]
    results: Mapping[str, Spread]


@dataclass(frozen=True)
class Comparison:
    """What `dagspec notes` says of several runs.

    Attributes:
        runs: Those that could be read, as they were given.
        settings: Names of the options in which they differ.
        seeds: Groups that differ in their seed alone.
        comparable: Whether an ELBO of one means the same in the others.
        damaged: What is wrong with the others, one line each.
    """

    runs: tuple[Contender, ...]
    settings: tuple[str, ...]
    seeds: tuple[Seeds, ...]
    comparable: bool
    damaged: tuple[str, ...]

    @property
    def results(self) -> tuple[str, ...]:
        """Names of the numbers that any of them has, in order."""
        names = (name for each in self.runs for name in each.results)
        return tuple(dict.fromkeys((BEST, LAST, KL, *names)))

    def record(self) -> dict[str, Json]:
        """The same as plain data; what is no number is null."""
        return {
            "settings": list(self.settings),
            "runs": [_record(each, self.settings) for each in self.runs],
            "seeds": [
                {
                    "runs": [each.name for each in group.runs],
                    "results": {
                        name: {"mean": _plain(s.mean), "std": s.std, "n": s.n}
                        for name, s in group.results.items()
                    },
                }
                for group in self.seeds
            ],
            "comparable": self.comparable,
            "damaged": list(self.damaged),
        }


def compare(folders: Sequence[RunFolder]) -> Comparison:
    """Read runs and find out in what they differ; the damaged ones are left out."""
    read_runs: list[tuple[Run, Spec]] = []
    damaged: list[str] = []
    for folder in folders:
        try:
            run = read_run(folder)
            read_runs.append((run, _spec(run)))
        except RunError as error:
            damaged.append(str(error))
    names = _names([run for run, _ in read_runs])
    runs = tuple(
        _contender(run, name, spec)
        for (run, spec), name in zip(read_runs, names, strict=True)
    )
    settings = differing([each.settings for each in runs])
    alike = {(spec.observed.family, spec.observed.shape) for _, spec in read_runs}
    comparable = len(alike) <= 1 and DATA not in settings
    seeds = tuple(_seeds(runs, settings))
    return Comparison(runs, settings, seeds, comparable, tuple(damaged))


def _spec(run: Run) -> Spec:
    path = run.folder.spec_file
    if run.spec is None:
        raise RunError(f"{path} is missing")
    reading = read(Source(str(path), run.spec), NO_LIMITS)
    if reading.spec is None:
        errors = [each for each in reading.diagnostics if each.severity == "error"]
        raise RunError(f"{path} is damaged: {errors[0].message}")
    return reading.spec


def _names(runs: Sequence[Run]) -> list[str]:
    """Names of the folders; their paths where two are the same."""
    names = [run.name for run in runs]
    if len({*names}) == len(names):
        return names
    return [str(run.folder.path) for run in runs]


def _contender(run: Run, name: str, spec: Spec) -> Contender:
    results: dict[str, float] = {}
    status = run.status
    if status is None:
        return Contender(run, name, settings_of(spec, run.record), results, ())
    for result, score in ((BEST, status.best), (LAST, status.last)):
        if score is not None:
            results[result] = score[1]
    if status.concepts:
        results[KL] = fsum(row.kl for row in status.concepts.values())
    results |= status.labels
    collapsed = tuple(key for key, row in status.concepts.items() if row.active == 0)
    return Contender(run, name, settings_of(spec, run.record), results, collapsed)


def _seeds(runs: Sequence[Contender], settings: Sequence[str]) -> Iterable[Seeds]:
    others = [name for name in settings if name != SEED]
    groups: dict[tuple[str | None, ...], list[Contender]] = {}
    for each in runs:
        key = tuple(each.settings.get(name) for name in others)
        groups.setdefault(key, []).append(each)
    for group in groups.values():
        if len({each.settings[SEED] for each in group}) > 1:
            names = dict.fromkeys(name for each in group for name in each.results)
            yield Seeds(tuple(group), {name: _spread(name, group) for name in names})


def _spread(name: str, group: Sequence[Contender]) -> Spread:
    values = [each.results[name] for each in group if name in each.results]
    if len(values) < 2 or not all(map(isfinite, values)):
        return Spread(sum(values) / len(values), None, len(values))
    return Spread(fmean(values), stdev(values), len(values))


def _record(each: Contender, settings: Sequence[str]) -> dict[str, Json]:
    status = each.run.status
    return {
        "name": each.name,
        "path": str(each.run.folder.path),
        "state": each.state,
        "step": each.step,
        "settings": {name: each.settings.get(name) for name in settings},
        "best": _score(status and status.best),
        "last": _score(status and status.last),
        "results": {name: _plain(value) for name, value in each.results.items()},
        "collapsed": list(each.collapsed),
    }


def _score(score: Score | None) -> Json:
    return None if score is None else {"step": score[0], "elbo": _plain(score[1])}


def _plain(value: float) -> float | None:
    return value if isfinite(value) else None
