"""Parameters by the names of the state dict, though many are stacked into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

from dagspec.nn.fused import Fused, FusedLevels


@dataclass(frozen=True)
class Named:
    """One entry of the state dict that is learned.

    Attributes:
        key: Its name there.
        parameter: The parameter that it is part of.
        index: Which part.
    """

    key: str
    parameter: nn.Parameter
    index: tuple[int | slice, ...]

    @property
    def value(self) -> Tensor:
        """Its numbers."""
        return self.parameter.detach()[self.index]

    @property
    def gradient(self) -> Tensor | None:
        """The gradient by them, if there is one."""
        return None if self.parameter.grad is None else self.parameter.grad[self.index]


def named_entries(module: nn.Module, prefix: str = "") -> Iterator[Named]:
    """Every learned entry of the module's state dict.

    Args:
        module: A model or a part of one.
        prefix: What the names start with.
    """
    parts = cast("Iterator[tuple[str, nn.Module]]", module.named_modules())
    for path, part in parts:
        start = ".".join(filter(None, (prefix, path)))
        start = f"{start}." if start else ""
        if isinstance(part, Fused):
            if not part.owned:
                yield from _fused(part, start)
            continue
        own: Mapping[str, nn.Parameter] = dict(part.named_parameters(recurse=False))
        for name, parameter in own.items():
            yield Named(start + name, parameter, ())


def _fused(part: Fused, start: str) -> Iterator[Named]:
    owners = part.levels if isinstance(part, FusedLevels) else [part]
    for owner in owners:
        assert isinstance(owner, Fused)
        for key, entry in owner.entries.items():
            parameter = getattr(owner, entry.parameter)
            if isinstance(parameter, nn.Parameter):
                yield Named(start + key, parameter, entry.index)
