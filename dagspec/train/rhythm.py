"""When a run validates and when it saves."""

from __future__ import annotations

from dataclasses import dataclass

from dagspec.objective import Horizon
from dagspec.spec import Quantity, Training

USUAL = Quantity(value=500, unit="steps")


@dataclass(frozen=True)
class Rhythm:
    """What is due after a step, by the number of steps done.

    Attributes:
        steps: Length of the run.
        row: Steps of a row of metrics.csv.
        validation: Steps between validations.
        checkpoint: Steps between checkpoints.
    """

    steps: int
    row: int
    validation: float
    checkpoint: float

    def ends(self, done: int) -> bool:
        """Whether the run is over."""
        return done >= self.steps

    def wants_row(self, done: int) -> bool:
        """Whether a row of metrics.csv is complete; the last one may be shorter."""
        return done % self.row == 0 or self.ends(done)

    def wants_validation(self, done: int) -> bool:
        """Whether it is time to validate; at the end it always is."""
        return _crossed(done, self.validation) or self.ends(done)

    def wants_checkpoint(self, done: int) -> bool:
        """Whether it is time to save; at the end it always is."""
        return _crossed(done, self.checkpoint) or self.ends(done)


def make_rhythm(training: Training, steps: int, horizon: Horizon) -> Rhythm:
    """The rhythm of a spec; every 500 steps where it is silent."""
    validation, checkpoint = (
        (every or USUAL).in_steps(horizon.steps, horizon.epoch)
        for every in (training.validate_every, training.checkpoint_every)
    )
    return Rhythm(steps, training.log_every, validation, checkpoint)


def _crossed(done: int, every: float) -> bool:
    """Whether a multiple of `every`, not always a whole number, was reached."""
    return int(done / every) > int((done - 1) / every)
