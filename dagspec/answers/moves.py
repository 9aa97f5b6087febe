"""The values that a concept, or one number of it, goes through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, floor, log10, pi, sin

import torch
from torch import Tensor

from dagspec.answers.asked import AnswerError, Target, Value, spaced, written
from dagspec.answers.trained import Trained
from dagspec.nn.queries import Setting, Units
from dagspec.spec import Latent

VALUES = 9
MOST_SHOWN = 12
_TURN = 8
_MOST_CLASSES = 16
_SAMPLED = 250


@dataclass(frozen=True)
class Move:
    """A concept, or one number of it, and what it is set to.

    Attributes:
        target: What is moved.
        values: The values, in the units of the question.
        words: How each is shown.
    """

    target: Target
    values: Sequence[Value]
    words: Sequence[str]

    def settings(self, run: Trained, held: Tensor, units: Units) -> list[Setting]:
        """What the concept is set to, value by value.

        Args:
            run: Whose concept it is.
            held: Values `(B, dim)` that the concept has where it is not moved; the
                numbers beside the one that is moved stay as they are there.
            units: Of the values.

        Returns:
            As many as there are values; `(B, width)` each where one number is moved.
        """
        if self.target.number is None:
            return list(self.values)
        name, number = self.target.name, self.target.number
        own = run.model.labels.to_label(name, held) if units == "label" else held
        rows = own.repeat(len(self.values), 1, 1)
        rows[:, :, number] = torch.tensor(self.values, dtype=rows.dtype)[:, None]
        return list(rows.unbind(0))


def find_moves(
    run: Trained, targets: Sequence[Target], values: Sequence[Value], units: Units
) -> tuple[Move, ...]:
    """What is moved, and where to.

    Args:
        run: Whose concepts they are.
        targets: What is named; every concept (with a label, in units of labels) if
            nothing is.
        values: What is written; if nothing is, classes one after another, an angle
            once around, and for a real number nine values between which nine in ten
            samples of the model lie.
        units: Of the values.

    Raises:
        AnswerError: There is no such concept or number, it has no label, or it takes no
            such values.
    """
    named = targets or _all(run, units)
    if not named:
        raise AnswerError("no concept is tied to a label: leave --units label out")
    widened = [
        each for target in named for each in _widened(run, target, values, units)
    ]
    if values:
        words = [written(value) for value in values]
        return tuple(Move(target, values, words) for target in widened)
    return tuple(_default_moves(run, widened, units))


def _all(run: Trained, units: Units) -> list[Target]:
    kinds = run.labels.kinds
    names = [latent.name for latent in run.spec.latents]
    return [Target(name) for name in names if units == "latent" or name in kinds]


def _widened(
    run: Trained, target: Target, values: Sequence[Value], units: Units
) -> Iterator[Target]:
    """The numbers of a vector, where they are moved one by one, else the target."""
    latent = run.latent(target.name)
    width = setting_width(run, latent, units)
    if target.number is not None:
        if target.number >= width:
            noun = "one number" if width == 1 else f"{width} numbers"
            raise AnswerError(f"there is no `{target}`: it has {noun}, from 0")
        if not all(isinstance(value, float) for value in values):
            raise AnswerError(f"`{target}` is one number, and takes no [vectors]")
        # The only number of a concept is the concept.
        yield target if width > 1 else Target(target.name)
        return
    whole = latent.is_angle and not values
    if width == 1 or whole or any(isinstance(value, tuple) for value in values):
        yield target
    else:
        yield from (Target(latent.name, number) for number in range(width))


def setting_width(run: Trained, latent: Latent, units: Units) -> int:
    """How many numbers a concept is set by; a class is one.

    Raises:
        AnswerError: The units are those of a label, and it has none or never saw it.
    """
    if units == "label":
        if latent.label and not latent.has_units:
            how = "labels = 0%" if latent.weight else "weight = 0"
            raise AnswerError(
                f"`{latent.name}` was never shown its label ({how}), so its values "
                "have no units: leave --units label out"
            )
        try:
            return run.model.labels.kind(latent.name).width
        except ValueError as error:
            raise AnswerError(str(error)) from error
    return 1 if latent.family == "categorical" else latent.dim


def _default_moves(
    run: Trained, targets: Sequence[Target], units: Units
) -> Iterator[Move]:
    drawn: dict[str, Tensor] | None = None
    for target in targets:
        latent = run.latent(target.name)
        if latent.family == "categorical":
            yield _plain(target, range(min(latent.dim, _MOST_CLASSES)))
        elif latent.family == "bernoulli":
            yield _plain(target, (0, 1))
        elif latent.is_angle and target.number is None:
            yield _turn(run, target, units)
        else:
            if drawn is None:
                with torch.no_grad():
                    drawn = run.model.sample(_SAMPLED, seed=0).latents
            own = drawn[target.name]
            if units == "label":
                own = run.model.labels.to_label(target.name, own)
            yield _plain(target, _range(own[:, target.number or 0].double()))


def _plain(target: Target, values: Sequence[float]) -> Move:
    numbers = tuple(float(value) for value in values)
    return Move(target, numbers, [written(number) for number in numbers])


def _turn(run: Trained, target: Target, units: Units) -> Move:
    """An angle, once around."""
    shares = [number / _TURN for number in range(_TURN)]
    if units == "label":
        period = run.model.labels.constants_of(target.name).item()
        return _plain(target, [share * period for share in shares])
    points = [(cos(2 * pi * share), sin(2 * pi * share)) for share in shares]
    return Move(target, points, [f"{360 * share:g}°" for share in shares])


def _range(drawn: Tensor) -> Sequence[float]:
    """Round numbers from one end of nine in ten of the numbers `(N,)` to the other."""
    low, high = drawn.quantile(0.05).item(), drawn.quantile(0.95).item()
    if not low < high:
        return (low,)
    # Two digits of the distance between values are enough.
    digits = 1 - floor(log10((high - low) / VALUES))
    low, high = round(low, digits), round(high, digits)
    return [round(each, digits) for each in spaced(low, high, VALUES)]
