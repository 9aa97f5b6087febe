"""An answer of vectors, which have no picture, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from dagspec.answers.answer import Answer, Block
from dagspec.nn.labels import Labels
from dagspec.nn.output import Sample
from dagspec.spec import Latent, Spec

_MOST_NUMBERS, _MOST_CONCEPTS = 8, 12


def answer_table(answer: Answer, spec: Spec, labels: Labels) -> str:
    """A line for each example: row, column, concepts, x.

    What stands beside the columns, such as the reconstruction, comes first in each row.
    Concepts that are tied to a label are in its units where the question is, and the
    others are marked. Of many concepts or numbers the first are shown.

    Args:
        answer: Any answer.
        spec: What the model was built from.
        labels: The model's.
    """
    latents = spec.latents[:_MOST_CONCEPTS]
    more = [""] * (len(spec.latents) > len(latents))
    names = [
        *(_heading(answer, each, labels) for each in latents),
        *("…" for _ in more),
    ]
    table = [["", "", *names, spec.observed.name]]
    for block in answer.blocks:
        for row, label in enumerate(block.rows):
            for heading, example in _examples(block, row):
                concepts = _concepts(answer, example, latents, labels)
                first = [", ".join(label), heading, *concepts, *more]
                table.append([*first, _numbers(example.x)])
    return "\n".join(_aligned(table))


def _examples(block: Block, row: int) -> Iterator[tuple[str, Sample]]:
    """The examples of a row, each with its heading."""
    for heading, beside in block.beside.items():
        yield (
            heading,
            Sample({n: v[row] for n, v in beside.latents.items()}, beside.x[row]),
        )
    for column, words in enumerate(block.columns):
        latents = {name: value[row, column] for name, value in block.latents.items()}
        yield ", ".join(words), Sample(latents, block.x[row, column])


def _heading(answer: Answer, latent: Latent, labels: Labels) -> str:
    """A concept's name, marked where its numbers are its own among others' labels."""
    own = answer.units == "label" and latent.name not in labels.kinds
    return f"{latent.name} (latent)" if own else latent.name


def _concepts(
    answer: Answer, example: Sample, latents: Sequence[Latent], labels: Labels
) -> Iterator[str]:
    """Values of the concepts; blank of what was only seen."""
    for latent in latents:
        if latent.name not in example.latents:
            yield ""
            continue
        value = example.latents[latent.name]
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
