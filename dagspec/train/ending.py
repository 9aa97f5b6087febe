"""The end of a run: its status, its notes, and what the user is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dagspec.checkpoint import Checkpoint
from dagspec.checkpoint.shelf import step_file
from dagspec.data import DataError
from dagspec.monitor import collapsed, measure
from dagspec.objective import label_metrics
from dagspec.runs import RunError, RunFolder, RunStatus
from dagspec.runs.record import State as RunState
from dagspec.spec import Spec
from dagspec.train.journal import concept_rows, draw_notes, go_on_command
from dagspec.train.keeper import Keeper
from dagspec.train.prepare import Prepared
from dagspec.train.settings import Settings
from dagspec.train.state import Best

# What a run can end with on its way that is nobody's mistake in the program.
FAILURES = (OSError, RunError, DataError)


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


def words_of(error: Exception) -> str:
    """What an error says; of one in a worker, without its traceback."""
    return str(error).rpartition("DataError: ")[2].strip()


def say_goodbye(outcome: Outcome, keeper: Keeper) -> Outcome:
    """Write status and notes, and tell the user.

    Returns:
        The outcome; a run whose notes cannot be written has failed.
    """
    journal, display = keeper.journal, keeper.display
    if journal is None:
        return outcome
    best, lost = keeper.state.best, ""
    try:
        more = further(keeper.module.spec, outcome)
        journal.status(outcome.state, outcome.step, best, outcome.reason, more)
        journal.notes(keeper.model, keeper.held_out["x"])
    except FAILURES as error:
        lost = str(error)
    if lost and not outcome.code:
        outcome = replace(outcome, state="failed", code=1, reason=lost)
        lost = ""
    for line in _farewell(outcome, keeper, lost):
        display.say(line)
    return outcome


def _farewell(outcome: Outcome, keeper: Keeper, lost: str) -> list[str]:
    """The last lines of a run.

    Args:
        outcome: How it ended.
        keeper: The run.
        lost: Why there are no notes; empty if there are.
    """
    journal = keeper.journal
    assert journal is not None
    folder = journal.folder
    notes = [f"there are no notes of it: {lost}" if lost else _notes(folder)]
    if not outcome.code:
        reason = f": {outcome.reason}" if outcome.reason else ""
        return [f"finished after {outcome.step:,} steps{reason}", *notes]
    word = "stopped" if outcome.state == "stopped" else "error"
    saved = (
        "there is no checkpoint yet"
        if keeper.saved is None
        else f"the last checkpoint is {step_file(folder.checkpoints, keeper.saved)}"
    )
    on = f"go on with\n  {journal.goes_on}"
    told = [] if outcome.state == "failed" and not lost else notes
    return [f"{word}: {outcome.reason}; {saved}", *told, on]


def _notes(folder: RunFolder) -> str:
    return f"the notes are in {folder.notes_file}"


def end_again(
    start: Checkpoint | None,
    prepared: Prepared,
    spec: Spec,
    settings: Settings,
    first: bool,
) -> Outcome | None:
    """End a run that had ended before, and whose end may not have been written.

    Args:
        start: The checkpoint that it would go on from; None at the beginning.
        prepared: What it needs.
        spec: What it is to go on with.
        settings: What the user asked for.
        first: Whether this process is the one that writes.

    Returns:
        How it had ended, with a reason if it was before its time; None if there is
        something left to do.

    Raises:
        RunError: Status or notes cannot be written.
    """
    if start is None:
        return None
    since, patience = start.record["best"]["since"], spec.training.patience
    over = start.step >= prepared.planned.steps
    if not over and (patience is None or since < patience):
        return None
    reason = "" if over else stale(since)
    outcome = Outcome("finished", 0, start.step, settings.out, reason)
    if first:
        _write_end(outcome, start, prepared, spec, settings)
    return outcome


def way_on(over: Outcome) -> str:
    """What to do with a run that has nothing left to do."""
    why = f": {over.reason}" if over.reason else ""
    more = "patience" if over.reason else "steps"
    done = f"nothing is left to do after step {over.step:,}{why}"
    return f"{done}; set more `{more}` to go on"


def further(spec: Spec, outcome: Outcome) -> str:
    """What makes a run that ended by itself go on, twice as long or as patient."""
    patience = spec.training.patience
    if outcome.state != "finished":
        return ""
    if outcome.reason and patience is not None:
        return f"--set training.patience={2 * patience}"
    return f"--steps {2 * outcome.step}"


def stale(since: int) -> str:
    """Why a run ends before its time."""
    return f"no better ELBO in {since} validations"


def _write_end(
    outcome: Outcome,
    start: Checkpoint,
    prepared: Prepared,
    spec: Spec,
    settings: Settings,
) -> None:
    """Write status and notes of a run that had ended, from its last checkpoint.

    It may have been killed, or the disk may have been full, before it could.

    Raises:
        RunError: They cannot be written.
    """
    folder, model, held_out = (
        RunFolder(outcome.folder),
        prepared.model,
        prepared.held_out,
    )
    model.load_state_dict(start.part("average") or start.part("model"))
    if not _is_written(folder, outcome):
        found = measure(
            model, held_out["x"], spec, held_out["factors"], labels=label_metrics
        )
        RunStatus(
            state=outcome.state,
            step=outcome.step,
            reason=outcome.reason,
            best=Best(**start.record["best"]).score,
            last=(outcome.step, found.elbo),
            concepts=concept_rows(spec, found),
            labels=found.labels,
            warnings=collapsed(found, spec),
            goes_on=f"{go_on_command(settings)} {further(spec, outcome)}",
        ).write(folder.status_file)
    draw_notes(folder, model, held_out["x"], spec)


def _is_written(folder: RunFolder, outcome: Outcome) -> bool:
    """Whether status.json is there and tells of this very end."""
    try:
        status = RunStatus.read(folder.status_file)
    except RunError:
        return False
    return (status.state, status.step) == (outcome.state, outcome.step)
