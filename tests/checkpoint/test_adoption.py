"""What fits is taken over, and everything is accounted for."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dagspec.checkpoint import Adoption, adopt
from dagspec.compiler import build_model, parse

TEXT = """
model m
observe x: normal[8]
latent a: normal[1]
latent b: normal[{dim}]
"""


def layers() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))


def test_fitting_values_are_taken_and_the_rest_is_told() -> None:
    model = layers()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    tensors: dict[str, Tensor] = {
        "0.weight": torch.full((3, 2), 5.0),
        "0.bias": torch.ones(4),
        "1.running_mean": torch.full((3,), 7.0),
        "2.weight": torch.ones(1),
    }
    found = adopt(model, tensors)
    assert found == Adoption(
        taken=("0.weight", "1.running_mean"),
        left=("0.bias", "2.weight"),
        fresh=(
            "0.bias", "1.weight", "1.bias", "1.running_var", "1.num_batches_tracked"
        ),
    )  # fmt: skip
    state = model.state_dict()
    assert all(torch.equal(state[key], tensors[key]) for key in found.taken)
    assert all(torch.equal(state[key], before[key]) for key in found.fresh)


def test_another_type_is_turned_into_the_models_own() -> None:
    model = layers().double()
    adopt(model, {"0.bias": torch.ones(3)})
    assert model.state_dict()["0.bias"].dtype == torch.float64
    assert model.state_dict()["0.bias"].tolist() == [1.0] * 3


def test_nothing_fits_nothing_is_touched() -> None:
    model = layers()
    assert adopt(model, {}).fresh == tuple(model.state_dict())


def test_a_changed_concept_is_fresh_and_its_neighbour_is_not() -> None:
    old = build_model(parse(TEXT.format(dim=1)), seed=1)
    new = build_model(parse(TEXT.format(dim=2)), seed=2)
    found = adopt(new, old.state_dict())
    own, others = new.state_dict(), old.state_dict()
    assert all(torch.equal(own[key], others[key]) for key in found.taken)
    concept = [key for key in own if ".a." in key]
    assert concept
    assert set(concept) <= set(found.taken)
    assert any(".b." in key for key in found.fresh)
    assert {*found.taken, *found.fresh} == own.keys()
    assert {*found.taken, *found.left} == others.keys()
