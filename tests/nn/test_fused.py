"""Stacked parameters are saved and loaded one entry a latent."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import dagspec
from dagspec.nn.fused import Fused
from dagspec.nn.queries import ConceptVAE

TEXT = """
model m
observe x: normal[6]
features { widths = [12, 10] }
latent a, b: normal[2]
latent c, d: normal[1]
a, b -> c
b -> d
"""


def build(text: str = TEXT, seed: int = 0) -> ConceptVAE:
    return dagspec.build_model(dagspec.parse(text), seed=seed)


def test_entries_are_named_after_latents_and_shaped_like_layers() -> None:
    state = build().state_dict()
    assert state["mechanisms.c.from.b.weight"].shape == (32, 2)
    assert state["mechanisms.c.bias"].shape == (32,)
    assert state["mechanisms.c.1.weight"].shape == (2, 32)
    assert state["heads.d.readout.weight"].shape == (32, 256)
    assert state["heads.d.from.b.weight"].shape == (32, 2)
    assert state["writers.2.from.a.weight"].shape == (256, 2)
    assert not any("level" in key for key in state)


def test_entries_hold_every_parameter_once() -> None:
    model = build()
    entries = sum(value.numel() for value in model.state_dict().values())
    assert entries == sum(value.numel() for value in model.parameters())
    assert entries == sum(dagspec.lower(dagspec.parse(TEXT)).parameters.values())


def test_round_trip_under_a_prefix_is_exact() -> None:
    wrapped, other = nn.ModuleDict({"m": build()}), nn.ModuleDict({"m": build(seed=1)})
    state = wrapped.state_dict()
    assert all(key.startswith("m.") for key in state)
    other.load_state_dict(state)
    for key, value in other.state_dict().items():
        assert torch.equal(value, state[key]), key


def test_permuted_parents_keep_their_own_weights() -> None:
    model, other = build(), build(TEXT.replace("a, b -> c", "b -> c\na -> c"), seed=1)
    other.load_state_dict(model.state_dict())
    x = torch.rand(4, 6)
    noise = model.noise(4)
    torch.testing.assert_close(model.elbo(x, noise), other.elbo(x, noise))


def test_a_missing_entry_is_named() -> None:
    state = build().state_dict()
    del state["heads.c.from.a.weight"]
    with pytest.raises(RuntimeError, match=r"Missing.*heads\.c\.from\.a\.weight"):
        build().load_state_dict(state)


def test_a_foreign_entry_is_named() -> None:
    state = build().state_dict()
    state["heads.c.from.d.weight"] = torch.zeros(32, 1)
    with pytest.raises(RuntimeError, match=r"Unexpected.*heads\.c\.from\.d\.weight"):
        build().load_state_dict(state)


def test_another_shape_names_the_latent() -> None:
    state = build(TEXT.replace("a, b: normal[2]", "a, b: normal[1]")).state_dict()
    with pytest.raises(RuntimeError, match=r"heads\.a\.1\.weight: the checkpoint has"):
        build().load_state_dict(state)


def test_what_is_saved_does_not_change_with_the_model() -> None:
    model = build()
    state = model.state_dict()
    before = state["heads.a.bias"].clone()
    with torch.no_grad():
        for value in model.parameters():
            value.add_(1)
    assert torch.equal(state["heads.a.bias"], before)


def uncovered(level: Fused) -> list[torch.Tensor]:
    """The values of stacked parameters that belong to no entry."""
    masks = {name: torch.ones_like(v) for name, v in level.named_parameters()}
    for entry in level.entries.values():
        masks[entry.parameter][entry.index] = 0
    return [getattr(level, name)[mask.bool()] for name, mask in masks.items()]


def test_padding_is_there_and_stays_zero_in_training() -> None:
    model = build("""
model m
observe x: normal[6]
features { widths = [12, 10] }
latent a, b, c, d, e: normal[1]
latent f, g: normal[1]
a, b, c -> f
a, b, c, d -> g
""")
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(3):
        optimizer.zero_grad()
        (-model.elbo(torch.rand(8, 6)).mean()).backward()
        optimizer.step()
    padding = [
        part
        for level in (*model.mechanisms.levels, *model.heads.levels)
        if isinstance(level, Fused)
        for part in uncovered(level)
    ]
    assert sum(part.numel() for part in padding) == 2 * 32
    assert all((part == 0).all() for part in padding)
