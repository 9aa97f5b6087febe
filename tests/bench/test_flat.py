from __future__ import annotations

import pytest
import torch
from torch import nn

import dagspec
from dagspec.bench.flat import FlatVAE
from dagspec.bench.step import noise_batch

SPECS = {
    "image": "observe image: bernoulli[1, 64, 64]\nlatent a: normal[2]\n"
    "latent b: categorical[3]\na -> b\n",
    "odd": "observe image: normal[3, 27, 63]\nlatent a: normal[4]\n",
    "vector": "observe x: normal[7]\nfeatures { activation = relu }\n"
    "latent a: normal[2]\n",
}


@pytest.fixture(params=SPECS, scope="module")
def pair(request):
    spec = dagspec.parse(f"model m\n{SPECS[request.param]}")
    model = dagspec.build_model(spec)
    return model, FlatVAE(model, dagspec.lower(spec)), spec


def shapes(module: nn.Module) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in module.named_parameters()}


@pytest.mark.parametrize("tower", ["encoder", "decoder"])
def test_the_towers_are_the_same(pair, tower: str) -> None:
    model, flat, _ = pair
    assert shapes(getattr(flat, tower)) == shapes(getattr(model, tower))


def test_the_towers_are_not_shared(pair) -> None:
    model, flat, _ = pair
    own = {id(value) for value in model.parameters()}
    assert own.isdisjoint(id(value) for value in flat.parameters())


def test_the_latent_is_as_wide_as_all_concepts(pair) -> None:
    _, flat, spec = pair
    assert flat.width == sum(latent.dim for latent in spec.latents)
    assert flat.head.out_features == 2 * flat.width


def test_every_parameter_is_trained(pair) -> None:
    _, flat, spec = pair
    flat.elbo(noise_batch(spec.observed.shape, 2)).sum().backward()
    assert all(value.grad is not None for value in flat.parameters())


def test_the_elbo_is_one_number_an_example(pair) -> None:
    _, flat, spec = pair
    assert flat.elbo(noise_batch(spec.observed.shape, 2)).shape == (2,)


def test_the_activation_is_the_specs() -> None:
    spec = dagspec.parse(f"model m\n{SPECS['vector']}")
    flat = FlatVAE(dagspec.build_model(spec), dagspec.lower(spec))
    kinds = {type(module) for module in flat.modules()}
    assert nn.ReLU in kinds
    assert nn.SiLU not in kinds
