"""The folder of a run: made for a new one, or opened to go on."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dagspec.atomic import flush_folder
from dagspec.checkpoint import Adoption, Checkpoint, Shelf
from dagspec.compiler import parse
from dagspec.emission import emit
from dagspec.objective import Horizon
from dagspec.plan import lower
from dagspec.runs import RunFolder, RunRecord
from dagspec.runs.files import write_file
from dagspec.spec import NO_LIMITS, Spec, differences, write_spec
from dagspec.train.environment import machine, versions
from dagspec.train.processes import Processes
from dagspec.train.settings import Settings, TrainError


@dataclass(frozen=True)
class Opened:
    """A run's folder, and where the run starts in it.

    Attributes:
        folder: The folder.
        start: The checkpoint to go on from; None at the beginning.
        donor: A checkpoint of another spec, whose parts are to be taken over.
        remarks: What the user should know of it.
    """

    folder: RunFolder
    start: Checkpoint | None = None
    donor: Checkpoint | None = None
    remarks: tuple[str, ...] = ()


def open_run(spec: Spec, settings: Settings, processes: Processes) -> Opened:
    """The folder that the settings ask for; no file in it is changed yet.

    Raises:
        RunError: The folder is another's, or cannot be read.
        TrainError: The run in it cannot go on.
    """
    folder = RunFolder(settings.out)
    if not settings.continue_training:
        if processes.first:
            RunFolder.create(folder.path)
        return Opened(folder)
    if processes.first and not folder.content():
        _finish_replacing(folder)
    if not folder.content():
        return Opened(folder, remarks=("there is no run yet: this starts one",))
    RunFolder.open(folder.path)
    start, damaged = Shelf(folder.checkpoints).newest()
    remarks = tuple(f"passed over: {error}" for error in damaged)
    if start is None:
        if damaged:
            raise TrainError(f"no checkpoint is whole: {'; '.join(map(str, damaged))}")
        return Opened(folder, remarks=("no checkpoint yet: starting anew",))
    changes = differences(parse(start.spec, limits=NO_LIMITS), spec)
    bound = [change.text for change in changes if not change.free]
    if bound and not settings.adopt:
        listed = "".join(f"\n  - {text}" for text in bound)
        own = f"dagspec train {shlex.quote(str(folder.path))} --continue-training"
        raise TrainError(
            f"the spec is not the one that {folder.path} was trained with:{listed}\n"
            "Start a new run with another --out, add --adopt to take over every weight "
            f"that still fits, or go on with the run's own spec:\n  {own}"
        )
    if bound and processes.count > 1:
        raise TrainError(
            "--adopt is for one process: begin the new run without torchrun, stop it, "
            "and go on with several"
        )
    if bound and Path.cwd().is_relative_to(folder.path.resolve()):
        raise TrainError("--adopt moves the folder aside: call it from outside of it")
    if bound:
        return Opened(folder, donor=start, remarks=remarks)
    remarks += tuple(f"changed: {change.text}" for change in changes)
    remarks += (f"going on after step {start.step:,}",)
    return Opened(folder, start, remarks=remarks)


def write_start(
    opened: Opened, spec: Spec, settings: Settings, horizon: Horizon, parameters: int
) -> None:
    """Write what a run is, in the place of what was there.

    Args:
        opened: The run's folder.
        spec: What is trained.
        settings: What the user asked for.
        horizon: Planned length.
        parameters: Learned numbers of the model.

    Raises:
        RunError: A file cannot be written.
        OSError: Likewise.
    """
    folder = opened.folder
    if opened.start is None and not folder.content():
        RunFolder.create(folder.path)
    if opened.start is not None:
        record = RunRecord.read(folder.record_file)
        changed = {**record.settings, **settings.changed}
        update = {"steps": horizon.steps, "settings": changed}
        record = record.model_copy(update=update)
    else:
        record = RunRecord(
            name=spec.name,
            description=spec.description,
            data=spec.training.data or "",
            seed=spec.training.seed,
            batch=spec.training.batch,
            steps=horizon.steps,
            epoch=horizon.epoch,
            parameters=parameters,
            command=settings.command,
            versions=versions(),
            machine=machine(),
            settings=dict(settings.changed),
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )
    # The record comes first: a folder without it holds no run to go on with.
    record.write(folder.record_file)
    write_file(folder.spec_file, write_spec(spec).encode())
    write_file(folder.module_file(spec.name), emit(lower(spec)).encode())


def replace_run(
    opened: Opened,
    spec: Spec,
    settings: Settings,
    horizon: Horizon,
    parameters: int,
    first: Checkpoint,
) -> str:
    """Put a run that begins with a checkpoint in the place of one of another spec.

    The old one is moved aside. The new one is whole before, so whoever is killed here
    leaves one of them in its place, or the new one where `open_run` finds it.

    Args:
        opened: The old run's folder.
        spec: What is trained.
        settings: What the user asked for.
        horizon: Planned length.
        parameters: Learned numbers of the model.
        first: The new run at step 0.

    Returns:
        Where the old one is.

    Raises:
        RunError: A file cannot be written.
        OSError: Likewise.
    """
    path = opened.folder.path
    new = _beside(opened.folder)
    shutil.rmtree(new.path, ignore_errors=True)
    write_start(Opened(new), spec, settings, horizon, parameters)
    Shelf(new.checkpoints).put(first)
    aside = _free_name(path)
    os.rename(path, aside)
    os.rename(new.path, path)
    flush_folder(path.parent)
    return f"the earlier run is now {aside}"


def _finish_replacing(folder: RunFolder) -> None:
    """Do what `replace_run` was killed before."""
    new = _beside(folder)
    if Shelf(new.checkpoints).newest()[0] is not None:
        os.rename(new.path, folder.path)


def _beside(folder: RunFolder) -> RunFolder:
    """Where a run is made that is to replace the one of a folder."""
    path = folder.path.resolve()
    return RunFolder(path.with_name(f".{path.name}.new"))


def adoption_lines(adoption: Adoption) -> tuple[str, ...]:
    """What was taken over from another model, and all that was not."""
    lines = [f"taken over: {len(adoption.taken):,} parts"]
    for keys, what in (
        (adoption.left, "no place in this model"),
        (adoption.fresh, "new, so left at their first values"),
    ):
        if keys:
            lines.append(f"{what}: {', '.join(keys)}")
    return tuple(lines)


def _free_name(path: Path) -> Path:
    """The first of `path.before-1`, `path.before-2`, … that is not taken."""
    number = 1
    while (aside := path.with_name(f"{path.name}.before-{number}")).exists():
        number += 1
    return aside
