"""An answer as arrays and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dagspec.answers.answer import Answer, Block
from dagspec.nn.labels import Labels

# Names of arrays that are no concept's; a concept called so is under `latent/NAME`.
OWN = ("x", "row", "column", "seed", "units")


def answer_arrays(answer: Answer, labels: Labels) -> dict[str, NDArray[Any]]:
    """All of an answer as arrays by name, one row an example.

    Blocks stand one after another, and in each of them the examples of its first row
    come first. The arrays are `x` `(N, *shape)`, `NAME` `(N, dim)` of each concept,
    `label/NAME` `(N, width)` in units of labels, `do/NAME` (`moved/NAME` of a
    traversal) what was set, in the units of the question, NaN where it was not, `row`
    and `column` `(N,)`, `seed` and `units`; and of what stands beside the first block,
    a row each, `HEADING/x` and `HEADING/NAME`.

    Args:
        answer: Any answer.
        labels: The model's.
    """
    arrays: dict[str, NDArray[Any]] = {
        "x": _numbers(torch.cat([block.x.flatten(0, 1) for block in answer.blocks])),
        "row": _texts(answer, of_rows=True),
        "column": _texts(answer, of_rows=False),
        "seed": np.array(answer.seed),
        "units": np.array(answer.units),
    }
    for name in answer.blocks[0].latents:
        value = torch.cat([each.latents[name].flatten(0, 1) for each in answer.blocks])
        own = _in_units(answer, labels, name, value)
        arrays[_key(name)] = _numbers(value)
        if answer.units == "label" and name in labels.kinds:
            arrays[f"label/{name}"] = _numbers(own)
        places = [_places(block, name) for block in answer.blocks]
        here = torch.cat(places)
        if here.any():
            told = own.masked_fill(~here[:, None], torch.nan)
            arrays[f"{answer.set_by}/{name}"] = _numbers(told)
    for heading, beside in answer.blocks[0].beside.items():
        place = heading.replace(" ", "_")
        arrays[f"{place}/x"] = _numbers(beside.x)
        for name, value in beside.latents.items():
            arrays[f"{place}/{_key(name)}"] = _numbers(value)
    return arrays


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The bytes of an `.npz` file."""
    buffer = BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def answer_record(answer: Answer, labels: Labels) -> dict[str, object]:
    """An answer as plain data; images, which are long, are left out."""
    return {
        "seed": answer.seed,
        "units": answer.units,
        "examples": [
            example
            for block in answer.blocks
            for example in _examples(answer, block, labels)
        ],
    }


def _examples(
    answer: Answer, block: Block, labels: Labels
) -> Iterator[dict[str, object]]:
    shown = {
        name: _in_units(answer, labels, name, value)
        for name, value in block.latents.items()
    }
    for row, column in product(range(len(block.rows)), range(len(block.columns))):
        given: dict[str, object] = {
            name: shown[name][row, column].tolist()
            for name, here in block.settings.items()
            if here[row, column]
        }
        example: dict[str, object] = {
            "row": ", ".join(block.rows[row]),
            "column": ", ".join(block.columns[column]),
            answer.set_by: given,
            "latents": {n: v[row, column].tolist() for n, v in block.latents.items()},
        }
        if answer.units == "label":
            own = {n: v for n, v in shown.items() if n in labels.kinds}
            example["labels"] = {n: v[row, column].tolist() for n, v in own.items()}
        if block.x.dim() == 3:
            example["x"] = block.x[row, column].tolist()
        yield example


def _key(name: str) -> str:
    return f"latent/{name}" if name in OWN else name


def _in_units(answer: Answer, labels: Labels, name: str, value: Tensor) -> Tensor:
    """Values `(…, dim)` of a concept in the units of the question, if it has them."""
    if answer.units == "label" and name in labels.kinds:
        return labels.to_label(name, value)
    return value


def _places(block: Block, name: str) -> Tensor:
    """Where a concept was set, `(R·C,)`."""
    never = torch.zeros(block.x.shape[:2], dtype=torch.bool)
    return block.settings.get(name, never).flatten()


def _texts(answer: Answer, *, of_rows: bool) -> NDArray[np.str_]:
    """Label of the row, or of the column, of each example."""
    return np.array(
        [
            ", ".join(row if of_rows else column)
            for block in answer.blocks
            for row in block.rows
            for column in block.columns
        ]
    )


def _numbers(value: Tensor) -> NDArray[Any]:
    return value.numpy()
