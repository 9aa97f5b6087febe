"""Parameters stacked over latents for speed, saved one entry a latent for people.

A level of L latents holds one weight `(L, out, in)` a layer. Its state dict holds
`NAME.1.weight` of shape `(out, in)` for each latent instead, so that a checkpoint does
not depend on how latents were grouped, and a shape error names the latent that it
concerns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Entry:
    """One entry of the state dict: a part of a stacked parameter.

    Attributes:
        parameter: Name of the stacked parameter.
        index: The part of it, as an index.
        bound: Its first values are uniform between minus and plus this number.
    """

    parameter: str
    index: tuple[int | slice, ...]
    bound: float = 0.0


def he_bound(fan_in: int) -> float:
    """Bound of a uniform distribution with variance 2/fan_in (He et al. 2015)."""
    return sqrt(6 / fan_in)


class Fused(nn.Module):
    """A module whose own parameters are stacked; `entries` says what is where.

    Inside a `FusedLevels`, the owner saves and loads the entries, so that no number of
    a level gets into their keys.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, Entry] = {}
        self.owned = False

    def views(self) -> Iterator[tuple[str, Tensor, float]]:
        """Key, values and bound of every entry; the values share memory."""
        for key, entry in self.entries.items():
            yield key, getattr(self, entry.parameter)[entry.index], entry.bound

    def _save_to_state_dict(
        self, destination: dict[str, Any], prefix: str, keep_vars: bool
    ) -> None:
        if self.owned:
            return
        for key, value, _ in self.views():
            destination[prefix + key] = value if keep_vars else value.detach().clone()

    def _load_from_state_dict(
        self,
        state_dict: Mapping[str, Any],
        prefix: str,
        local_metadata: Mapping[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        if self.owned:
            return
        known = dict[str, Tensor](
            (prefix + key, value) for key, value, _ in self.views()
        )
        for key, value in known.items():
            found = state_dict.get(key)
            if found is None:
                missing_keys.append(key)
            elif found.shape != value.shape:
                error_msgs.append(
                    f"size mismatch for {key}: the checkpoint has "
                    f"{tuple(found.shape)}, the model {tuple(value.shape)}."
                )
            else:
                with torch.no_grad():
                    value.copy_(found)
        children = {f"{prefix}{name}" for name in self._modules}
        unexpected_keys.extend(
            key
            for key in state_dict
            if key.startswith(prefix)
            and key not in known
            and prefix + key.removeprefix(prefix).partition(".")[0] not in children
        )


class Empty(Fused):
    """A level of concepts without parameters."""

    def forward(self, latents: Tensor) -> Tensor:
        """Nothing, `(1, 0, 1)`."""
        return latents.new_zeros(1, 0, 1)


class FusedLevels(Fused):
    """Fused modules that are computed in turn and saved together."""

    def __init__(self, levels: Sequence[Fused]) -> None:
        super().__init__()
        self.levels = nn.ModuleList(levels)
        for level in levels:
            level.owned = True

    def views(self) -> Iterator[tuple[str, Tensor, float]]:
        """Key, values and bound of every entry of every level."""
        for level in self.levels:
            assert isinstance(level, Fused)
            yield from level.views()
