"""The yardstick is the same model: as many parameters, the same ELBO."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

import dagspec
from dagspec.bench.claims import SPEC, load_example

example = load_example("handwritten_dsprites")


@pytest.fixture
def compiled():
    return dagspec.build_model(SPEC)


@pytest.fixture
def handwritten():
    return example.HandwrittenDsprites()


def test_it_has_as_many_parameters(compiled, handwritten) -> None:
    counts = [
        sum(value.numel() for value in model.parameters())
        for model in (compiled, handwritten)
    ]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("tower", ["encoder", "decoder"])
def test_its_towers_are_the_same(compiled, handwritten, tower: str) -> None:
    expected, found = (
        sorted(tuple(part.shape) for part in getattr(model, tower).parameters())
        for model in (compiled, handwritten)
    )
    constant = tuple(handwritten.constant.shape)
    assert sorted([*found, *([constant] if tower == "decoder" else [])]) == expected


def test_it_has_the_same_elbo(compiled, handwritten, monkeypatch) -> None:
    x = torch.rand(3, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    noise = compiled.noise(3, seed=1)
    with torch.no_grad():
        # Weights that start at zero would hide a term that is missing.
        for value in compiled.parameters():
            value.add_(torch.randn_like(value), alpha=0.05)
    handwritten.load_state_dict(translate(compiled.state_dict()))
    fix_noise(monkeypatch, noise)
    # Thousands of nats are summed in single precision, in another order.
    torch.testing.assert_close(
        handwritten.elbo(x), compiled.elbo(x, noise), rtol=1e-5, atol=1e-3
    )


def fix_noise(monkeypatch: pytest.MonkeyPatch, noise: Mapping[str, Tensor]) -> None:
    """Let the hand-written model draw what the compiled one is given."""
    names = iter(("pos_x", "pos_y", "scale", "orientation"))

    def sample_normal(mu: Tensor, log_sigma: Tensor) -> Tensor:
        return mu + log_sigma.exp() * noise[next(names)]

    def sample_one_hot(logits: Tensor) -> Tensor:
        classes = (logits + noise["shape"]).argmax(1)
        return nn.functional.one_hot(classes, 3).float()

    monkeypatch.setattr(example, "sample_normal", sample_normal)
    monkeypatch.setattr(example, "sample_one_hot", sample_one_hot)


def translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The compiled model's weights under the names of the hand-written one."""
    found = {"constant": state["decoder.constant"]}

    def take(target: str, *sources: str, bias: str = "") -> None:
        weights = [state[f"{source}.weight"] for source in sources]
        found[f"{target}.weight"] = torch.cat(weights, dim=-1)
        found[f"{target}.bias"] = state[f"{bias or sources[0]}.bias"]

    for number in range(4):
        stage = f"encoder.stages.{number + 1}"
        take(f"encoder.{number}.0", f"{stage}.halve.conv")
        take(f"encoder.{number}.1", f"{stage}.norm")
        take(f"decoder.{number}.1", f"decoder.stages.{4 - number}.widen.conv")
    parents = {"scale": "shape", "orientation": "pos_x"}
    for name in ("shape", "pos_x", "pos_y", "scale", "orientation"):
        head = f"heads.{name}"
        given = [f"{head}.from.{parents[name]}"] if name in parents else []
        take(f"q_{name}.0", f"{head}.readout", *given, bias=head)
        take(f"q_{name}.2", f"{head}.1")
    for name, parent in parents.items():
        own = f"mechanisms.{name}"
        take(f"p_{name}.0", f"{own}.from.{parent}", bias=own)
        take(f"p_{name}.2", f"{own}.1")
    names = ("orientation", "pos_x", "pos_y", "scale", "shape")
    take("writer.0", *(f"writers.4.from.{n}" for n in names), bias="writers.4")
    take("writer.2", "writers.4.linear")
    take("readout.1", "readouts.4.linear")
    return found
