"""What happens after every step, always in the same order."""

from __future__ import annotations

import pytorch_lightning as lightning

from dagspec.checkpoint import Checkpoint
from dagspec.monitor import Measurement, gradient_norms, measure
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import beta_at, label_metrics, learning_rate
from dagspec.train.batches import Examples
from dagspec.train.display import Display
from dagspec.train.journal import Journal
from dagspec.train.module import ConceptModule
from dagspec.train.rhythm import Rhythm
from dagspec.train.state import State
from dagspec.train.stopping import StopRequest


class Keeper(lightning.Callback):
    """Averages, writes, validates, saves and stops.

    Saving comes last, so a checkpoint holds a whole step with all that was written
    about it, and a run that goes on from it does what it would have done.

    Args:
        state: What the run would lose.
        start: Where the run goes on from; None at its beginning.
        rhythm: When what is due.
        journal: Where it is written; None in all processes but the first.
        held_out: What is validated on, in the first process.
        display: What a person sees.
        stop: Whether somebody wants the run to stop.

    Attributes:
        saved: Steps that the newest checkpoint holds; None without one.
        stale: Whether the run ended for want of better validations.
    """

    def __init__(
        self,
        state: State,
        start: Checkpoint | None,
        rhythm: Rhythm,
        journal: Journal | None,
        held_out: Examples,
        display: Display,
        stop: StopRequest,
    ) -> None:
        self.state = state
        self.start = start
        self.rhythm = rhythm
        self.journal = journal
        self.held_out = held_out
        self.display = display
        self.stop = stop
        self.saved = start.step if start else None
        self.stale = False

    @property
    def module(self) -> ConceptModule:
        """What is trained."""
        return self.state.module

    @property
    def model(self) -> ConceptVAE:
        """What is validated: the averaged weights where there are any."""
        average = self.state.average
        return self.module.model if average is None else average.model

    def close(self) -> None:
        """Close the files, and leave the bar as it is."""
        self.display.stop(self.module.done)
        if self.journal is not None:
            self.journal.close()

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Go on where the checkpoint is; listen for signals after the trainer does."""
        if self.start is not None:
            self.state.restore(self.start)
            self.start = None
        if self.journal is not None:
            self.journal.start(self.module.done, self.state.best)
            self._warn(self.journal)
        self.stop.listen()

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: object,
        batch: Examples,
        batch_idx: int,
    ) -> None:
        """All that is due after a step."""
        state, module = self.state, self.module
        module.done += 1
        done = module.done
        if state.average is not None:
            state.average.update(done)
        state.row.add(module.loss, module.gradient)
        if self.display.due():
            self.display.show(
                done, module.loss.total.item(), module.loss.kl.sum().item()
            )
        if self.rhythm.wants_row(done):
            self._write_row(done)
        better = self.rhythm.wants_validation(done) and self._validate(done)
        asked = module.processes.any(self.stop.signal)
        self.stale = self._is_stale()
        leaving = asked or self.stale or self.rhythm.ends(done)
        if better or leaving or self.rhythm.wants_checkpoint(done):
            self._save(better)
        if leaving:
            self.stop.signal = asked
            trainer.should_stop = True

    def _write_row(self, done: int) -> None:
        module = self.module
        row = self.state.row.take()
        training, horizon = module.spec.training, module.horizon
        row["beta"] = beta_at(module.spec.objective, done - 1, horizon)
        row["lr"] = learning_rate(training, done - 1, horizon)
        if self.journal is not None:
            self.journal.train(done, row, gradient_norms(module.model))

    def _validate(self, done: int) -> bool:
        """Measure the model; whether it is better than ever."""
        if self.journal is None:
            return False
        found = self._measure()
        x = self.held_out["x"].to(self.module.device)
        self.journal.validation(done, found, self.model, x)
        better = self.state.best.note(done, found.elbo)
        mark = "  best so far" if better else ""
        self.display.say(
            f"step {done:,}: -ELBO {-found.elbo:.2f} nats on held-out examples, "
            f"KL {found.total_kl:.2f}{mark}"
        )
        self._warn(self.journal)
        return better

    def _warn(self, journal: Journal) -> None:
        for line in journal.new_warnings():
            self.display.say(f"warning: {line}")

    def _measure(self) -> Measurement:
        x, factors = self.held_out["x"], self.held_out["factors"]
        return measure(self.model, x, self.module.spec, factors, labels=label_metrics)

    def _is_stale(self) -> bool:
        """Whether the first process, which validates, has lost its patience."""
        patience = self.module.spec.training.patience
        if patience is None:
            return False
        lost = self.state.best.since >= patience
        return bool(self.module.processes.any(int(lost)))

    def _save(self, best: bool) -> None:
        if self.journal is not None:
            self.journal.save(self.state, best)
            self.journal.status("running", self.module.done, self.state.best)
        self.saved = self.module.done
