"""Sprites of the grid as training data: all of them in turn, or drawn with a bias."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from dagspec.data import sprite_grid as grid
from dagspec.data.finite import FiniteSource
from dagspec.data.source import Batch, Column, DataError, Scale, Split
from dagspec.data.splits import Splits
from dagspec.data.sprite_columns import COLUMNS, IMAGE_SHAPE
from dagspec.data.sprites import render_sprites
from dagspec.data.streams import stream

_PARTS: Mapping[Split, int] = {"validation": grid.VALIDATION, "test": grid.TEST}
_BLOCK = 4096  # drawn at once, so that the first images do not depend on how many


class FiniteSprites(FiniteSource):
    """Images at known places of the grid; what is chosen are their rows.

    Args:
        place: What errors begin with.
        index: Their places in the grid, `(N,)`; factor values of those that are held
            out are never trained on.

    Raises:
        DataError: None of them is for training.
    """

    def __init__(self, place: str, index: NDArray[np.int64]) -> None:
        parts = grid.part_of(index)
        train = np.flatnonzero(parts == grid.TRAINING)
        if not len(train):
            raise DataError(f"{place}: no example is for training")
        validation, test = (
            stream(split).permutation(np.flatnonzero(parts == part))
            for split, part in _PARTS.items()
        )
        scales = grid.scales_of(index[train])
        splits = Splits(train, validation, test)
        super().__init__(place, IMAGE_SHAPE, COLUMNS, scales, splits)
        self._index = index

    @abstractmethod
    def images(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The images uint8 `(N, 64, 64)` of some rows."""

    def load(self, chosen: NDArray[np.int64]) -> Batch:
        """The images of chosen rows; keys are places in the grid."""
        return grid.batch_of(self.images(chosen), self._index[chosen])


class RenderedSprites(FiniteSprites):
    """Every image of the grid, rendered when it is asked for."""

    def __init__(self) -> None:
        """The 737,280 images in the order of the data set."""
        super().__init__("dsprites", np.arange(grid.COUNT))

    def __reduce__(self) -> tuple[type[RenderedSprites], tuple[()]]:
        """The grid is made again sooner than it is unpickled."""
        return type(self), ()

    def images(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The images uint8 `(N, 64, 64)` at some places in the grid."""
        return _render(rows)


@dataclass(frozen=True)
class CorrelatedSprites:
    """Sprites drawn from the grid without end; what is chosen are places in the grid.

    All factors are drawn uniformly, but orientation = 2·pi·(pos_x + (1 - strength)·e)
    with e uniform in (-1/2, 1/2), rounded to the grid.

    Attributes:
        strength: At 1 pos_x determines the orientation, at 0 they are independent.
    """

    strength: float

    def __post_init__(self) -> None:
        """Check the strength.

        Raises:
            DataError: It is not in [0, 1].
        """
        if not 0 <= self.strength <= 1:
            raise DataError(f"strength {self.strength} is not in [0, 1]")

    @property
    def columns(self) -> tuple[Column, ...]:
        """Shape, scale, orientation, pos_x and pos_y."""
        return COLUMNS

    @property
    def shape(self) -> tuple[int, ...]:
        """One channel of 64 x 64."""
        return IMAGE_SHAPE

    @property
    def size(self) -> int:
        """As many as there are training images in the grid."""
        return len(_training_grid())

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Exact scales of scale, pos_x and pos_y over what is drawn for training."""
        return self._scales

    @cached_property
    def _scales(self) -> Mapping[str, Scale]:
        index = _training_grid()
        classes = grid.classes_at(index)
        x, turn = classes[:, grid.POS_X], classes[:, grid.ORIENTATION]
        return grid.scales_of(index, self.turns[x, turn])

    @property
    def turns(self) -> NDArray[np.float64]:
        """p(orientation | pos_x) of their classes, `(32, 40)`."""
        last, spread = grid.SIZES[grid.ORIENTATION] - 1, 1 - self.strength
        x = grid.LEVELS[grid.POS_X]
        if spread == 0:
            return np.eye(last + 1)[np.rint(x % 1 * last).astype(int)]
        edge = np.clip((np.arange(last + 2) - 0.5) / last, 0, 1)
        low, high = edge[:-1], edge[1:]
        whole = np.arange(-1, 3)[:, None, None]  # the turn is taken modulo 1
        start, end = (x[:, None] + s * spread / 2 for s in (-1, 1))
        shared = np.minimum(high + whole, end) - np.maximum(low + whole, start)
        return np.maximum(shared, 0).sum(0) / spread

    def choose(self, step: int, n: int, seed: int) -> NDArray[np.int64]:
        """Places in the grid `(n,)`; see `Source.choose`."""
        return self._draw(n, stream("step", seed, step), grid.TRAINING)

    def load(self, chosen: NDArray[np.int64]) -> Batch:
        """The images at chosen places, which are their keys."""
        return grid.batch_of(_render(chosen), chosen)

    def held_out(self, n: int, split: Split = "validation") -> Batch:
        """Images drawn alike, of factor values that are never trained on."""
        rng, part = stream(split), _PARTS[split]
        blocks = [self._draw(_BLOCK, rng, part) for _ in range(0, n, _BLOCK)]
        return self.load(np.concatenate(blocks)[:n])

    def _draw(self, n: int, rng: np.random.Generator, part: int) -> NDArray[np.int64]:
        index = self._draw_any(n, rng)
        while (wrong := grid.part_of(index) != part).any():
            index[wrong] = self._draw_any(int(wrong.sum()), rng)
        return index

    def _draw_any(self, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
        classes = rng.integers(0, grid.SIZES, (n, len(grid.SIZES)))
        noise = (1 - self.strength) * rng.uniform(-0.5, 0.5, n)
        x = grid.LEVELS[grid.POS_X][classes[:, grid.POS_X]]
        last = grid.SIZES[grid.ORIENTATION] - 1
        classes[:, grid.ORIENTATION] = np.rint((x + noise) % 1 * last)
        return grid.indices_of(classes)


@cache
def _training_grid() -> NDArray[np.int64]:
    return np.flatnonzero(grid.part_of(np.arange(grid.COUNT)) == grid.TRAINING)


def _render(index: NDArray[np.int64]) -> NDArray[np.uint8]:
    values = grid.values_of(grid.classes_at(index))
    return render_sprites(*values.T[grid.SHAPE :])
