"""One run, from a spec to its notes."""

from __future__ import annotations

import signal
from dataclasses import replace

from dagspec.checkpoint import Checkpoint
from dagspec.data import DataError, Source
from dagspec.data.process.places import ProcessDataError
from dagspec.heap import keep_freed_memory
from dagspec.objective import Horizon, learning_rate
from dagspec.runs.record import State as RunState
from dagspec.spec import Spec
from dagspec.train.assembly import make_keeper
from dagspec.train.display import Display
from dagspec.train.ending import (
    FAILURES,
    Outcome,
    end_again,
    say_goodbye,
    stale,
    way_on,
    words_of,
)
from dagspec.train.failure import explain
from dagspec.train.fitting import fit
from dagspec.train.keeper import Keeper
from dagspec.train.module import NotFiniteError
from dagspec.train.opening import open_run
from dagspec.train.prepare import prepare
from dagspec.train.processes import check_processes, find_processes
from dagspec.train.settings import Settings
from dagspec.train.stopping import LeaveNow

_STILL = (
    "warning: the schedule that was planned first has come to a learning rate of 0, so "
    "nothing more will be learned; a new run, or --adopt, plans another"
)
_LEADS_THERE = (
    ". Going on as before would lead there again: mend the process, and train the "
    "mended file with --continue-training --adopt"
)


def train(spec: Spec, settings: Settings) -> Outcome:
    """Train a model, or go on training it.

    Args:
        spec: What to train, all settings included.
        settings: What the user asked for beside it.

    Returns:
        How it ended; a run that is stopped or fails on its way is no exception.

    Raises:
        ValueError: The run cannot start; one line or more say why.
        DagSpecError: The data is not what the spec says.
        OSError: A file cannot be written.
    """
    keep_freed_memory()
    processes = find_processes()
    check_processes(spec, processes)
    ready = prepare(spec, settings)
    opened = open_run(spec, settings, processes)
    processes.agree(opened.start.step if opened.start else 0)
    display = Display(
        opened.start.step if opened.start else 0,
        ready.planned.steps,
        spec.training.batch,
        settings.quiet or not processes.first,
    )
    for line in (*opened.remarks, ready.summary(spec)):
        display.say(line)
    over = end_again(opened.start, ready, spec, settings, processes.first)
    if over is not None:
        display.say(way_on(over))
        return over
    if opened.start is not None and _is_still(opened.start, spec):
        display.say(_STILL)
    keeper = make_keeper(spec, settings, ready, opened, processes, display)
    display.start()
    with keeper.stop.listening():
        outcome = _fit(keeper, ready.source, settings)
        try:
            return say_goodbye(outcome, keeper)
        except LeaveNow:
            reason = "a second Ctrl-C, so the notes are not of the end"
            return replace(outcome, code=130, reason=reason)


def _fit(keeper: Keeper, source: Source, settings: Settings) -> Outcome:
    """Make the steps; how that ended."""
    try:
        fit(keeper, source)
        state, code, reason = _ending(keeper)
    except NotFiniteError as error:
        state, code, reason = "failed", 1, explain(error, keeper, settings.out)
    except FAILURES as error:
        state, code, reason = "failed", 1, words_of(error)
        data = keeper.module.spec.training.data or ""
        if isinstance(error, DataError) and data.partition(":")[0] == "process":
            reason += f"{_written(error, settings, keeper.module.spec)}{_LEADS_THERE}"
    except LeaveNow:
        state, code, reason = "stopped", 130, "a second Ctrl-C, so nothing was saved"
    finally:
        keeper.close()
    return Outcome(state, code, keeper.module.done, settings.out, reason)


def _written(error: DataError, settings: Settings, spec: Spec) -> str:
    """Where the file says what fails in a process, as far as that is known."""
    cause = error if isinstance(error, ProcessDataError) else error.__cause__
    if settings.file is None or not isinstance(cause, ProcessDataError):
        return ""
    span = cause.place and cause.place.span(settings.file, spec.observed.name)
    if not span:
        return ""
    line, column = span.source.locate(span.start)
    return f" ({span.source.name}:{line}:{column})"


def _is_still(start: Checkpoint, spec: Spec) -> bool:
    """Whether a run goes on with steps of no length, at the end of its schedule."""
    horizon = Horizon(**start.record["horizon"])
    return learning_rate(spec.training, start.step, horizon) == 0


def _ending(keeper: Keeper) -> tuple[RunState, int, str]:
    """State, exit code and reason of a run that came to the end of a step."""
    number = keeper.stop.signal
    if number:
        name = signal.Signals(number).name
        return "stopped", 128 + number, f"{name} after step {keeper.module.done:,}"
    return "finished", 0, stale(keeper.state.best.since) if keeper.stale else ""
