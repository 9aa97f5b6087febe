"""Numbers as a message shows them."""

from __future__ import annotations

from torch import Tensor

_MOST = 6


def shown(numbers: Tensor) -> str:
    """A single number as such, several in brackets; of many the first and how many."""
    first = numbers.flatten()[:_MOST].unbind()
    words = [f"{number.item():g}" for number in first]
    count = numbers.numel()
    if count == 1:
        return words[0]
    rest = [f"… {count} numbers"] if count > _MOST else []
    return f"[{', '.join(words + rest)}]"
