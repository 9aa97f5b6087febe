"""An answer as a picture: one grid under another, every row and column labelled."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import torch
from PIL.Image import Image
from torch import Tensor

from dagspec.answers.answer import Answer, Block, Lines
from dagspec.answers.asked import AnswerError
from dagspec.monitor.grids import cells
from dagspec.pictures.grid import image_grid, stack_images

# Pixels: room for a heading, and as high as images are made for it.
_ROOM, _HIGHEST = 96, 400
_LONGEST_ROW, _LONGEST_WORD = 10, 14


def draw_answer(answer: Answer) -> Image:
    """A picture of an answer of images.

    Raises:
        AnswerError: It would be too large.
    """
    try:
        return stack_images([_grid(block) for block in answer.blocks])
    except ValueError as error:
        hint = "ask for fewer, or write an .npz file"
        raise AnswerError(f"{error}: {hint}") from error


def _grid(block: Block) -> Image:
    x, rows, columns = block.x, block.rows, block.columns
    if block.beside:
        first = torch.stack([each.x for each in block.beside.values()], 1)
        x = torch.cat([first, x], 1)
        columns = [*((heading,) for heading in block.beside), *columns]
    if block.wraps and len(columns) > _LONGEST_ROW:
        x, rows, columns = _wrapped(x, rows)
    height, width = x.shape[-2:]
    scale = max(1, min(ceil(_ROOM / width), _HIGHEST // height))
    return image_grid(cells(x), _labels(rows), _labels(columns), scale)


def _wrapped(
    x: Tensor, rows: Sequence[Lines]
) -> tuple[Tensor, Sequence[Lines], Sequence[Lines]]:
    """Images `(R, C, *shape)` in more and shorter rows, the last filled up in white."""
    count = x.shape[1]
    pieces = ceil(count / _LONGEST_ROW)
    width = ceil(count / pieces)
    blank = x.new_ones(len(rows), pieces * width - count, *x.shape[2:])
    broken = torch.cat([x, blank], 1).reshape(-1, width, *x.shape[2:])
    labels: list[Lines] = []
    for row in rows:
        for start in range(0, count, width):
            last = min(start + width, count) - 1
            labels.append((*row, f"noise {start} to {last}"))
    return broken, labels, ()


def _labels(labels: Sequence[Lines]) -> list[str]:
    """Labels with a line for each word; a long `name=value` takes two."""
    return ["\n".join(_broken(word) for word in label) for label in labels]


def _broken(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else word.replace("=", "\n=", 1)
