"""A sweep: one run for each combination of settings, in folders side by side."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dagspec.compiler import load
from dagspec.runs import (
    Combination,
    RunFolder,
    compare,
    run_state,
    write_comparison,
)
from dagspec.spec import Spec, differences
from dagspec.train.run import train
from dagspec.train.settings import Settings, TrainError


@dataclass(frozen=True)
class Planned:
    """One run of a sweep.

    Attributes:
        combination: Its settings, and the name of its folder.
        spec: What it trains.
    """

    combination: Combination
    spec: Spec


def train_sweep(runs: Sequence[Planned], settings: Settings) -> int:
    """Train every run of a sweep that is not finished yet, and compare them all.

    What was finished stays as it is, what was stopped goes on. The comparison is in
    `notes.md` beside the runs' folders, made anew after every run.

    Args:
        runs: What to train.
        settings: As for one run; `out` is the folder of the whole sweep.

    Returns:
        What the process exits with: that of the run that was stopped, or of the first
        that failed.

    Raises:
        ValueError: A run cannot start.
        OSError: A file cannot be written.
    """
    code = 0
    folders = [RunFolder(settings.out / run.combination.folder) for run in runs]
    for number, (run, folder) in enumerate(zip(runs, folders, strict=True), start=1):
        title = f"run {number} of {len(runs)}: {run.combination.folder}"
        if _is_done(run, folder):
            print(f"{title} is finished", file=sys.stderr)
            continue
        print(title, file=sys.stderr)
        own = replace(settings, out=folder.path, continue_training=True)
        outcome = train(run.spec, own)
        code = code or outcome.code
        if outcome.state == "stopped":
            break
    write_comparison(compare(folders), settings.out / "notes.md")
    return code


def _is_done(run: Planned, folder: RunFolder) -> bool:
    """Whether a run was finished, with this very spec.

    Raises:
        TrainError: It was finished with another one.
    """
    if run_state(folder) != "finished":
        return False
    changes = differences(load(folder.spec_file), run.spec)
    bound = [change.text for change in changes if not change.free]
    if bound:
        raise TrainError(
            f"{folder.path} was trained with another spec: {'; '.join(bound)}. Choose "
            "another --out"
        )
    return not changes
