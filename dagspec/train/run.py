"""One run, from a spec to its notes."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from dagspec.checkpoint import adopt
from dagspec.data import DataError, Source
from dagspec.heap import keep_freed_memory
from dagspec.objective import Horizon
from dagspec.runs import RunError
from dagspec.runs.record import State as RunState
from dagspec.spec import Spec
from dagspec.train.batches import as_tensors, label_columns
from dagspec.train.display import Display
from dagspec.train.failure import explain
from dagspec.train.fitting import fit
from dagspec.train.journal import Journal, go_on_command
from dagspec.train.keeper import Keeper
from dagspec.train.module import NotFiniteError
from dagspec.train.opening import Opened, adoption_lines, open_run, write_start
from dagspec.train.prepare import first_model, first_state, open_data, plan_length
from dagspec.train.processes import Processes, check_processes, find_processes
from dagspec.train.rhythm import make_rhythm
from dagspec.train.rows import columns_of
from dagspec.train.settings import Settings
from dagspec.train.stopping import StopRequest


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        state: `finished`, `stopped` from outside, or `failed`.
        code: What the process exits with: 0, 128 + the signal, or 1.
        step: Steps done.
        folder: The run's folder.
        reason: Why it ended, where that is not plain.
    """

    state: RunState
    code: int
    step: int
    folder: Path
    reason: str = ""


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
    source = open_data(spec, settings)
    planned = plan_length(spec, source)
    opened = open_run(spec, settings, processes)
    done = opened.start.step if opened.start else 0
    if done >= planned.steps:
        reason = f"all {done:,} steps were done before; --steps asks for more"
        return Outcome("finished", 0, done, settings.out, reason)
    keeper = _make_keeper(spec, settings, source, planned, opened, processes)
    keeper.display.start()
    try:
        with keeper.stop.listening():
            fit(keeper, source)
        state, code, reason = _ending(keeper)
    except NotFiniteError as error:
        state, code, reason = "failed", 1, explain(error, keeper, opened.folder)
    except (OSError, RunError, DataError) as error:
        state, code, reason = "failed", 1, str(error)
    except KeyboardInterrupt:
        state, code, reason = "stopped", 130, "a second Ctrl-C, so nothing was saved"
    finally:
        keeper.close()
    outcome = Outcome(state, code, keeper.module.done, settings.out, reason)
    _say_goodbye(outcome, keeper)
    return outcome


def _make_keeper(
    spec: Spec,
    settings: Settings,
    source: Source,
    planned: Horizon,
    opened: Opened,
    processes: Processes,
) -> Keeper:
    """Everything that the run needs, and on disk all that says what it is."""
    start, done = opened.start, opened.start.step if opened.start else 0
    # Percentages stay what they were of when the run began.
    horizon = Horizon(**start.record["horizon"]) if start else planned
    model = first_model(spec, source)
    remarks = list(opened.remarks)
    if opened.donor is not None:
        weights = opened.donor.part("average") or opened.donor.part("model")
        remarks += adoption_lines(adopt(model, weights))
    held_out = as_tensors(
        source.held_out(spec.training.validate_on), label_columns(spec)
    )
    display = Display(
        done, planned.steps, spec.training.batch, settings.quiet or not processes.first
    )
    for line in remarks:
        display.say(line)
    state = first_state(spec, model, horizon, processes, done)
    journal = None
    if processes.first:
        parameters = sum(p.numel() for p in model.parameters())
        write_start(opened, spec, settings, planned, parameters)
        columns = columns_of(state.row, model)
        sizes = start.record["sizes"] if start else None
        journal = Journal(opened.folder, spec, columns, sizes)
    rhythm = make_rhythm(spec.training, planned.steps, horizon)
    return Keeper(
        state, opened.start, rhythm, journal, held_out, display, StopRequest()
    )


def _ending(keeper: Keeper) -> tuple[RunState, int, str]:
    """State, exit code and reason of a run that came to the end of a step."""
    number = keeper.stop.signal
    if number:
        name = signal.Signals(number).name
        return "stopped", 128 + number, f"{name} after step {keeper.module.done:,}"
    if keeper.stale:
        since = keeper.state.best.since
        return "finished", 0, f"no better ELBO in {since} validations"
    return "finished", 0, ""


def _say_goodbye(outcome: Outcome, keeper: Keeper) -> None:
    """Write status and notes, and tell the user; a full disk is told, too."""
    journal, display = keeper.journal, keeper.display
    if journal is None:
        return
    try:
        journal.status(outcome.state, outcome.step, keeper.state.best, outcome.reason)
        journal.notes()
    except (OSError, RunError) as error:
        display.say(f"the notes could not be written: {error}")
    if outcome.code:
        ended = "stopped" if outcome.state == "stopped" else "error"
        display.say(f"{ended}: {outcome.reason}")
        display.say(
            f"the last checkpoint is of step {keeper.saved:,}; go on with\n"
            f"  {go_on_command(journal.folder)}"
            if keeper.saved
            else "there is no checkpoint yet"
        )
