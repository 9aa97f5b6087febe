"""Taking over what still fits from the weights of another model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Adoption:
    """What became of every key, in the order of the model and of the weights.

    Attributes:
        taken: Keys whose values were taken over.
        left: Keys of the weights that the model has no place for.
        fresh: Keys of the model that kept their own values.
    """

    taken: tuple[str, ...]
    left: tuple[str, ...]
    fresh: tuple[str, ...]


def adopt(model: nn.Module, tensors: Mapping[str, Tensor]) -> Adoption:
    """Give a model every value whose key and shape it has.

    Args:
        model: Takes the values, in its own types and on its own device.
        tensors: By the keys of a state dict.
    """
    own: dict[str, Tensor] = model.state_dict()
    fitting = {
        key: tensors[key]
        for key, value in own.items()
        if key in tensors and tensors[key].shape == value.shape
    }
    model.load_state_dict(own | fitting)
    return Adoption(
        taken=tuple(fitting),
        left=tuple(key for key in tensors if key not in fitting),
        fresh=tuple(key for key in own if key not in fitting),
    )
