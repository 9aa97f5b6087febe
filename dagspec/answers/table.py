"""An answer of vectors, which have no picture, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from torch import Tensor

from dagspec.answers.answer import Answer, Block
from dagspec.nn.labels import Labels
from dagspec.spec import Latent, Spec

_MOST_NUMBERS, _MOST_CONCEPTS = 8, 12


def answer_table(answer: Answer, spec: Spec, labels: Labels) -> str:
    """A line for each example: row, column, concepts, x.

    Concepts that are tied to a label are in its units where the question is. Of many
    concepts or numbers the first are shown.

    Args:
        answer: Any answer.
        spec: What the model was built from.
        labels: The model's.
    """
    latents = spec.latents[:_MOST_CONCEPTS]
    more = [""] * (len(spec.latents) > len(latents))
    names = [*(latent.name for latent in latents), *("…" for _ in more)]
    table = [["", "", *names, spec.observed.name]]
    for block in answer.blocks:
        for row, column in product(range(len(block.rows)), range(len(block.columns))):
            table.append(
                [
                    ", ".join(block.rows[row]),
                    ", ".join(block.columns[column]),
                    *_concepts(answer, block, latents, labels, (row, column)),
                    *more,
                    _numbers(block.x[row, column]),
                ]
            )
    return "\n".join(_aligned(table))


def _concepts(
    answer: Answer,
    block: Block,
    latents: Sequence[Latent],
    labels: Labels,
    place: tuple[int, int],
) -> Iterator[str]:
    for latent in latents:
        value = block.latents[latent.name][place]
        if answer.units == "label" and latent.name in labels.kinds:
            value = labels.to_label(latent.name, value)
        elif latent.family == "categorical":
            value = value.argmax(-1, keepdim=True)
        yield _numbers(value)


def _numbers(value: Tensor) -> str:
    first = value[:_MOST_NUMBERS].unbind()
    shown = " ".join(f"{number.item():.3g}" for number in first)
    return f"{shown} …" if len(value) > _MOST_NUMBERS else shown


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    # What is empty in every line takes no room.
    kept = [cells for cells in zip(*table, strict=True) if any(cells)]
    widths = [max(map(len, cells)) for cells in kept]
    for line in zip(*kept, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()
