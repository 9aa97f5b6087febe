"""A model starts near its standard priors, whatever it is made of."""

from __future__ import annotations

import pytest
import torch

import dagspec

TEXT = """
model blobs
observe image: normal[3, 48, 48]
features {{ widths = [32, 48, 64], norm = {norm}, block = {block} }}
latent kind: categorical[4]
latent stain: bernoulli[1]
latent size, shade, tone: normal[1]
latent angle: normal[2]
latent bright: laplace[1]
latent texture: normal[4]
kind -> size -> shade -> tone -> texture
stain, size -> bright
inference {{ combine = {combine} }}
"""


@pytest.mark.parametrize("combine", ["independent", "residual"])
@pytest.mark.parametrize("norm", ["none", "batch", "group"])
@pytest.mark.parametrize("block", ["conv", "residual", "nvae"])
def test_first_values_are_moderate(block: str, norm: str, combine: str) -> None:
    text = TEXT.format(block=block, norm=norm, combine=combine)
    model = dagspec.build_model(dagspec.parse(text))
    torch.manual_seed(0)
    x = torch.rand(8, 3, 48, 48)
    out = model(x)
    # Residual features are not activated, so heads on them start larger.
    nats = 2 if block == "conv" else 150
    assert max(value.mean().item() for value in out.kl.values()) < nats
    assert out.elbo.mean().item() / x[0].numel() > -5 * nats
    assert model.sample(16).x.abs().max().item() < 50


def test_biases_are_zero_and_not_minus_zero() -> None:
    model = dagspec.build_model(
        dagspec.parse(TEXT.format(norm="none", block="conv", combine="independent"))
    )
    biases = [v for name, v in model.state_dict().items() if name.endswith(".bias")]
    assert biases
    assert not any(value.signbit().any() or value.any() for value in biases)
