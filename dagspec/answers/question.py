"""What was asked of a model, checked, and laid out in grids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dagspec.answers.answer import Block, Lines, stack_columns
from dagspec.answers.asked import AnswerError, Settings, Target, Value, setting_words
from dagspec.answers.moves import MOST_SHOWN, Move, find_moves, setting_width
from dagspec.answers.trained import Trained
from dagspec.nn.output import Sample
from dagspec.nn.queries import Setting, Units

Do = Mapping[str, Setting]
Ask = Callable[[Do], Sample]


@dataclass(frozen=True)
class Question:
    """What all questions have in common.

    Attributes:
        run: Whose model is asked.
        dos: What `--do` says, each time that it is given.
        targets: What `--latent` says.
        values: What `--values` says.
        units: Of all values.
        seed: Of all noise.
    """

    run: Trained
    dos: Sequence[Settings] = ()
    targets: Sequence[Target] = ()
    values: Sequence[Value] = ()
    units: Units = "latent"
    seed: int = 0

    @property
    def moving(self) -> bool:
        """Whether concepts go through values; else `dos` are all that is asked."""
        return not self.dos or bool(self.targets)

    @property
    def held(self) -> Settings:
        """What is set while others move."""
        return self.dos[0] if self.dos and self.targets else {}

    def check(self) -> None:
        """See that the model takes what `--do` sets.

        Raises:
            AnswerError: A concept is unknown, takes no such value, or has no label.
        """
        for name, value in ((n, v) for do in self.dos for n, v in do.items()):
            self._try(name, value)

    def moves(self) -> tuple[Sequence[Move], Sequence[str]]:
        """What is moved, and what is to be said about that.

        Raises:
            AnswerError: A concept is unknown, takes no such value, or has no label.
        """
        moves = find_moves(self.run, self.targets, self.values, self.units)
        for move in moves if self.values else ():
            name, number = move.target
            width = setting_width(self.run, self.run.latent(name), self.units)
            for value in move.values:
                probe: Value = value
                if number is not None and isinstance(value, float):
                    # One number of a vector is tried in all its places.
                    probe = (value,) * width
                self._try(name, probe)
        if self.targets or len(moves) <= MOST_SHOWN:
            return moves, ()
        note = f"{MOST_SHOWN} of {len(moves)} are shown; --latent names others"
        return moves[:MOST_SHOWN], (note,)

    def _try(self, name: str, value: Value) -> None:
        """See that a concept takes a value."""
        latent = self.run.latent(name)
        width = setting_width(self.run, latent, self.units)
        given = len(value) if isinstance(value, tuple) else 1
        one_hot = latent.family == "categorical" and self.units == "latent"
        if given != width and not (one_hot and given == latent.dim):
            noun = "one number" if width == 1 else f"{width} numbers in brackets"
            raise AnswerError(f"`{name}` takes {noun}, not {given}")
        try:
            self.run.model.sample(1, do={name: value}, units=self.units)
        except ValueError as error:
            raise AnswerError(str(error)) from error

    def blocks(
        self, rows: Sequence[Lines], ask: Ask, base: Sample, first: Mapping[str, Sample]
    ) -> tuple[Sequence[Block], Sequence[str]]:
        """A grid of all that `--do` says, or one for each concept that is moved.

        Args:
            rows: A label for each row.
            ask: The model's answer to an intervention, `(R, …)`.
            base: Its answer to what is held.
            first: What stands before the first column.

        Returns:
            The grids, and what is to be said about them.
        """
        if not self.moving:
            columns = [(setting_words(do), do) for do in self.dos]
            return [make_block(rows, columns, ask, first)], ()
        held = setting_words(self.held)
        moves, notes = self.moves()
        blocks: list[Block] = []
        for move in moves:
            name = move.target.name
            settings = move.settings(self.run, base.latents[name], self.units)
            columns = [
                ((str(move.target), word, *held), {**self.held, name: setting})
                for word, setting in zip(move.words, settings, strict=True)
            ]
            blocks.append(make_block(rows, columns, ask, first))
        return blocks, notes


def make_block(
    rows: Sequence[Lines],
    columns: Sequence[tuple[Lines, Do]],
    ask: Ask,
    first: Mapping[str, Sample],
) -> Block:
    """One grid: a column for each intervention.

    Args:
        rows: A label for each row.
        columns: A label for each column, and what is set in it.
        ask: The model's answer to an intervention, `(R, …)`.
        first: What stands before the first column.
    """
    asked = stack_columns([ask(do) for _, do in columns])
    settings: dict[str, Tensor] = {}
    for number, (_, do) in enumerate(columns):
        for name in do:
            new = torch.zeros(asked.x.shape[:2], dtype=torch.bool)
            settings.setdefault(name, new)[:, number] = True
    labels = [label for label, _ in columns]
    return Block(rows, labels, asked.x, asked.latents, settings, first)
