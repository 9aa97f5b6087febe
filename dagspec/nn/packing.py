"""Latents side by side in one tensor, the batch last.

Inside the model the values of all concepts lie in one tensor `(rows, B)`, each concept
in rows of its own, so that the parents of a whole level are gathered by one look-up of
rows. Row 0 is always zero: it stands in for the inputs that a latent with few parents
lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor


class Layout:
    """Which rows of the packed tensor belong to which concept.

    Args:
        dims: Name and dimension of each concept, in the order of their rows.
    """

    def __init__(self, dims: Iterable[tuple[str, int]]) -> None:
        self.slices: dict[str, slice] = {}
        end = 1
        for name, dim in dims:
            self.slices[name] = slice(end, end + dim)
            end += dim
        self.rows = end

    def dim(self, name: str) -> int:
        """Dimension of a concept."""
        rows = self.slices[name]
        return rows.stop - rows.start

    def indices(self, names: Iterable[str], pad_to: int = 0) -> list[int]:
        """Rows of `names` one after another, filled up with row 0."""
        found = [
            row for n in names for row in range(*self.slices[n].indices(self.rows))
        ]
        return found + [0] * (pad_to - len(found))

    def pack(self, latents: Mapping[str, Tensor]) -> Tensor:
        """Values `(B, dim)` by name, as one tensor `(rows, B)`."""
        missing = [name for name in self.slices if name not in latents]
        if missing:
            raise KeyError(f"no value for {', '.join(missing)}")
        parts = [latents[name].T for name in self.slices]
        return torch.cat([parts[0].new_zeros(1, parts[0].shape[1]), *parts])

    def unpack(self, packed: Tensor, order: Sequence[str]) -> dict[str, Tensor]:
        """Values `(B, dim)` by name, in the given order."""
        sizes = [1, *(self.dim(name) for name in self.slices)]
        parts = torch.split(packed.T, sizes, dim=1)
        found = dict(zip(self.slices, parts[1:], strict=True))
        return {name: found[name] for name in order}
