"""What people ask of a model."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch.distributions import Distribution

import dagspec
from dagspec.nn.queries import ConceptVAE

TEXT = """
model small
observe image: bernoulli[1, 6, 6]
latent kind: categorical[3]
latent size: normal[1]
latent angle: normal[2]
kind -> size
"""
B = 4


@pytest.fixture
def model() -> ConceptVAE:
    return dagspec.build_model(dagspec.parse(TEXT)).double().eval()


@pytest.fixture
def x() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(B, 1, 6, 6, generator=generator).round().double()


def test_everything_is_a_dict_in_the_order_declared(
    model: ConceptVAE, x: torch.Tensor
) -> None:
    names = ["kind", "size", "angle"]
    out = model(x)
    for found in (
        model.encode(x),
        model.sample(2).latents,
        model.posterior(x),
        model.prior(model.encode(x)),
        out.latents,
        out.kl,
        out.prior,
        out.posterior,
    ):
        assert list(found) == names
    assert list(model.noise(2)) == [*names, "image", "kind/abduction"]
    for found in (*out.prior.values(), *out.posterior.values(), out.likelihood):
        assert isinstance(found, Distribution)
        assert found.batch_shape == (B,)


def test_noise_makes_every_query_reproducible(
    model: ConceptVAE, x: torch.Tensor
) -> None:
    noise = model.noise(B, seed=3)
    assert torch.equal(model.elbo(x, noise), model.elbo(x, noise))
    assert torch.equal(
        model.reconstruct(x, noise), model.decode(model.encode(x, noise))
    )
    first, second = model.sample(B, noise=noise), model.sample(B, seed=3)
    assert torch.equal(first.x, second.x)
    drawn = model.sample(B, seed=3, draw=True)
    assert set(drawn.x.unique().tolist()) <= {0.0, 1.0}
    assert torch.equal(drawn.x, model.sample(B, noise=noise, draw=True).x)


def test_noise_of_a_concept_depends_on_its_name_and_the_seed_alone(
    model: ConceptVAE,
) -> None:
    other = dagspec.build_model(dagspec.parse(TEXT + "latent more: normal[1]\n"))
    mine, theirs = model.noise(3, seed=1), other.double().noise(3, seed=1)
    for name, value in mine.items():
        assert torch.equal(value, theirs[name]), name
    assert not torch.equal(mine["size"], model.noise(3, seed=2)["size"])


def test_without_noise_torchs_generator_decides(
    model: ConceptVAE, x: torch.Tensor
) -> None:
    torch.manual_seed(1)
    first = model.elbo(x)
    second = model.elbo(x)
    torch.manual_seed(1)
    assert torch.equal(model.elbo(x), first)
    assert not torch.equal(first, second)


@pytest.mark.parametrize(
    ("name", "setting", "expected"),
    [
        ("kind", 2, [0.0, 0.0, 1.0]),
        ("kind", [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]),
        ("size", -1.5, [-1.5]),
        ("angle", [0.5, 1], [0.5, 1.0]),
    ],
)
def test_do_takes_a_value_in_each_of_its_forms(
    model: ConceptVAE, name: str, setting: Any, expected: list[float]
) -> None:
    found = model.sample(2, do={name: setting}).latents[name]
    assert found.tolist() == [expected, expected]


def test_do_takes_a_value_for_each_sample_and_several_nodes(model: ConceptVAE) -> None:
    values = torch.tensor([[1.0], [2.0]])
    found = model.sample(2, do={"size": values, "kind": 0}).latents
    assert torch.equal(found["size"], values.double())
    assert found["kind"].argmax(1).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ({"colour": 1}, "no concept 'colour'; there are kind, size, angle"),
        ({"kind": 3}, r"'kind' takes a class from 0 to 2, .*, not 3$"),
        ({"kind": -1}, r"'kind' takes a class from 0 to 2, .*, not -1$"),
        ({"kind": 0.5}, r"'kind' takes a class from 0 to 2, .*, not 0\.5$"),
        ({"kind": math.inf}, r"'kind' takes a class from 0 to 2, .*, not inf$"),
        ({"kind": math.nan}, r"'kind' takes a class from 0 to 2, .*, not nan$"),
        ({"kind": "red"}, "'kind' takes numbers, not 'red'$"),
        ({"kind": None}, "'kind' takes numbers, not None$"),
        ({"size": "9" * 500}, r"'size' takes numbers, not '9+\.\.\.9+'$"),
        ({"angle": [1.0, [2.0]]}, r"'angle' takes numbers, not \[1\.0, \[2\.0\]\]$"),
        ({"size": 10**400}, "'size' takes numbers, not 1000"),
        ({"angle": 1.0}, r"'angle' takes \[2\] or \[2, 2\] numbers"),
        ({"size": [1.0, 2.0, 3.0]}, r"'size' takes \[1\] or \[2, 1\] numbers"),
    ],
)
def test_a_wrong_setting_is_named(
    model: ConceptVAE, do: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        model.sample(2, do=do)


def test_values_of_a_missing_concept_are_named(model: ConceptVAE) -> None:
    latents = model.sample(2).latents
    del latents["size"]
    with pytest.raises(KeyError, match="no value for size"):
        model.decode(latents)


def test_log_likelihood_is_the_elbo_or_better_and_right_where_q_is_exact() -> None:
    text = """
