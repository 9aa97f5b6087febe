"""One concept moved and everything else held."""

from __future__ import annotations

import pytest
import torch

from dagspec.monitor import grids
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Latent, Spec
from tests.monitor.models import NAMES, images, small


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Rows and columns that a grid was labelled with."""
    found = {}

    def image_grid(cells, rows, columns):
        found.update(shape=cells.shape, rows=rows, columns=columns)

    monkeypatch.setattr(grids, "image_grid", image_grid)
    return found


def _moved(
    name: str, monkeypatch: pytest.MonkeyPatch, *changes: tuple[str, str]
) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """What was encoded, and what was decoded when a concept was moved."""
    spec, model = small(*changes)
    decoded: dict[str, torch.Tensor] = {}
    decode = ConceptVAE.decode

    def spy(self, latents):
        decoded.update(latents)
        return decode(self, latents)

    monkeypatch.setattr(ConceptVAE, "decode", spy)
    with torch.no_grad():
        encoded = model.encode(images(4), model.noise(4))
        grids.traversal(model, encoded, _latent(spec, name))
    return encoded, decoded


def _latent(spec: Spec, name: str) -> Latent:
    return next(latent for latent in spec.latents if latent.name == name)


STEPS = ["-2", "-1.5", "-1", "-0.5", "0", "0.5", "1", "1.5", "2"]


def test_a_real_number_goes_from_minus_two_to_two(
    seen: dict, monkeypatch: pytest.MonkeyPatch
):
    encoded, moved = _moved("size", monkeypatch)
    assert (seen["rows"], seen["columns"]) == (["size"] * 3, STEPS)
    assert seen["shape"] == (3, 9, 1, 8, 8)
    expected = torch.linspace(-2, 2, 9).repeat(3)
    assert torch.allclose(moved["size"][:, 0], expected)
    for name in NAMES:
        if name != "size":
            held = encoded[name][:3].repeat_interleave(9, 0)
            assert torch.equal(moved[name], held)


def test_each_dimension_is_moved_alone(seen: dict, monkeypatch: pytest.MonkeyPatch):
    encoded, moved = _moved("angle", monkeypatch)
    assert seen["rows"] == ["angle[0]", "angle[1]"]
    steps = torch.linspace(-2, 2, 9)
    first, second = moved["angle"].split(9)
    assert torch.allclose(first[:, 0], steps)
    assert torch.equal(first[:, 1], encoded["angle"][0, 1].expand(9))
    assert torch.allclose(second[:, 1], steps)
    assert torch.equal(second[:, 0], encoded["angle"][0, 0].expand(9))


def test_a_categorical_goes_through_its_classes(
    seen: dict, monkeypatch: pytest.MonkeyPatch
):
    _, moved = _moved("kind", monkeypatch)
    assert (seen["rows"], seen["columns"]) == (["kind"] * 3, ["0", "1", "2"])
    assert torch.equal(moved["kind"], torch.eye(3).repeat(3, 1))


def test_a_bernoulli_is_off_and_on(seen: dict, monkeypatch: pytest.MonkeyPatch):
    encoded, moved = _moved("flag", monkeypatch)
    assert (seen["rows"], seen["columns"]) == (["flag[0]", "flag[1]"], ["0", "1"])
    kept = encoded["flag"][0].tolist()
    expected = [[0, kept[1]], [1, kept[1]], [kept[0], 0], [kept[0], 1]]
    assert moved["flag"].tolist() == expected


def test_an_angle_goes_once_around(seen: dict, monkeypatch: pytest.MonkeyPatch):
    change = ("latent angle: normal[2]", 'latent angle: normal[2] { label = "turn" }')
    _, moved = _moved("angle", monkeypatch, change)
    assert seen["columns"][:3] == ["0°", "45°", "90°"]
    assert torch.allclose(moved["angle"].norm(dim=1), torch.ones(24))
    assert torch.allclose(moved["angle"][2], torch.tensor([0.0, 1.0]), atol=1e-6)


def test_a_wide_concept_shows_its_first_dimensions(
    seen: dict, monkeypatch: pytest.MonkeyPatch
):
    _moved("angle", monkeypatch, ("normal[2]", "normal[12]"))
    assert seen["rows"] == [f"angle[{dim}]" for dim in range(6)]


def test_a_single_image_is_enough(seen: dict):
    spec, model = small()
    with torch.no_grad():
        encoded = model.encode(images(1), model.noise(1))
        grids.traversal(model, encoded, _latent(spec, "kind"))
    assert seen["rows"] == ["kind"]
