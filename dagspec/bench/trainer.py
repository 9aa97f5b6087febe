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
from dagspec.spec import Spec, read
from dagspec.syntax import read_source
from dagspec.train.assembly import make_keeper
from dagspec.train.display import Display
from dagspec.train.fitting import fit
from dagspec.train.opening import open_run
from dagspec.train.prepare import first_model, prepare
from dagspec.train.processes import Processes
from dagspec.train.settings import Settings


class _ByTurns(lightning.Callback):
    """Has the plain loop make a step after each of the trainer's, and times both.

    Args:
        loop: The plain loop.
        steps: How many steps each of them makes.
    """

    def __init__(self, loop: PlainLoop, steps: int) -> None:
        self.loop = loop
        self.steps = steps
        self.seconds: dict[str, list[float]] = {"trainer": [], "loop": []}
        self._since = 0.0

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Start the clock."""
        self._since = perf_counter()

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: object,
        batch: object,
        batch_idx: int,
    ) -> None:
        """End the trainer's step, and make the loop's."""
        between = perf_counter()
        self.loop()
        start, self._since = self._since, perf_counter()
        self.seconds["trainer"].append(between - start)
        self.seconds["loop"].append(self._since - between)
        if self.loop.done == self.steps:
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
    alone = Processes()
    with TemporaryDirectory() as name:
        settings = Settings(out=Path(name) / "run", quiet=True)
        ready, opened = prepare(spec, settings), open_run(spec, settings, alone)
        display = Display(0, ready.planned.steps, spec.training.batch, quiet=True)
        keeper = make_keeper(spec, settings, ready, opened, alone, display)
        other = first_model(spec, ready.source)
        loop = PlainLoop(spec, other, ready.source, ready.planned)
        turns = _ByTurns(loop, rows * row)
        with keeper.stop.listening():
            fit(keeper, ready.source, [turns])
        keeper.close()
    own, plain = (
        [sum(each[i : i + row]) for i in range(0, len(each), row)]
        for each in turns.seconds.values()
    )
    return own, plain
