"""The concepts that are tied to a label, and the units that their values stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dagspec.nn.fused import Entry, Fused
from dagspec.nn.label_kinds import Label
from dagspec.nn.shown import shown


class Labels(Fused):
    """The concepts that are tied to a label, and what their scales are.

    A state dict has `NAME.mean` and `NAME.std` of a real label and `NAME.period` of an
    angle; a checkpoint so brings along the units that its latents stand for.

    Args:
        names: The concepts of each kind of label.
    """

    numbers: Tensor

    def __init__(self, names: Mapping[Label, Sequence[str]]) -> None:
        super().__init__()
        self.names = {label: tuple(own) for label, own in names.items()}
        self.kinds = {name: label for label, own in names.items() for name in own}
        self._blocks: dict[Label, tuple[slice, tuple[int, int, int]]] = {}
        self._places: dict[str, tuple[Label, int]] = {}
        first: list[float] = []
        for label, own in self.names.items():
            start = len(first)
            for row, name in enumerate(own):
                self._places[name] = (label, row)
                for constant, value in label.constants.items():
                    place = slice(len(first), len(first) + label.width)
                    self.entries[f"{name}.{constant}"] = Entry("numbers", (place,))
                    first += [value] * label.width
            shape = (len(own), len(label.constants), label.width)
            self._blocks[label] = (slice(start, len(first)), shape)
        # The entries are what is saved.
        self.register_buffer("numbers", torch.tensor(first), persistent=False)

    def extra_repr(self) -> str:
        """A line a concept: its labels and the constants of their units."""
        return "\n".join(self._line(name, label) for name, label in self.kinds.items())

    def _line(self, name: str, label: Label) -> str:
        values = zip(label.constants, self.constants_of(name), strict=True)
        units = [f"{constant} {shown(value)}" for constant, value in values]
        return f"{name}: {', '.join([label.values, *units])}"

    def constants(self, label: Label) -> Tensor:
        """Constants of all concepts of one kind of label, `(N, K, width)`."""
        place, shape = self._blocks[label]
        return self.numbers[place].view(shape)

    def kind(self, name: str) -> Label:
        """The kind of a concept's label.

        Raises:
            ValueError: The concept has none.
        """
        if name not in self.kinds:
            known = ", ".join(self.kinds) or "no concept has one"
            raise ValueError(f"'{name}' is not tied to a label; there are: {known}")
        return self.kinds[name]

    def to_latent(self, name: str, value: Tensor) -> Tensor:
        """Labels `(…, width)` of a concept as values of it, `(…, dim)`.

        Raises:
            ValueError: The concept has no label, or there is no such label.
        """
        label = self.kind(name)
        if value.shape[-1:] != (label.width,):
            raise ValueError(
                f"the label of '{name}' has {label.width} numbers a row, not the shape "
                f"{list(value.shape)}"
            )
        if not label.allows(value):
            rows = value.reshape(-1, label.width)
            wrong = shown(next(row for row in rows if not label.allows(row)))
            raise ValueError(f"the label of '{name}' takes {label.values}, not {wrong}")
        return label.to_latent(value, self.constants_of(name))

    def to_label(self, name: str, value: Tensor) -> Tensor:
        """Values `(…, dim)` of a concept as its label, `(…, width)`.

        A class is the largest number, an angle is from 0 to below its period.

        Raises:
            ValueError: The concept has no label.
        """
        return self.kind(name).to_label(value, self.constants_of(name))

    @torch.no_grad()
    def fit(
        self,
        scales: Mapping[str, tuple[Tensor, Tensor]],
        periods: Mapping[str, float] | None = None,
    ) -> None:
        """Set the units of labels, which are the data set's and not learned.

        Args:
            scales: Mean and standard deviation `(width,)` of concepts with real labels.
            periods: A full turn of concepts whose label is an angle.

        Raises:
            ValueError: A concept has no such constants or another number of them, or a
                deviation or a period is not positive and finite; then nothing is set.
        """
        given: list[tuple[str, str, Tensor]] = []
        for name, (mean, std) in scales.items():
            given += [(name, "mean", mean), (name, "std", std)]
        for name, period in (periods or {}).items():
            given.append((name, "period", torch.tensor(period, dtype=torch.float64)))
        checked = [(self._place(*one), one[2]) for one in given]
        for place, value in checked:
            self.numbers[place].copy_(value.flatten())

    def _place(
        self, name: str, constant: str, value: Tensor
    ) -> tuple[int | slice, ...]:
        """Where a constant is kept, if it can have that value."""
        width = self.kind(name).width
        entry = self.entries.get(f"{name}.{constant}")
        if entry is None:
            raise ValueError(f"the label of '{name}' has no {constant}")
        what = f"the {constant} of '{name}'"
        if value.numel() != width:
            wanted = f"{width} number" + "s" * (width > 1)
            raise ValueError(f"{what} takes {wanted}, not {value.numel()}")
        good, words = value.isfinite(), "finite"
        if constant != "mean":
            good, words = good & (value > 0), "positive and finite"
        if not good.all():
            first = shown(value[~good][0])
            raise ValueError(f"{what} must be {words}, not {first}")
        return entry.index

    def constants_of(self, name: str) -> Tensor:
        """Constants of one concept, `(K, width)`."""
        label, row = self._places[name]
        return self.constants(label)[row]
