"""An answer: examples in rows and columns, and what was set in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from dagspec.answers.asked import AnswerError
from dagspec.nn.output import Sample

# The lines of a label, such as a concept's name and its value.
Lines: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Examples in R rows and C columns.

    Attributes:
        rows: A label for each row.
        columns: A label for each column.
        x: Means of p(x | z), `(R, C, *shape)`.
        latents: Values `(R, C, dim)` by name.
        settings: Where a concept was set from outside, `(R, C)` of booleans by name;
            a concept that never was is left out.
        beside: What stands before the first column, by its heading, `(R, *shape)`; a
            photograph has no latents.
        wraps: Whether rows may be broken where they are too long for a picture.
    """

    rows: Sequence[Lines]
    columns: Sequence[Lines]
    x: Tensor
    latents: Mapping[str, Tensor]
    settings: Mapping[str, Tensor]
    beside: Mapping[str, Sample] = field(default_factory=dict[str, Sample])
    wraps: bool = False


@dataclass(frozen=True)
class Answer:
    """What came of a question.

    Attributes:
        blocks: One or several grids.
        seed: Of all noise.
        units: Of what was set.
        set_by: `do` of an intervention, `moved` of a traversal, where nothing follows.
        notes: What whoever asked should know, one line each.
    """

    blocks: Sequence[Block]
    seed: int
    units: Literal["latent", "label"]
    set_by: Literal["do", "moved"] = "do"
    notes: Sequence[str] = ()


def stack_columns(columns: Sequence[Sample]) -> Sample:
    """Samples `(R, …)` side by side, `(R, C, …)`."""
    names = columns[0].latents
    latents = {n: torch.stack([each.latents[n] for each in columns], 1) for n in names}
    return Sample(latents, torch.stack([each.x for each in columns], 1))


def stack_rows(parts: Sequence[Sample]) -> Sample:
    """Samples `(R, …)` under one another."""
    names = parts[0].latents
    latents = {
        name: torch.cat([each.latents[name] for each in parts]) for name in names
    }
    return Sample(latents, torch.cat([each.x for each in parts]))


def check_finite(answer: Answer) -> None:
    """See that there is something to show.

    Raises:
        AnswerError: Some of the numbers are not finite.
    """
    for block in answer.blocks:
        for name, value in {"x": block.x, **block.latents}.items():
            if not value.isfinite().all():
                raise AnswerError(
                    f"`{name}` is not finite in some examples: either a value that was "
                    "set is too large, or the training went wrong"
                )
