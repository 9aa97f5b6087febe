"""The state of an optimiser as named tensors and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor

from dagspec.checkpoint.format import CheckpointError

PREFIX = "optimizer/"


def pack_optimizer(
    optimizer: torch.optim.Optimizer,
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What an optimiser knows beside its parameters.

    Args:
        optimizer: With one or several groups of parameters.

    Returns:
        The state of each parameter by `optimizer/INDEX/NAME`, not copied, such as
        `optimizer/0/exp_avg`, where the index counts the parameters in their order;
        and what is no tensor, as JSON.
    """
    state = optimizer.state_dict()
    tensors: dict[str, Tensor] = {}
    values: dict[str, Any] = {}
    for index, entries in state["state"].items():
        for name, value in entries.items():
            if isinstance(value, Tensor):
                tensors[f"{PREFIX}{index}/{name}"] = value
            else:
                values[f"{index}/{name}"] = value
    groups = [_plain(group) for group in state["param_groups"]]
    count = sum(len(group["params"]) for group in state["param_groups"])
    return tensors, {"values": values, "groups": groups, "count": count}


def unpack_optimizer(
    optimizer: torch.optim.Optimizer,
    tensors: Mapping[str, Tensor],
    record: Mapping[str, Any],
) -> None:
    """Give an optimiser the state that another one of its kind had.

    Its next steps are then, to the bit, what those of the other would have been.

    Args:
        optimizer: For parameters of the same shapes, in the same order.
        tensors: What `pack_optimizer` gave, copied; others are not looked at.
        record: What it gave beside them.

    Raises:
        CheckpointError: The state is that of other parameters.
    """
    groups = optimizer.state_dict()["param_groups"]
    if len(groups) != len(record["groups"]):
        raise CheckpointError("the optimiser's state has other groups of parameters")
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    if len(parameters) != record["count"]:
        packed = f"{record['count']} parameters, not {len(parameters)}"
        raise CheckpointError(f"the optimiser's state is of {packed}")
    state = _state(tensors, record)
    for index, own in state.items():
        _check(own, parameters[index], index)
        _lay_out(own, parameters[index])
    restored = [
        _typed(settings) | {"params": group["params"]}
        for group, settings in zip(groups, record["groups"], strict=True)
    ]
    optimizer.load_state_dict({"state": state, "param_groups": restored})


def _state(
    tensors: Mapping[str, Tensor], record: Mapping[str, Any]
) -> dict[int, dict[str, Any]]:
    """What belongs to each parameter, by the index that it was packed with."""
    named = dict[str, Any](record["values"])
    named |= {
        key.removeprefix(PREFIX): value.clone()
        for key, value in tensors.items()
        if key.startswith(PREFIX)
    }
    state: dict[int, dict[str, Any]] = {}
    for key, value in named.items():
        index, _, name = key.partition("/")
        state.setdefault(int(index), {})[name] = value
    return state


def _plain(group: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a group; which parameters it has is not its own to say."""
    return {
        key: value.item() if isinstance(value, Tensor) else value
        for key, value in group.items()
        if key not in ("params", "param_names")
    }


def _typed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings that JSON has turned from tuples into lists, as they were."""
    return {
        key: tuple(cast("list[object]", value)) if isinstance(value, list) else value
        for key, value in settings.items()
    }


def _check(entries: Mapping[str, object], parameter: Tensor, index: int) -> None:
    for name, value in entries.items():
        if isinstance(value, Tensor) and value.dim() and value.shape != parameter.shape:
            raise CheckpointError(
                f"`{index}/{name}` of the optimiser has the shape "
                f"{tuple(value.shape)}, its parameter {tuple(parameter.shape)}"
            )


def _lay_out(state: dict[str, Any], parameter: Tensor) -> None:
    """Give the state the strides of its parameter, as it had them when it was made.

    Torch rounds differently where the two lie in memory in different orders.
    """
    for name, value in state.items():
        if isinstance(value, Tensor) and value.shape == parameter.shape:
            laid_out = torch.empty_like(parameter, dtype=value.dtype)
            state[name] = laid_out.detach().copy_(value)
