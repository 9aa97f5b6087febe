"""Values of concepts in the units of their labels, and queries in those units."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import dagspec
from dagspec.nn.label_kinds import AngleLabel, BinaryLabel, ClassLabel, RealLabel
from dagspec.nn.labels import Labels
from dagspec.nn.queries import ConceptVAE

HEAD = "model small\nobserve image: bernoulli[1, 6, 6]\n"
TEXT = """
latent kind:  categorical[3] { label = "kind" }
latent lamp:  bernoulli[1]   { label = "lamp" }
latent scale: normal[1]      { label = "scale" }
latent place: laplace[2]     { label = ["x", "y"] }
latent turn:  normal[2]      { label = "turn" }
latent both:  normal[2]      { label = ["u", "v"] }
latent free:  normal[1]
kind -> scale -> free
"""
# Each is something else to Python or torch.
NAMES = ("train", "keys", "labels", "__init__", "numbers", "entries", "fit", "_")


@pytest.fixture
def model() -> ConceptVAE:
    found = dagspec.build_model(dagspec.parse(HEAD + TEXT)).double().eval()
    found.labels.fit(
        {
            "scale": (torch.tensor([0.75]), torch.tensor([0.25])),
            "place": (torch.tensor([16.0, 8.0]), torch.tensor([4.0, 2.0])),
        },
        {"turn": 360.0},
    )
    return found


@pytest.fixture
def x() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(2, 1, 6, 6, generator=generator).round().double()


def test_the_kind_of_a_label_follows_from_the_spec(model: ConceptVAE) -> None:
    assert model.labels.kinds == {
        "kind": ClassLabel(3),
        "lamp": BinaryLabel(),
        "scale": RealLabel(1),
        "place": RealLabel(2),
        "turn": AngleLabel(),
        "both": RealLabel(2),
    }


def test_scales_are_saved_under_the_concepts_name(model: ConceptVAE) -> None:
    state = model.state_dict()
    found = {k: v.tolist() for k, v in state.items() if k.startswith("labels.")}
    assert found == {
        "labels.both.mean": [0.0, 0.0],
        "labels.both.std": [1.0, 1.0],
        "labels.place.mean": [16.0, 8.0],
        "labels.place.std": [4.0, 2.0],
        "labels.scale.mean": [0.75],
        "labels.scale.std": [0.25],
        "labels.turn.period": [360.0],
    }
    other = dagspec.build_model(dagspec.parse(HEAD + TEXT)).double()
    other.load_state_dict(state)
    assert torch.equal(other.labels.numbers, model.labels.numbers)


def test_any_name_will_do() -> None:
    lines = [f'latent {name}: normal[1] {{ label = "{name}" }}' for name in NAMES]
    model = dagspec.build_model(dagspec.parse(HEAD + "\n".join(lines) + "\n"))
    for number, name in enumerate(NAMES):
        scale = torch.tensor([float(number)]), torch.tensor([2.0])
        model.labels.fit({name: scale})
    state = model.state_dict()
    for number, name in enumerate(NAMES):
        assert state[f"labels.{name}.mean"].item() == number
        value = torch.tensor([[5.0]])
        found = model.labels.to_latent(name, value)
        assert found.item() == (5 - number) / 2


def test_scales_are_neither_drawn_nor_learned() -> None:
    spec = dagspec.parse(HEAD + TEXT)
    for seed in (0, 1):
        model = dagspec.build_model(spec, seed)
        found = sorted(set(model.labels.numbers.tolist()))
        assert found == pytest.approx([0.0, 1.0, math.tau])
    assert not any(name.startswith("labels") for name, _ in model.named_parameters())


def test_a_model_without_labels_has_no_such_keys() -> None:
    model = dagspec.build_model(dagspec.parse(HEAD + "latent z: normal[1]\n"))
    assert model.labels.kinds == {}
    assert not any(key.startswith("labels") for key in model.state_dict())


finite = st.floats(-50, 50, width=32)
two = st.lists(finite, min_size=2, max_size=2)


@given(mean=two, std=st.lists(st.floats(0.01, 50), min_size=2, max_size=2), y=two)
def test_real_labels_there_and_back(
    mean: list[float], std: list[float], y: list[float]
) -> None:
    labels = Labels({RealLabel(1): ("a",), RealLabel(2): ("b", "c")}).double()
    scale = torch.tensor(mean).double(), torch.tensor(std).double()
    labels.fit({"c": scale})
    value = torch.tensor([y]).double()
    latent = labels.to_latent("c", value)
    expected = [(v - m) / s for v, m, s in zip(y, mean, std, strict=True)]
    torch.testing.assert_close(latent, torch.tensor([expected]).double())
    torch.testing.assert_close(
        labels.to_label("c", latent), value, rtol=1e-9, atol=1e-9
    )
    assert torch.equal(labels.to_latent("b", value), value)


@given(period=st.floats(0.1, 1000), y=st.floats(-2000, 2000))
def test_angles_there_and_back(period: float, y: float) -> None:
    labels = Labels({AngleLabel(): ("turn",)}).double()
    labels.fit({}, {"turn": period})
    latent = labels.to_latent("turn", torch.tensor([y], dtype=torch.float64))
    radians = 2 * math.pi * y / period
    expected = torch.tensor([math.cos(radians), math.sin(radians)]).double()
    torch.testing.assert_close(latent, expected, atol=1e-6, rtol=0)
    # Only the direction of a latent is an angle.
    back = labels.to_label("turn", 3 * latent).item()
    assert 0 <= back < labels.constants_of("turn").item()
    apart = (back - y) / labels.constants_of("turn").item()
    assert abs(apart - round(apart)) < 1e-6


def test_an_angle_just_below_zero_is_zero_or_just_below_the_period() -> None:
    labels = Labels({AngleLabel(): ("turn",)})
    for period in (math.tau, 1.0, 360.0):
        labels.fit({}, {"turn": period})
        below = torch.tensor([[1.0, -1e-12], [1.0, -1e-7], [1.0, 0.0]])
        found = labels.to_label("turn", below).flatten()
        assert ((found >= 0) & (found < period)).all()


@given(classes=st.integers(2, 9), data=st.data())
def test_classes_there_and_back(classes: int, data: st.DataObject) -> None:
    labels = Labels({ClassLabel(classes): ("kind",)})
    drawn = data.draw(st.lists(st.integers(0, classes - 1), min_size=1, max_size=5))
    value = torch.tensor(drawn, dtype=torch.float32)[:, None]
    latent = labels.to_latent("kind", value)
    assert torch.equal(latent, torch.eye(classes)[torch.tensor(drawn)])
    assert torch.equal(labels.to_label("kind", latent), value)


def test_a_binary_class_is_its_number() -> None:
    labels = Labels({BinaryLabel(): ("lamp",)})
    value = torch.tensor([[0.0], [1.0]])
    assert torch.equal(labels.to_latent("lamp", value), value)
    shares = torch.tensor([[0.1], [0.9]])
    assert torch.equal(labels.to_label("lamp", shares), value)


def test_do_in_label_units_is_do_at_the_standardised_value(model: ConceptVAE) -> None:
    noise = model.noise(3)
    mine = model.sample(3, do={"scale": 0.7}, noise=noise, units="label")
    theirs = model.sample(3, do={"scale": (0.7 - 0.75) / 0.25}, noise=noise)
    torch.testing.assert_close(mine.latents["scale"], theirs.latents["scale"])
    torch.testing.assert_close(mine.latents["free"], theirs.latents["free"])
    torch.testing.assert_close(mine.x, theirs.x)
    assert not torch.equal(mine.x, model.sample(3, do={"scale": 0.7}, noise=noise).x)


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("scale", (1.0, [1.0], torch.ones(2, 1)), [1.0]),
        ("kind", (2, [2], torch.full((2, 1), 2)), [0.0, 0.0, 1.0]),
        ("lamp", (1, True, [1.0]), [1.0]),
        ("turn", (90.0, [450], torch.full((2, 1), 90.0)), [0.0, 1.0]),
        ("place", ([20.0, 4], torch.tensor([[20.0, 4.0]] * 2)), [1.0, -2.0]),
    ],
)
def test_settings_take_every_form(
    model: ConceptVAE, name: str, settings: tuple, expected: list[float]
) -> None:
    for setting in settings:
        found = model.sample(2, do={name: setting}, units="label").latents[name]
        wanted = torch.tensor([expected] * 2).double()
        torch.testing.assert_close(found, wanted)


def test_each_sample_may_have_a_label_of_its_own(model: ConceptVAE) -> None:
    value = torch.tensor([[0.0], [180.0], [90.0]])
    found = model.sample(3, do={"turn": value}, units="label").latents["turn"]
    wanted = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]).double()
    torch.testing.assert_close(found, wanted)


def test_a_traversal_in_label_units(model: ConceptVAE, x: torch.Tensor) -> None:
    noise = model.noise(2)
    mine = model.traverse(x, "scale", [0.5, 1.0], noise, units="label")
    theirs = model.traverse(x, "scale", [-1.0, 1.0], noise)
    torch.testing.assert_close(mine.x, theirs.x)
    turned = model.traverse(x, "turn", [0, 90], noise, units="label").latents["turn"]
    wanted = torch.tensor([[1.0, 0.0], [0.0, 1.0]] * 2).double()
    torch.testing.assert_close(turned, wanted)


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ({"free": 1.0}, "'free' is not tied to a label; there are: "),
        ({"nothing": 1.0}, "no concept 'nothing'"),
        ({"kind": 3}, "label of 'kind' takes a class from 0 to 2"),
        ({"kind": 0.5}, "label of 'kind' takes a class from 0 to 2"),
        ({"kind": [0.0, 1.0, 0.0]}, r"label of 'kind' takes \[1\] or \[2, 1\] numbers"),
        ({"lamp": 2}, "label of 'lamp' takes 0 or 1"),
        ({"scale": math.nan}, "label of 'scale' takes real numbers"),
        ({"turn": [0.0, 1.0]}, r"label of 'turn' takes \[1\] or \[2, 1\] numbers"),
        ({"turn": math.inf}, "label of 'turn' takes an angle"),
        ({"place": 1.0}, r"label of 'place' takes \[2\] or \[2, 2\] numbers"),
    ],
)
def test_what_is_no_label_is_refused(model: ConceptVAE, do: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        model.sample(2, do=do, units="label")


def test_what_is_refused_is_told_as_it_was_given(model: ConceptVAE) -> None:
    value = torch.zeros(50, 1)
    value[40] = 2.5
    with pytest.raises(ValueError, match=r"takes a class from 0 to 2, not 2\.5$"):
        model.sample(50, do={"kind": value}, units="label")


def test_labels_show_what_each_concept_stands_for(model: ConceptVAE) -> None:
    first, *lines, last = repr(model.labels).split("\n")
    assert (first, last) == ("Labels(", ")")
    assert sorted(lines) == [
        "  both: real numbers, mean [0, 0], std [1, 1]",
        "  kind: a class from 0 to 2",
        "  lamp: 0 or 1",
        "  place: real numbers, mean [16, 8], std [4, 2]",
        "  scale: real numbers, mean 0.75, std 0.25",
        "  turn: an angle, period 360",
    ]


def test_a_wide_label_is_shown_by_its_first_numbers() -> None:
    labels = Labels({RealLabel(50): ("a",)})
    first = "[0, 0, 0, 0, 0, 0, … 50 numbers]"
    assert f"a: real numbers, mean {first}, std " in repr(labels)


def test_unknown_units_are_refused(model: ConceptVAE) -> None:
    with pytest.raises(ValueError, match="units are 'latent' or 'label', not 'metres'"):
        model.sample(2, do={"scale": 1.0}, units="metres")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scales", "periods", "message"),
    [
        ({"kind": (0.0, 1.0)}, {}, "the label of 'kind' has no mean"),
        ({"turn": (0.0, 1.0)}, {}, "the label of 'turn' has no mean"),
        ({"free": (0.0, 1.0)}, {}, "'free' is not tied to a label"),
        ({"scale": (0.0, 0.0)}, {}, "the std of 'scale' must be positive and finite"),
        ({"scale": (math.nan, 1.0)}, {}, "the mean of 'scale' must be finite"),
        ({}, {"scale": 1.0}, "the label of 'scale' has no period"),
        ({}, {"turn": -1.0}, "the period of 'turn' must be positive and finite"),
        ({"scale": (0.0, -2.5)}, {}, r"must be positive and finite, not -2\.5$"),
        ({"place": (0.0, 1.0)}, {}, "the mean of 'place' takes 2 numbers, not 1"),
        (
            {"scale": (0.0, 2.0), "place": ([0.0, 0.0], [1.0, 1.0, 1.0])},
            {},
            "the std of 'place' takes 2 numbers, not 3",
        ),
        (
            {"scale": (0.0, 2.0)},
            {"turn": [1.0, 2.0]},
            "the period of 'turn' takes 1 number, not 2",
        ),
    ],
)
def test_scales_that_make_no_sense_are_refused(
    model: ConceptVAE, scales: dict, periods: dict, message: str
) -> None:
    before = model.labels.numbers.clone()
    given_ = {
        name: (torch.tensor(mean).reshape(-1), torch.tensor(std).reshape(-1))
        for name, (mean, std) in scales.items()
    }
    with pytest.raises(ValueError, match=message):
        model.labels.fit(given_, periods)
    assert torch.equal(model.labels.numbers, before)
