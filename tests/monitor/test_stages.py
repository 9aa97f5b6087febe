"""The features of the way up: dead channels and values for a histogram."""

from __future__ import annotations

import pytest
import torch

from dagspec.monitor import measure
from dagspec.monitor.stages import SAMPLED, StageSums
from tests.monitor.models import images, small


def _features(count: int = 20, channels: int = 8) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(count, channels, 6, 5, generator=generator)


def _dead(*parts: torch.Tensor) -> float:
    sums = StageSums(len(parts))
    for part in parts:
        sums.add(part)
    return sums.stats(1).dead


def test_a_channel_that_varies_is_alive():
    assert _dead(_features()) == 0


@pytest.mark.parametrize("value", [0.0, 3.0, -0.2])
def test_a_constant_channel_is_dead(value: float):
    features = _features()
    features[:, 2] = value
    assert _dead(features) == 1 / 8


def test_a_channel_that_hardly_varies_is_dead():
    features = _features()
    features[:, 2] *= 1e-5
    features[:, 3] *= 1e-3
    assert _dead(features) == 1 / 8


def test_the_scale_of_a_stage_does_not_matter():
    features = _features()
    features[:, 2] *= 1e-5
    assert _dead(1e-6 * features) == 1 / 8


@pytest.mark.parametrize("value", [0.0, 0.7])
def test_a_stage_that_is_constant_altogether_is_dead(value: float):
    channels = torch.arange(1, 9).view(1, 8, 1, 1)
    assert _dead(torch.full((20, 8, 6, 5), value) * channels) == 1


def test_a_channel_that_varies_between_parts_only_is_alive():
    one, other = _features(), _features(7)
    one[:, 2], other[:, 2] = 1.0, 2.0
    assert _dead(one, other) == 0


def test_units_of_a_vector_are_channels():
    features = _features(300).flatten(2).mean(2)
    features[:, 0] = 1.0
    assert _dead(features) == 1 / 8


def test_a_dead_channel_of_a_model_is_found():
    spec, model = small()
    state = model.state_dict()
    state["encoder.stages.1.halve.conv.weight"][:4] = 0.0
    model.load_state_dict(state)
    first, second = measure(model, images(), spec).stages
    assert (first.number, first.channels, first.dead) == (1, 8, 0.5)
    assert (second.number, second.channels, second.dead) == (2, 16, 0.0)


def test_values_are_some_of_all_examples_channels_and_positions():
    parts = [_features(40, 8), _features(40, 8) + 100]
    sums = StageSums(2)
    for part in parts:
        # What a value is tells where it was.
        shape = part.shape
        sums.add(torch.arange(part.numel(), dtype=torch.float32).view(shape))
    values = sums.stats(1).values
    assert len(values) <= SAMPLED
    for half in values.chunk(2):
        place = half.long()
        assert len(place.unique()) > 0.99 * len(place)
        example, channel = place // 240, place // 30 % 8
        row, column = place // 5 % 6, place % 5
        for found, size in ((example, 40), (channel, 8), (row, 6), (column, 5)):
            counts = torch.bincount(found, minlength=size).double()
            assert counts.min() > 0.8 * counts.mean()
            assert counts.max() < 1.2 * counts.mean()


def test_a_small_stage_is_taken_whole():
    features = _features(3)
    sums = StageSums(1)
    sums.add(features)
    assert torch.equal(sums.stats(1).values, features.flatten())
