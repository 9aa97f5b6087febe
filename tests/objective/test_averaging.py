"""The moving average beside torch's own."""

from __future__ import annotations

import torch
from torch.optim.swa_utils import AveragedModel

from dagspec.objective import Average
from tests.objective.models import images, model_of, spec_of


def move(model: torch.nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in model.parameters():
            value.add_(torch.randn(value.shape, generator=generator).double())


def test_it_is_torchs_with_a_share_of_the_step() -> None:
    model = model_of(spec_of())
    average = Average(model, 0.9)
    oracle = AveragedModel(
        model,
        avg_fn=lambda old, new, n: old + max(0.1, 9 / (10 + int(n))) * (new - old),
    )
    oracle.update_parameters(model)  # its first update is a copy
    for step in range(1, 120):
        move(model, step)
        average.update(step)
        oracle.update_parameters(model)
    pairs = zip(
        average.model.parameters(),
        oracle.module.parameters(),
        model.parameters(),
        strict=True,
    )
    for mine, theirs, latest in pairs:
        torch.testing.assert_close(mine, theirs)
        assert not torch.equal(mine, latest)


def test_without_decay_it_is_the_model() -> None:
    model = model_of(spec_of())
    average = Average(model, 0.0)
    move(model, 0)
    average.update(1)
    for mine, latest in zip(
        average.model.parameters(), model.parameters(), strict=True
    ):
        torch.testing.assert_close(mine, latest)


def test_buffers_are_copied() -> None:
    model = model_of(spec_of()).train()
    average = Average(model, 0.999)
    model(images())
    model.labels.fit({"size": (torch.tensor([7.0]), torch.tensor([5.0]))})
    average.update(1)
    mine, latest = average.model.state_dict(), model.state_dict()
    buffers = [key for key in mine if "running" in key or key.startswith("labels.")]
    assert len(buffers) > 7
    for key in buffers:
        assert torch.equal(mine[key], latest[key]), key
    assert mine["labels.size.mean"].tolist() == [7.0]


def test_it_follows_a_model_that_was_moved() -> None:
    model = model_of(spec_of()).train()
    average = Average(model, 0.0)
    model._apply(torch.clone)  # what a move to another device does
    move(model, 0)
    model(images())
    average.update(1)
    mine, latest = average.model.state_dict(), model.state_dict()
    for key, value in latest.items():
        torch.testing.assert_close(mine[key], value, msg=key)


def test_the_copy_is_one_and_asks_for_no_gradient() -> None:
    model = model_of(spec_of()).train()
    average = Average(model, 0.9)
    before = average.model.state_dict()["decoder.constant"].clone()
    move(model, 0)
    assert torch.equal(average.model.state_dict()["decoder.constant"], before)
    assert not average.model.training
    assert model.training
    assert not any(value.requires_grad for value in average.model.parameters())
    assert average.model.sample(2).x.shape == (2, 1, 8, 8)
