"""The order in which a finite set is gone through, decided by seed and step alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dagspec.data.streams import stream


class Epochs:
    """Examples `0 .. size - 1`, each once an epoch, in an order of its own each epoch.

    Orders in use are kept, so a step costs microseconds; they are left out of a pickle.
    """

    def __init__(self, size: int) -> None:
        """Orders of so many examples.

        Raises:
            ValueError: There is none.
        """
        if size < 1:
            raise ValueError(f"an epoch needs an example, not {size}")
        self.size = size
        self._orders: dict[tuple[int, int], NDArray[np.int64]] = {}

    def choose(self, step: int, n: int, seed: int) -> NDArray[np.int64]:
        """The examples `(n,)` of a step, counted from 0; see `Source.choose`."""
        start, end = step * n, (step + 1) * n
        parts: list[NDArray[np.int64]] = []
        while start < end:
            epoch, place = divmod(start, self.size)
            part = self._order(epoch, seed)[place : place + end - start]
            parts.append(part)
            start += len(part)
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def __getstate__(self) -> dict[str, object]:
        """All but the orders, which any process makes again."""
        return {"size": self.size, "_orders": {}}

    def _order(self, epoch: int, seed: int) -> NDArray[np.int64]:
        order = self._orders.get((epoch, seed))
        if order is None:
            order = stream("epoch", seed, epoch).permutation(self.size)
            latest = list(self._orders.items())[-1:]  # a step may cross from it
            self._orders = dict(latest) | {(epoch, seed): order}
        return order
