"""What people ask of a model: traversals and counterfactuals, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import dagspec
from dagspec.nn.queries import ConceptVAE
from tests.laws.laws import base_of

TEXT = """
model small
observe image: bernoulli[1, 6, 6]
latent kind: categorical[3] { label = "kind" }
latent size: normal[1] { label = "size" }
latent angle: normal[2] { label = "turn" }
latent lit: bernoulli[1]
kind -> size -> lit
size -> angle
"""
B = 4


@pytest.fixture
def model() -> ConceptVAE:
    model = dagspec.build_model(dagspec.parse(TEXT)).double().eval()
    scale = (torch.tensor([10.0]), torch.tensor([2.0]))
    model.labels.fit({"size": scale}, periods={"angle": 360.0})
    return model


@pytest.fixture
def x() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(B, 1, 6, 6, generator=generator).round().double()


def test_traverse_holds_everything_else(model: ConceptVAE, x: Tensor) -> None:
    noise = model.noise(B)
    values = [-1.0, 0.0, 2.0]
    found = model.traverse(x, "size", values, noise)
    encoded = model.encode(x, noise)
    assert found.x.shape == (3 * B, 1, 6, 6)
    assert found.latents["size"].flatten().tolist() == values * B
    for name in ("kind", "angle"):
        repeated = encoded[name].repeat_interleave(3, 0)
        assert torch.equal(found.latents[name], repeated)
    torch.testing.assert_close(found.x, model.decode(found.latents))


def test_traverse_is_not_an_intervention(model: ConceptVAE, x: Tensor) -> None:
    noise = model.noise(B)
    held = model.traverse(x, "kind", [0, 1, 2], noise).latents["size"]
    assert torch.equal(held[0], held[2])
    followed = [model.sample(B, do={"kind": k}, noise=noise).latents for k in (0, 2)]
    assert not torch.equal(followed[0]["size"], followed[1]["size"])


def test_traverse_takes_a_value_for_each_observation(
    model: ConceptVAE, x: Tensor
) -> None:
    own = torch.tensor([[0.0], [1.0], [2.0], [3.0]]).double()
    found = model.traverse(x, "size", [own, own + 10]).latents["size"]
    assert found.flatten().tolist() == [0, 10, 1, 11, 2, 12, 3, 13]


def test_traverse_moves_several_concepts_together(model: ConceptVAE, x: Tensor) -> None:
    noise = model.noise(B)
    walks: dict[str, Any] = {"size": [1.0, 2.0], "kind": [0, 2]}
    found = model.traverse(x, walks, noise=noise)
    assert found.x.shape == (2 * B, 1, 6, 6)
    assert found.latents["size"].flatten().tolist() == [1.0, 2.0] * B
    assert found.latents["kind"].argmax(1).tolist() == [0, 2] * B
    held = model.encode(x, noise)["angle"].repeat_interleave(2, 0)
    assert torch.equal(found.latents["angle"], held)


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("size", [], "no value was given for 'size'"),
        ("size", None, "no value was given for 'size'"),
        ({}, None, "no concept to traverse was given"),
        ({"size": []}, None, "no value was given for 'size'"),
        ({"size": [1.0]}, [1.0], "values go with one concept"),
        (
            {"size": [1.0, 2.0], "kind": [0]},
            None,
            "take as many values: 2 for 'size', 1 for 'kind'$",
        ),
        ({"size": [1.0], "colour": [0]}, None, "no concept 'colour'"),
    ],
)
def test_a_traversal_of_nothing_and_of_unequal_lengths_is_refused(
    model: ConceptVAE, x: Tensor, name: Any, values: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        model.traverse(x, name, values)


def test_a_counterfactual_is_what_would_have_been(model: ConceptVAE, x: Tensor) -> None:
    noise = model.noise(B)
    seen = model.encode(x, noise)
    had = model.counterfactual(x, {"size": 1.5}, noise=noise)
    assert list(had.latents) == ["kind", "size", "angle", "lit"]
    assert torch.equal(had.latents["kind"], seen["kind"])
    assert had.latents["size"].tolist() == [[1.5]] * B
    p, q = (base_of(model.prior(z)["angle"]) for z in (seen, had.latents))
    expected = q.loc + q.scale * (seen["angle"] - p.loc) / p.scale
    torch.testing.assert_close(had.latents["angle"], expected)
    assert (had.latents["angle"] != seen["angle"]).all()
    torch.testing.assert_close(had.x, model.decode(had.latents))
    assert (had.x != model.reconstruct(x, noise)).any()


def test_a_counterfactual_of_nothing_is_the_reconstruction(
    model: ConceptVAE, x: Tensor
) -> None:
    noise = model.noise(B)
    had = model.counterfactual(x, {}, noise=noise)
    assert torch.equal(had.x, model.reconstruct(x, noise))


def test_a_counterfactual_sets_several_concepts_at_once(
    model: ConceptVAE, x: Tensor
) -> None:
    sizes = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    had = model.counterfactual(x, {"size": sizes, "kind": 2, "lit": 1}).latents
    assert torch.equal(had["size"], sizes.double())
    assert had["kind"].argmax(1).tolist() == [2] * B
    assert had["lit"].tolist() == [[1.0]] * B


def test_a_counterfactual_takes_the_units_of_labels(
    model: ConceptVAE, x: Tensor
) -> None:
    do: dict[str, Any] = {"size": 14.0, "kind": 1, "angle": 90.0}
    had = model.counterfactual(x, do, units="label").latents
    assert had["size"].tolist() == [[2.0]] * B
    assert had["kind"].argmax(1).tolist() == [1] * B
    angle = torch.tensor([[0.0, 1.0]]).double().expand(B, 2)
    torch.testing.assert_close(had["angle"], angle)


def test_noise_makes_a_counterfactual_reproducible(
    model: ConceptVAE, x: Tensor
) -> None:
    """What abduction draws again comes from `NAME/abduction` and from nothing else."""
    generator = torch.Generator().manual_seed(1)
    many = torch.rand(500, 1, 6, 6, generator=generator).round().double()
    noise = model.noise(500, seed=2)
    do = {"size": 4.0}

    def lit(noise: dict[str, Tensor] | None) -> Tensor:
        return model.counterfactual(many, do, noise=noise).latents["lit"]

    assert torch.equal(lit(noise), lit(noise))
    other = model.noise(500, seed=3)
    unused = {**noise, "kind/abduction": other["kind/abduction"]}
    assert torch.equal(lit(noise), lit(unused))
    used = {**noise, "lit/abduction": other["lit/abduction"]}
    assert not torch.equal(lit(noise), lit(used))
    torch.manual_seed(0)
    first, second = lit(None), lit(None)
    torch.manual_seed(0)
    assert torch.equal(lit(None), first)
    assert not torch.equal(first, second)


@pytest.mark.parametrize(
    ("do", "units", "message"),
    [
        ({"colour": 1}, "latent", "no concept 'colour'; there are kind, size"),
        ({"kind": 3}, "latent", "'kind' takes a class from 0 to 2, .*, not 3$"),
        ({"angle": 1.0}, "latent", r"'angle' takes \[2\] or \[4, 2\] numbers"),
        ({"lit": 0.5}, "latent", "'lit' takes zeros and ones"),
        ({"lit": 1}, "label", "'lit' is not tied to a label; there are: angle, kind"),
        ({"size": 1}, "metres", "units are 'latent' or 'label', not 'metres'"),
    ],
)
def test_a_counterfactual_refuses_what_sample_refuses(
    model: ConceptVAE, x: Tensor, do: dict[str, Any], units: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        model.counterfactual(x, do, units=units)
    with pytest.raises(ValueError, match=message):
        model.sample(B, do, units=units)


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("encode", []),
        ("reconstruct", []),
        ("elbo", []),
        ("sample", []),
        ("traverse", ["size", [0.0]]),
        ("counterfactual", [{"size": 0}]),
    ],
)
def test_noise_that_does_not_fit_is_refused(
    model: ConceptVAE, x: Tensor, query: str, given: list[Any]
) -> None:
    ask, given = getattr(model, query), [B if query == "sample" else x, *given]
    with pytest.raises(ValueError, match="the noise is for 3 samples, not 4"):
        ask(*given, noise=model.noise(3))
    noise = model.noise(B)
    del noise["angle"]
    with pytest.raises(ValueError, match=r"nothing for 'angle'; .* noise\(4, seed\)"):
        ask(*given, noise=noise)


def test_noise_of_what_is_drawn_alone_is_needed_there(
    model: ConceptVAE, x: Tensor
) -> None:
    noise = model.noise(B)
    del noise["kind/abduction"]
    with pytest.raises(ValueError, match="nothing for 'kind/abduction'"):
        model.counterfactual(x, {"size": 0}, noise=noise)
    del noise["image"]
    with pytest.raises(ValueError, match="nothing for 'image'"):
        model.sample(B, noise=noise, draw=True)


def test_a_counterfactual_of_a_thousand_concepts_costs_little_more_than_a_look() -> (
    None
):
    """Levels, not concepts: two passes over the mechanisms beside encode and decode."""
    lines = [f"z{i - 100} -> z{i}" for i in range(100, 1000)]
    kinds = ("normal[1]", "categorical[3]")
    latents = [f"latent z{i}: {kinds[i // 50 % 2]}" for i in range(1000)]
    text = ["model wide", "observe x: normal[4]", "features { widths = [8] }"]
    model = dagspec.build_model(dagspec.parse("\n".join([*text, *latents, *lines])))
    levels = len(model.mechanisms.priors)
    calls = 0
    level = model.mechanisms.level

    def counted(number: int, latents: Tensor) -> Any:
        nonlocal calls
        calls += 1
        return level(number, latents)

    model.mechanisms.level = counted
    model.counterfactual(torch.zeros(2, 4), {"z0": 1.0})
    assert levels <= 20
    assert calls == 2 * levels
