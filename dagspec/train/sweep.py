"""A sweep: one run for each combination of settings, in folders side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dagspec.compiler import parse
from dagspec.diagnostic import DagSpecError
from dagspec.runs import (
    Combination,
    RunFolder,
    compare,
    is_finished,
    write_comparison,
)
from dagspec.spec import NO_LIMITS, Spec, differences
from dagspec.syntax.tree import File
from dagspec.train.display import Voice
from dagspec.train.ending import Outcome
from dagspec.train.processes import find_processes
from dagspec.train.run import train
from dagspec.train.settings import EXPECTED, Settings, TrainError


@dataclass(frozen=True)
class Planned:
    """One run of a sweep.

    Attributes:
        combination: Its settings, and the name of its folder.
        spec: What it trains.
        file: What was written of it, if anything.
    """

    combination: Combination
    spec: Spec
    file: File | None = None


def train_sweep(runs: Sequence[Planned], settings: Settings) -> int:
    """Train every run of a sweep that is not finished yet, and compare them all.

    What was finished stays as it is, what was stopped goes on, and what fails does not
    keep the others from their turn. The comparison is in `notes.md` beside the runs'
    folders.

    Args:
        runs: What to train.
        settings: As for one run; `out` is the folder of the whole sweep.

    Returns:
        What the process exits with: that of the run that was stopped, or of the first
        that failed.

    Raises:
        TrainError: The folder is that of a single run, or there are several processes.
        RunError: The comparison cannot be written.
    """
    if RunFolder(settings.out).record_file.exists():
        raise TrainError(f"{settings.out} holds a single run: choose another --out")
    if find_processes().count > 1:
        raise TrainError("a sweep runs in one process: start it without torchrun")
    voice = Voice(settings.quiet)
    code = 0
    for number, run in enumerate(runs, start=1):
        folder = RunFolder(settings.out / run.combination.folder)
        voice.say(f"run {number} of {len(runs)}: {run.combination.folder}")
        try:
            outcome = _train_one(run, folder, settings, voice)
        except (*EXPECTED, DagSpecError) as error:
            voice.say(f"error: {error}")
            code = code or 1
            continue
        if outcome.state == "stopped":
            code = outcome.code
            voice.say("the same command goes on with the sweep")
            break
        code = code or outcome.code
    _compare(runs, settings.out, voice)
    return code


def _train_one(
    run: Planned, folder: RunFolder, settings: Settings, voice: Voice
) -> Outcome:
    if _is_done(run, folder):
        voice.say("it is finished")
        return Outcome("finished", 0, 0, folder.path)
    options = (each.partition("=") for each in run.combination.settings)
    changed = {**settings.changed, **{name: value for name, _, value in options}}
    own = replace(
        settings,
        out=folder.path,
        continue_training=True,
        changed=changed,
        file=run.file,
    )
    return train(run.spec, own)


def _compare(runs: Sequence[Planned], out: Path, voice: Voice) -> None:
    """Write the comparison of those runs that have begun."""
    folders = [RunFolder(out / run.combination.folder) for run in runs]
    begun = [folder for folder in folders if folder.record_file.exists()]
    if begun:
        page = out / "notes.md"
        write_comparison(compare(begun), page)
        voice.say(f"the comparison of {len(begun)} runs is in {page}")


def _is_done(run: Planned, folder: RunFolder) -> bool:
    """Whether a run was finished, with this very spec.

    Raises:
        TrainError: It was finished with another one.
    """
    if not is_finished(folder):
        return False
    text = folder.spec_file.read_text(encoding="utf-8")
    changes = differences(parse(text, limits=NO_LIMITS), run.spec)
    bound = [change.text for change in changes if not change.free]
    if bound:
        raise TrainError(
            f"{folder.path} was trained with another spec: {'; '.join(bound)}. Choose "
            "another --out"
        )
    return not changes
