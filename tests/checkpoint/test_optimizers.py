"""An optimiser that is packed and unpacked goes on as if nothing had been."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim import SGD, Adam, Adamax, AdamW, Optimizer

from dagspec.checkpoint import (
    Checkpoint,
    CheckpointError,
    pack_optimizer,
    read,
    unpack_optimizer,
    write,
)

Maker = Callable[[list[nn.Parameter]], Optimizer]

MAKERS: dict[str, Maker] = {
    "adam": lambda p: Adam(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1),
    "adam foreach": lambda p: Adam(p, lr=0.01, foreach=True),
    "adam fused": lambda p: Adam(p, lr=0.01, fused=True),
    "adam amsgrad": lambda p: Adam(p, lr=0.01, amsgrad=True),
    "adamw": lambda p: AdamW(p, lr=0.01, weight_decay=0.1),
    "adamw fused": lambda p: AdamW(p, lr=0.01, fused=True),
    "adamax": lambda p: Adamax(p, lr=0.01),
    "sgd": lambda p: SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "sgd fused": lambda p: SGD(p, lr=0.01, momentum=0.9, fused=True),
    "sgd plain": lambda p: SGD(p, lr=0.01),
    "two groups": lambda p: Adam([{"params": p[:1]}, {"params": p[1:], "lr": 0.1}]),
    "named": lambda p: Adam([(f"p{i}", each) for i, each in enumerate(p)]),
}


def parameters() -> list[nn.Parameter]:
    generator = torch.Generator().manual_seed(0)
    shapes = ((3, 4), (4,), (), (2, 1, 2))
    return [nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]


def by_channels() -> list[nn.Parameter]:
    """Weights of convolutions whose channels lie side by side in memory."""
    generator = torch.Generator().manual_seed(0)
    drawn = torch.randn((2, 8, 8, 4, 4), generator=generator)
    return [nn.Parameter(each.to(memory_format=torch.channels_last)) for each in drawn]


def train(
    values: list[nn.Parameter], optimizer: Optimizer, start: int, end: int
) -> None:
    for step in range(start, end):
        generator = torch.Generator().manual_seed(step)
        for value in values:
            drawn = torch.randn(value.shape, generator=generator)
            # As backward does, which gives a gradient the strides of its parameter.
            value.grad = torch.empty_like(value).copy_(drawn)
        for group in optimizer.param_groups:
            group["lr"] = 0.01 / (1 + step)
        optimizer.step()


def through_a_file(optimizer: Optimizer, path: Path) -> Checkpoint:
    tensors, record = pack_optimizer(optimizer)
    tensors["model/0"] = torch.ones(1)
    write(path, Checkpoint(3, "", tensors, {"optimizer": record}))
    return read(path)


@pytest.mark.parametrize("make", [parameters, by_channels])
@pytest.mark.parametrize("name", MAKERS)
def test_next_steps_are_the_same_to_the_bit(
    name: str, make: Callable[[], list[nn.Parameter]], tmp_path: Path
) -> None:
    values = make()
    optimizer = MAKERS[name](values)
    train(values, optimizer, 0, 3)
    saved = through_a_file(optimizer, tmp_path / "a")
    others = copy.deepcopy(values)
    train(values, optimizer, 3, 6)

    again = MAKERS[name](others)
    unpack_optimizer(again, saved.tensors, saved.record["optimizer"])
    train(others, again, 3, 6)
    assert all(torch.equal(a, b) for a, b in zip(values, others, strict=True))


def test_without_its_state_the_steps_would_differ() -> None:
    values = parameters()
    optimizer = MAKERS["adam"](values)
    train(values, optimizer, 0, 3)
    others = copy.deepcopy(values)
    train(values, optimizer, 3, 6)
    train(others, MAKERS["adam"](others), 3, 6)
    assert not torch.equal(values[0], others[0])


def test_before_the_first_step_there_is_a_state_too() -> None:
    values = parameters()
    tensors, record = pack_optimizer(Adam(values))
    assert tensors == {}
    unpack_optimizer(Adam(values), tensors, record)


def test_settings_come_back_as_they_were() -> None:
    optimizer = MAKERS["adam"](parameters())
    optimizer.param_groups[0]["lr"] = 0.125
    tensors, record = pack_optimizer(optimizer)
    again = Adam(parameters())
    unpack_optimizer(again, tensors, json.loads(json.dumps(record)))
    group = again.param_groups[0]
    assert (group["lr"], group["betas"]) == (0.125, (0.8, 0.95))
    assert group["weight_decay"] == 0.1


def test_keys_count_the_parameters() -> None:
    values = parameters()
    optimizer = MAKERS["adam"](values)
    train(values, optimizer, 0, 1)
    tensors, _ = pack_optimizer(optimizer)
    names = ("exp_avg", "exp_avg_sq", "step")
    assert set(tensors) == {f"optimizer/{i}/{name}" for i in range(4) for name in names}


def test_what_is_unpacked_is_a_copy() -> None:
    values = parameters()
    optimizer = MAKERS["adam"](values)
    train(values, optimizer, 0, 1)
    tensors, record = pack_optimizer(optimizer)
    kept = {key: value.clone() for key, value in tensors.items()}
    again = MAKERS["adam"](parameters())
    unpack_optimizer(again, kept, record)
    train(again.param_groups[0]["params"], again, 1, 2)
    assert all(torch.equal(kept[key], tensors[key]) for key in kept)


def test_another_shape_is_named() -> None:
    values = parameters()
    optimizer = MAKERS["adam"](values)
    train(values, optimizer, 0, 1)
    tensors, record = pack_optimizer(optimizer)
    values[1] = nn.Parameter(torch.ones(5))
    with pytest.raises(CheckpointError, match=r"`1/exp_avg`.* \(4,\), .* \(5,\)"):
        unpack_optimizer(MAKERS["adam"](values), tensors, record)


def test_another_number_of_parameters_is_refused() -> None:
    values = parameters()
    tensors, record = pack_optimizer(MAKERS["adam"](values))
    with pytest.raises(CheckpointError, match="4 parameters, not 3"):
        unpack_optimizer(MAKERS["adam"](values[:3]), tensors, record)


def test_other_groups_are_refused() -> None:
    values = parameters()
    tensors, record = pack_optimizer(MAKERS["two groups"](values))
    with pytest.raises(CheckpointError, match="other groups"):
        unpack_optimizer(MAKERS["adam"](values), tensors, record)
