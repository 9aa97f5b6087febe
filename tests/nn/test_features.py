"""Towers for images of any size and for vectors."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import dagspec
from dagspec.spec import Features, Latent, Observed, Spec

SHAPES = [
    (1, 28, 28),
    (1, 64, 64),
    (3, 96, 80),
    (1, 3, 3),
    (1, 8, 8),
    (1, 1, 7),
    (2, 27, 63),
    (4, 2, 1),
    (20,),
    (1,),
]


def spec(shape: tuple[int, ...], **features: Any) -> Spec:
    latents = (Latent(name="a", family="normal", dim=1),)
    return Spec(
        name="m",
        observed=Observed(name="x", family="bernoulli", shape=shape),
        latents=latents,
        features=Features(**features),
    )


@pytest.mark.parametrize("block", ["conv", "residual", "nvae"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape_comes_back(shape: tuple[int, ...], block: str) -> None:
    model = dagspec.build_model(spec(shape, block=block, norm="group"))
    x = torch.rand(2, *shape)
    features = model.encoder(x)
    plan = dagspec.lower(spec(shape, block=block))
    expected = [stage.shape for stage in plan.features.stages]
    assert [tuple(part.shape[1:]) for part in features] == expected
    assert model.reconstruct(x).shape == x.shape
    assert model(x).elbo.shape == (2,)


@pytest.mark.parametrize("norm", ["none", "batch", "group"])
@pytest.mark.parametrize("block", ["conv", "residual", "nvae"])
@pytest.mark.parametrize("shape", [(3, 10, 6), (7,)], ids=str)
def test_parameters_are_as_planned(
    shape: tuple[int, ...], block: str, norm: str
) -> None:
    given = spec(shape, block=block, norm=norm, widths=(16, 16))
    model = dagspec.build_model(given)
    counted = dagspec.lower(given).parameters
    for part in ("encoder", "decoder", "readouts"):
        found = sum(value.numel() for value in getattr(model, part).parameters())
        assert found == counted[part], part
    total = sum(value.numel() for value in model.parameters())
    assert total == sum(counted.values())


@pytest.mark.parametrize("block", ["conv", "residual", "nvae"])
def test_no_way_from_x_to_x_but_through_concepts(block: str) -> None:
    model = dagspec.build_model(spec((1, 8, 8), block=block)).eval()
    x = torch.rand(2, 1, 8, 8, requires_grad=True)
    latents = {name: value.detach() for name, value in model.encode(x).items()}
    out = model.decode(latents).sum()
    found = torch.autograd.grad(out, x, allow_unused=True)
    assert found == (None,)


def test_another_shape_is_named() -> None:
    model = dagspec.build_model(spec((1, 8, 8)))
    with pytest.raises(ValueError, match=r"x has the shape \(B, 1, 8, 8\), not"):
        model(torch.rand(2, 3, 8, 8))


def test_the_nvae_cells_have_their_squeeze_and_excitation() -> None:
    model = dagspec.build_model(spec((1, 8, 8), block="nvae"))
    names = [type(module).__name__ for module in model.modules()]
    depth = len(dagspec.lower(spec((1, 8, 8))).features.stages)
    assert names.count("SqueezeExcitation") == 2 * depth
    assert names.count("EncoderCell") == names.count("DecoderCell") == depth


@pytest.mark.parametrize("sigma", ["learned", 0.3])
def test_normal_pixels(sigma: Any) -> None:
    observed = Observed(name="x", family="normal", shape=(3, 4, 4), sigma=sigma)
    model = dagspec.build_model(
        spec((3, 4, 4)).model_copy(update={"observed": observed})
    )
    x = torch.randn(2, 3, 4, 4)
    out = model(x)
    torch.testing.assert_close(out.likelihood.log_prob(x), out.log_prob)
    expected = 1.0 if sigma == "learned" else 0.3
    found = out.likelihood.base_dist.scale
    torch.testing.assert_close(found, torch.full_like(found, expected))
    learned = [key for key in model.state_dict() if key.startswith("observation")]
    assert learned == (["observation.log_sigma"] if sigma == "learned" else [])
