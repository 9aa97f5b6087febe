"""Spectral norms beside torch's singular values, gains beside a plain loop."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import dagspec
from dagspec.objective.spectral import (
    SpectralNorms,
    batch_norm_gains,
    largest_gains,
    matrix,
)


def tower() -> nn.Sequential:
    """Convolutions of both kinds, with groups, two of them of one shape."""
    generator = torch.Generator().manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.Conv2d(3, 8, 3),
        nn.Conv2d(8, 8, 5, groups=4),
        nn.ConvTranspose2d(8, 6, 4),
        nn.ConvTranspose2d(6, 4, 3, groups=2),
        nn.BatchNorm2d(5),
        nn.BatchNorm1d(7),
        nn.BatchNorm2d(5, affine=False),
        nn.GroupNorm(1, 5),
        nn.Linear(9, 9),
    ).double()
    with torch.no_grad():
        for value in model.parameters():
            value.copy_(torch.randn(value.shape, generator=generator))
    return model


def convolutions(model: nn.Sequential) -> list[nn.Conv2d | nn.ConvTranspose2d]:
    return [m for m in model if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]


def by_columns(module: nn.Module) -> Tensor:
    """W put together column by column, from what one number in makes of one tap."""
    assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    weight, groups = module.weight, module.groups
    inputs, outputs = module.in_channels // groups, module.out_channels // groups
    rows: list[Tensor] = []
    for out in range(module.out_channels):
        group, place = divmod(out, outputs)
        taps = [
            weight[out, i]
            if isinstance(module, nn.Conv2d)
            else weight[group * inputs + i, place]
            for i in range(inputs)
        ]
        rows.append(torch.cat([tap.flatten() for tap in taps]))
    return torch.stack(rows)


def sigmas(model: nn.Module) -> Tensor:
    found = [
        torch.linalg.svdvals(by_columns(module))[0]
        for module in model.modules()
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    ]
    return torch.stack(found).sum()


def test_a_transposed_weight_is_turned_round() -> None:
    for module in convolutions(tower()):
        assert torch.equal(matrix(module), by_columns(module))


def test_the_sum_is_that_of_the_largest_singular_values() -> None:
    model = tower()
    norms = SpectralNorms(model)
    for _ in range(20):
        norms()
    torch.testing.assert_close(norms(), sigmas(model))


def test_forty_iterations_are_close_from_the_start() -> None:
    model = tower()
    torch.testing.assert_close(SpectralNorms(model)(), sigmas(model), rtol=1e-3, atol=0)


def test_the_gradient_is_that_of_the_singular_values() -> None:
    model = tower()
    norms = SpectralNorms(model, first=2000)
    weights = [module.weight for module in convolutions(model)]
    found = torch.autograd.grad(norms(), weights)
    expected = torch.autograd.grad(sigmas(model), weights)
    for mine, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-7)


def test_it_follows_weights_that_move() -> None:
    model = tower()
    norms = SpectralNorms(model)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for module in convolutions(model):
            moved = torch.randn(module.weight.shape, generator=generator)
            module.weight.add_(0.05 * moved)
    norms.eval()
    before = (norms() - sigmas(model)).abs()
    norms.train()
    for _ in range(5):
        norms()
    assert (norms() - sigmas(model)).abs() < before


def test_matrices_of_one_shape_share_saved_vectors() -> None:
    state = SpectralNorms(tower()).state_dict()
    assert {key: tuple(value.shape) for key, value in state.items()} == {
        "u_8x27": (2, 1, 8),
        "v_8x27": (2, 1, 27),
        "u_8x50": (1, 1, 8),
        "v_8x50": (1, 1, 50),
        "u_6x128": (1, 1, 6),
        "v_6x128": (1, 1, 128),
        "u_4x27": (1, 1, 4),
        "v_4x27": (1, 1, 27),
    }
    assert not any(value.requires_grad for value in state.values())


def test_a_run_goes_on_from_what_was_saved() -> None:
    model = tower()
    through, first = SpectralNorms(model, first=1), SpectralNorms(model, first=1)
    assert torch.equal(through(), first())
    resumed = SpectralNorms(model)
    resumed.load_state_dict(first.state_dict())
    assert torch.equal(through(), resumed())


def left(norms: SpectralNorms) -> Tensor:
    return norms.get_buffer("u_8x50")


def test_four_iterations_a_call_and_none_in_eval() -> None:
    model = tower()
    once, often = SpectralNorms(model, first=5), SpectralNorms(model, first=1)
    often()
    torch.testing.assert_close(left(often), left(once))
    kept = left(once).clone()
    once.eval()
    once()
    assert torch.equal(left(once), kept)


def test_two_calls_before_one_backward_are_fine() -> None:
    norms = SpectralNorms(tower())
    (norms() + norms()).backward()


def test_the_global_generator_is_not_touched() -> None:
    model = tower()
    before = torch.get_rng_state()
    first = SpectralNorms(model)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(1)
    assert torch.equal(left(first), left(SpectralNorms(model)))


def test_half_precision_does_not_reach_it() -> None:
    exact = SpectralNorms(tower())().float()
    norms = SpectralNorms(tower().float())
    with torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(norms(), exact, rtol=1e-5, atol=0)


def test_the_largest_gain_of_each_batch_norm_counts() -> None:
    model = tower()
    gains = batch_norm_gains(model)
    weights = [model.get_parameter(f"{number}.weight").tolist() for number in (5, 6)]
    expected = sum(max(abs(gain) for gain in own) for own in weights)
    assert largest_gains(gains).item() == pytest.approx(expected)


def test_a_model_of_vectors_has_no_convolutions() -> None:
    model = dagspec.build_model(
        dagspec.parse("model m\nobserve x: normal[4]\nlatent z: normal[1]\n")
    )
    assert SpectralNorms(model).groups == {}
    assert batch_norm_gains(model) == []
