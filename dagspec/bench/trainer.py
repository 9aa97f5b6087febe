"""What `dagspec train` costs beside the loop that a person would write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pytorch_lightning as lightning

from dagspec.bench.claims import SPEC
from dagspec.bench.finding import Finding
from dagspec.bench.loop import PlainLoop
from dagspec.bench.timing import Timings
from dagspec.runs import RunFolder
from dagspec.spec import Spec, read
from dagspec.syntax import read_source
from dagspec.train.batches import Examples
from dagspec.train.display import Display
from dagspec.train.fitting import fit
from dagspec.train.journal import Journal
from dagspec.train.keeper import Keeper
from dagspec.train.prepare import first_model, first_state, prepare
from dagspec.train.processes import Processes
from dagspec.train.rhythm import make_rhythm
from dagspec.train.rows import columns_of
from dagspec.train.settings import Settings
from dagspec.train.stopping import StopRequest


class _ByTurns(Keeper):
    """Has the plain loop make a step after each of the trainer's, and times both."""

    loop: PlainLoop
    steps: int

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Start the clock."""
        super().on_train_start(trainer, pl_module)
        self.seconds: dict[str, list[float]] = {"trainer": [], "loop": []}
        self._since = perf_counter()

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: object,
        batch: Examples,
        batch_idx: int,
    ) -> None:
        """End the trainer's step, and make the loop's."""
        super().on_train_batch_end(trainer, pl_module, outputs, batch, batch_idx)
        between = perf_counter()
        self.loop()
        start, self._since = self._since, perf_counter()
        self.seconds["trainer"].append(between - start)
        self.seconds["loop"].append(self._since - between)
        if self.module.done == self.steps:
            trainer.should_stop = True


def measure_trainer(
    rows: int = 12, row: int = 50, pause: int = 500
) -> Iterator[Finding]:
    """A step of `dagspec train` beside the plain loop's, and what looking costs.

    The two make their steps in turns, in one process. The trainer writes its rows to
    metrics.csv and TensorBoard. It also validates and saves once: the row in which it
    does so is left out of the ratio, and gives the second finding, the share of such
    rows' additional time in a run.

    Args:
        rows: Rows of metrics.csv to measure; the first is not counted.
        row: Steps of a row.
        pause: Steps between validations, and between checkpoints.
    """
    options = {
        "log_every": f"{row}",
        "validate_every": f"{pause} steps",
        "checkpoint_every": f"{pause} steps",
    }
    overrides = [f"training.{name}={value}" for name, value in options.items()]
    spec = read(read_source(SPEC), overrides=overrides).spec
    assert spec is not None
    own, plain = _run_by_turns(spec, rows, row)
    looks = [number for number in range(1, rows + 1) if number * row % pause == 0]
    quiet = [number for number in range(1, rows) if number + 1 not in looks]
    seconds = {"own": [own[i] for i in quiet], "plain": [plain[i] for i in quiet]}
    timings = Timings(seconds)
    claim = "dsprites: the trainer's step / the plain loop's"
    yield Finding(claim, 1.05, timings.ratio("own", "plain"), "x")
    more = median(own[number - 1] for number in looks) - timings.median("own")
    share = 100 * more / (more + timings.median("own") * pause / row)
    claim = f"dsprites: validating and saving every {pause} steps, of a run's time"
    yield Finding(claim, 10, share, "%")


def _run_by_turns(
    spec: Spec, rows: int, row: int
) -> tuple[Sequence[float], Sequence[float]]:
    """Seconds of each row of metrics.csv, of the trainer and of the plain loop."""
    with TemporaryDirectory() as name:
        folder = RunFolder(Path(name) / "run")
        RunFolder.create(folder.path)
        ready = prepare(spec, Settings(out=folder.path))
        horizon = ready.planned
        state = first_state(spec, ready.model, horizon, Processes(), done=0)
        keeper = _ByTurns(
            state,
            start=None,
            rhythm=make_rhythm(spec.training, horizon.steps, horizon),
            journal=Journal(folder, spec, columns_of(state.row, ready.model)),
            held_out=ready.held_out,
            display=Display(0, horizon.steps, spec.training.batch, quiet=True),
            stop=StopRequest(),
        )
        other = first_model(spec, ready.source)
        keeper.loop = PlainLoop(spec, other, ready.source, horizon)
        keeper.steps = rows * row
        with keeper.stop.listening():
            fit(keeper, ready.source)
        keeper.close()
    own, plain = (
        [sum(each[i : i + row]) for i in range(0, len(each), row)]
        for each in keeper.seconds.values()
    )
    return own, plain