model exact
observe x: normal[1] { sigma = 1 }
features { widths = [4] }
latent z: normal[1]
"""
    model = dagspec.build_model(dagspec.parse(text)).double()
    with torch.no_grad():
        for value in model.parameters():
            value.zero_()
    x = torch.tensor([[0.3], [-2.0]]).double()
    # With all weights zero, x does not depend on z: log p(x) = log N(x; 0, 1).
    expected = -0.5 * (x.flatten() ** 2 + math.log(2 * math.pi))
    torch.testing.assert_close(model.log_likelihood(x, samples=2), expected)


def test_log_likelihood_grows_with_the_samples(
    model: ConceptVAE, x: torch.Tensor
) -> None:
    torch.manual_seed(0)
    elbo = torch.stack([model.elbo(x) for _ in range(300)]).mean(0)
    few = torch.stack([model.log_likelihood(x, 2) for _ in range(100)]).mean(0)
    many = model.log_likelihood(x, 2000)
    assert (elbo < few).all()
    assert (few < many).all()
    with pytest.raises(ValueError, match="samples must be at least 1, not 0"):
        model.log_likelihood(x, 0)


def test_seeds_decide_the_weights() -> None:
    spec = dagspec.parse(TEXT)
    one, same, other = (dagspec.build_model(spec, seed=s) for s in (1, 1, 2))
    for key, value in one.state_dict().items():
        assert torch.equal(value, same.state_dict()[key]), key
    key = "heads.size.readout.weight"
    assert not torch.equal(one.state_dict()[key], other.state_dict()[key])


def test_a_step_of_training_moves_every_part(x: torch.Tensor) -> None:
    model = dagspec.build_model(dagspec.parse(TEXT)).double()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(2):
        optimizer.zero_grad()
        (-model.elbo(x).mean()).backward()
        optimizer.step()
    still = [k for k, v in model.state_dict().items() if torch.equal(v, before[k])]
    assert still == []


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ({"kind": [1.0, 1.0, 0.0]}, "'kind' takes a class from 0 to 2"),
        ({"kind": torch.tensor([0, 2, 1])}, "'kind' takes a class from 0 to 2"),
        ({"size": math.nan}, "'size' takes finite numbers, not nan$"),
        ({"kind": [1.0, 1.0, 0.0]}, r"one-hot rows .*, not \[1, 1, 0\]$"),
    ],
)
def test_a_value_that_a_concept_cannot_have_is_refused(
    model: ConceptVAE, do: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        model.sample(2, do=do)


def test_a_bernoulli_is_set_to_zeros_and_ones_alone() -> None:
    model = dagspec.build_model(dagspec.parse(TEXT + "latent on: bernoulli[1]\n"))
    assert model.sample(2, do={"on": 1}).latents["on"].tolist() == [[1.0], [1.0]]
    with pytest.raises(ValueError, match="'on' takes zeros and ones"):
        model.sample(2, do={"on": 0.5})


def test_a_refusal_tells_the_row_that_is_wrong_and_not_all_of_them() -> None:
    text = TEXT + "latent wide: bernoulli[50]\n"
    model = dagspec.build_model(dagspec.parse(text))
    value = torch.zeros(30, 50)
    value[20, 0] = 0.5
    message = r"not \[0\.5, 0, 0, 0, 0, 0, … 50 numbers\]$"
    with pytest.raises(ValueError, match=message):
        model.sample(30, do={"wide": value})


def test_an_image_of_another_type_is_named(model: ConceptVAE, x: torch.Tensor) -> None:
    with pytest.raises(TypeError, match=r"image must be torch.float64 .* torch.uint8"):
        model(x.byte())


def test_an_image_of_another_shape_is_named(model: ConceptVAE, x: torch.Tensor) -> None:
    for wrong in (x[0], x.flatten(1), torch.tensor(1.0).double()):
        with pytest.raises(ValueError, match=r"image has the shape \(B, 1, 6, 6\)"):
            model.counterfactual(wrong, {"size": 0})
        with pytest.raises(ValueError, match=r"image has the shape \(B, 1, 6, 6\)"):
            model.traverse(wrong, "size", [0.0])


def test_no_samples_are_refused(model: ConceptVAE) -> None:
    with pytest.raises(ValueError, match="n must be at least 1, not 0"):
        model.sample(0)
