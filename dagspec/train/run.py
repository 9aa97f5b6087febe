"""One run, from a spec to its notes."""

from __future__ import annotations

import signal

from dagspec.checkpoint import adopt
from dagspec.heap import keep_freed_memory
from dagspec.objective import Horizon
from dagspec.runs.record import State as RunState
from dagspec.spec import Spec
from dagspec.train.display import Display
from dagspec.train.ending import (
    FAILURES,
    Outcome,
    close_finished,
    nothing_left,
    say_goodbye,
    stale,
    words_of,
)
from dagspec.train.failure import explain
from dagspec.train.fitting import fit
from dagspec.train.journal import NOTHING_WRITTEN, Journal, go_on_command
from dagspec.train.keeper import Keeper
from dagspec.train.module import NotFiniteError
from dagspec.train.opening import (
    Opened,
    adoption_lines,
    open_run,
    replace_run,
    write_start,
)
from dagspec.train.prepare import Prepared, first_state, fit_labels, prepare
from dagspec.train.processes import Processes, check_processes, find_processes
from dagspec.train.rhythm import make_rhythm
from dagspec.train.rows import columns_of
from dagspec.train.settings import Settings
from dagspec.train.stopping import LeaveNow, StopRequest


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
    if opened.start is not None:
        reason = nothing_left(opened.start, spec, ready.planned.steps)
        if reason is not None:
            done = opened.start.step
            if processes.first:
                close_finished(opened.start, ready, spec, opened.folder, reason)
            display.say(_nothing_left(done, reason))
            return Outcome("finished", 0, done, settings.out, reason)
    keeper = _make_keeper(spec, settings, ready, opened, processes, display)
    display.start()
    try:
        with keeper.stop.listening():
            fit(keeper, ready.source)
        state, code, reason = _ending(keeper)
    except NotFiniteError as error:
        state, code, reason = "failed", 1, explain(error, keeper, opened.folder)
    except FAILURES as error:
        state, code, reason = "failed", 1, words_of(error)
    except LeaveNow:
        state, code, reason = "stopped", 130, "a second Ctrl-C, so nothing was saved"
    finally:
        keeper.close()
    outcome = Outcome(state, code, keeper.module.done, settings.out, reason)
    return say_goodbye(outcome, keeper)


def _nothing_left(done: int, reason: str) -> str:
    why = f": {reason}" if reason else ""
    more = "patience" if reason else "steps"
    return f"nothing is left to do after step {done:,}{why}; set more `{more}` to go on"


def _make_keeper(
    spec: Spec,
    settings: Settings,
    ready: Prepared,
    opened: Opened,
    processes: Processes,
    display: Display,
) -> Keeper:
    """Everything that the run needs, and on disk all that says what it is."""
    start, donor, model = opened.start, opened.donor, ready.model
    if donor is not None:
        adoption = adopt(model, donor.part("average") or donor.part("model"))
        fit_labels(model, spec, ready.source)
        for line in adoption_lines(adoption):
            display.say(line)
    # Percentages stay what they were of when the run began.
    horizon = Horizon(**start.record["horizon"]) if start else ready.planned
    state = first_state(spec, model, horizon, processes, start.step if start else 0)
    journal = None
    if processes.first:
        parameters = sum(p.numel() for p in model.parameters())
        about = (opened, spec, settings, ready.planned, parameters)
        if donor is None:
            write_start(*about)
        else:
            start = state.pack(state.module.configure_optimizers(), NOTHING_WRITTEN)
            display.say(replace_run(*about, start))
        columns = columns_of(state.row, model)
        sizes = start.record["sizes"] if start else None
        command = go_on_command(settings)
        journal = Journal(opened.folder, spec, columns, sizes, command)
    rhythm = make_rhythm(spec.training, ready.planned.steps, horizon)
    return Keeper(state, start, rhythm, journal, ready.held_out, display, StopRequest())


def _ending(keeper: Keeper) -> tuple[RunState, int, str]:
    """State, exit code and reason of a run that came to the end of a step."""
    number = keeper.stop.signal
    if number:
        name = signal.Signals(number).name
        return "stopped", 128 + number, f"{name} after step {keeper.module.done:,}"
    return "finished", 0, stale(keeper.state.best.since) if keeper.stale else ""
