"""A run put together: state, files and all that is done after a step."""

from __future__ import annotations

from dagspec.checkpoint import adopt
from dagspec.objective import Horizon
from dagspec.spec import Spec
from dagspec.train.display import Display
from dagspec.train.journal import NOTHING_WRITTEN, Journal, go_on_command
from dagspec.train.keeper import Keeper
from dagspec.train.opening import (
    Opened,
    adoption_lines,
    replace_run,
    write_start,
)
from dagspec.train.prepare import Prepared, first_state, fit_labels
from dagspec.train.processes import Processes
from dagspec.train.rhythm import make_rhythm
from dagspec.train.rows import columns_of
from dagspec.train.settings import Settings
from dagspec.train.stopping import StopRequest


def make_keeper(
    spec: Spec,
    settings: Settings,
    ready: Prepared,
    opened: Opened,
    processes: Processes,
    display: Display,
) -> Keeper:
    """Everything that the run needs, and on disk all that says what it is.

    Args:
        spec: What to train.
        settings: What the user asked for beside it.
        ready: What the run needs before it has a folder.
        opened: The folder, and where the run starts in it.
        processes: Who takes part.
        display: What a person sees.

    Raises:
        RunError: A file cannot be written.
        OSError: Likewise.
    """
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
