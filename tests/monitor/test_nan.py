"""Where the first number that is not finite came from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from dagspec.monitor import find_first, locate, locate_gradient
from dagspec.monitor.parameters import named_entries
from dagspec.nn.base import Part
from dagspec.nn.queries import ConceptVAE
from tests.monitor.models import images, small

NAN, INF = float("nan"), float("inf")
LOUD = 3e38


@pytest.fixture
def model() -> ConceptVAE:
    return small()[1]


def poison(model: ConceptVAE, key: str, value: float = NAN) -> None:
    """Set one number of an entry of the state dict."""
    state = model.state_dict()
    state[key].view(-1)[0] = value
    model.load_state_dict(state)


def test_a_healthy_model_has_no_such_place(model: ConceptVAE):
    assert locate(model, images(), 0) is None


@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_the_image(model: ConceptVAE, value: float):
    x = images(20)
    x[17, 0, 3, 3] = value
    assert locate(model, x, 0) == "the image itself (example 17)"
    x[18] = value
    assert locate(model, x, 0) == "the image itself (example 17 and 1 more)"


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("encoder.stages.1.halve.conv.weight", "stage 1 on the way up"),
        ("encoder.stages.2.halve.conv.bias", "stage 2 on the way up"),
        ("readouts.2.linear.weight", "the readout of stage 2"),
        ("heads.size.bias", "the head of `size` (posterior mu and sigma)"),
        ("heads.slant.readout.weight", "the head of `slant` (posterior mu and sigma)"),
        ("heads.angle.1.bias", "the head of `angle` (posterior mu)"),
        ("heads.kind.1.weight", "the head of `kind` (posterior logits)"),
        ("mechanisms.size.from.kind.weight", "the mechanism of `size` (prior mu and"),
        ("mechanisms.flag.1.bias", "the mechanism of `flag` (prior logits)"),
        ("writers.2.from.slant.weight", "what is written into stage 2"),
        ("writers.1.linear.bias", "what is written into stage 1"),
        ("decoder.stages.2.widen.conv.weight", "stage 2 on the way down"),
        ("decoder.stages.1.widen.conv.bias", "stage 1 on the way down"),
    ],
)
def test_a_parameter_and_its_place(model: ConceptVAE, key: str, place: str):
    poison(model, key)
    found = locate(model, images(), 0)
    assert found is not None
    assert found.startswith(place)
    assert found.endswith(f", where `{key}` is not finite")


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("readouts.linear.weight", "the readout of the deepest stage"),
        ("readouts.layers.1.weight", "the layer of generation 1"),
        ("readouts.layers.0.bias", "the layer of generation 0"),
    ],
)
def test_a_parameter_of_a_coupled_network_and_its_place(key: str, place: str):
    features = "features { widths = [8, 16], readout = 2 }"
    _, model = small((features, f"{features}\ninference {{ structure = coupled }}"))
    poison(model, key)
    assert locate(model, images(), 0) == f"{place}, where `{key}` is not finite"


def test_one_concept_of_a_level_that_is_computed_together():
    _, model = small(("latent slant: laplace[1]", "latent up, down, left: normal[1]"))
    key = "heads.down.1.bias"
    state = model.state_dict()
    # The second output of a normal's head is log sigma.
    state[key][1] = NAN
    model.load_state_dict(state)
    assert locate(model, images(), 0) == (
        f"the head of `down` (posterior sigma), where `{key}` is not finite"
    )


@pytest.mark.parametrize("combine", ["residual", "precision"])
def test_a_prior_that_a_posterior_is_made_of(combine: str):
    numbers = "latent a, b: normal[1]\na -> b\n"
    edges = "kind -> size\nangle -> flag\n"
    _, model = small(
        ("latent kind:  categorical[3]\n", numbers),
        (edges, ""),
        ("latent slant: laplace[1]\nlatent flag:  bernoulli[2]\n", ""),
        ("objective {", f"inference {{ combine = {combine} }}\nobjective {{"),
    )
    assert locate(model, images(), 0) is None
    poison(model, "mechanisms.b.from.a.weight")
    found = locate(model, images(), 0)
    assert found is not None
    assert found.startswith("the mechanism of `b` (prior mu and sigma)")


def test_many_concepts_are_counted():
    names = ", ".join(f"n{i}" for i in range(6))
    _, model = small(("latent slant: laplace[1]", f"latent {names}: normal[1]"))
    for i in range(6):
        poison(model, f"heads.n{i}.1.bias")
    found = locate(model, images(), 0)
    assert found is not None
    assert found.startswith("the head of `n0`, `n1`, `n2` and 3 more (posterior mu)")


def test_too_large_a_number_is_the_fault_of_no_parameter(model: ConceptVAE):
    # Finite weights whose product with the features is not.
    with torch.no_grad():
        model.get_parameter("encoder.stages.2.halve.conv.weight").fill_(LOUD)
    assert locate(model, images(), 0) == "stage 2 on the way up"


def test_a_sample_is_not_laid_to_what_reads_it(
    model: ConceptVAE, monkeypatch: pytest.MonkeyPatch
):
    family = next(k.family for k in model.comparison.kinds if "kind" in k.names)
    level = next(p.family for p in model.heads.posteriors if "kind" in p.given)
    monkeypatch.setattr(level, "sample", lambda q, _noise: q[0] + INF)
    assert type(family) is type(level)
    assert locate(model, images(), 0) == "the sample of `kind`"


def test_a_sample_that_nothing_reads(monkeypatch: pytest.MonkeyPatch):
    edges = ("angle -> flag", "angle -> flag\nkind, size, angle, flag -> image")
    _, model = small(("latent slant: laplace[1]\n", ""), edges)
    level = next(p.family for p in model.heads.posteriors if "flag" in p.given)
    monkeypatch.setattr(level, "sample", lambda q, _noise: q[0] * NAN)
    assert locate(model, images(), 0) == "the sample of `flag`"


def test_the_likelihood(model: ConceptVAE, monkeypatch: pytest.MonkeyPatch):
    def log_prob(raw: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return torch.tensor([0.0, -INF] + [0.0] * (len(x) - 2))

    monkeypatch.setattr(model.observation, "log_prob", log_prob)
    assert locate(model, images(), 0) == "log p(image | z) (example 1)"


def test_a_learned_sigma_that_is_not_finite():
    _, model = small(("bernoulli[1, 8, 8]", "normal[1, 8, 8]"))
    poison(model, "observation.log_sigma")
    found = locate(model, images(2), 0)
    assert found == (
        "log p(image | z) (example 0 and 1 more), where `observation.log_sigma` is "
        "not finite"
    )


def test_the_kl(model: ConceptVAE):
    # (mu_q - mu_p)² is too large for float32, while everything else is not.
    state = model.state_dict()
    state["heads.slant.1.bias"][0] = 0.0
    state["mechanisms.size.1.bias"][0] = 1e20
    model.load_state_dict(state)
    assert locate(model, images(), 0) == "the KL of `size`"


def test_the_noise_is_that_of_the_seed(model: ConceptVAE):
    torch.manual_seed(5)
    expected = model(images()).packed
    seen = []
    hook = model.writers["2"].register_forward_hook(
        lambda _module, inputs, _output: seen.append(inputs[0])
    )
    torch.manual_seed(6)
    locate(model, images(), 5)
    hook.remove()
    assert torch.equal(seen[0], expected)


def test_the_search_leaves_no_trace():
    _, model = small(("readout = 2", "readout = 2, norm = batch"))
    model.train()
    buffers = [buffer.clone() for buffer in model.buffers()]
    state = torch.get_rng_state()
    locate(model, images(), 7)
    assert all(map(torch.equal, buffers, model.buffers()))
    assert torch.equal(torch.get_rng_state(), state)
    assert model.training
    assert not any(part._forward_hooks for part in model.modules())


@pytest.fixture
def trained(model: ConceptVAE) -> ConceptVAE:
    (-model(images(), model.noise(12)).elbo.mean()).backward()
    return model


def _entry(model: ConceptVAE, key: str) -> torch.Tensor:
    found = next(named for named in named_entries(model) if named.key == key)
    assert found.gradient is not None
    return found.gradient


def test_finite_gradients_have_no_such_place(trained: ConceptVAE):
    assert locate_gradient(trained) is None


def test_without_gradients_there_is_no_such_place(model: ConceptVAE):
    assert locate_gradient(model) is None


@pytest.mark.parametrize(
    "key",
    [
        "encoder.stages.1.halve.conv.weight",
        "readouts.2.linear.bias",
        "heads.slant.readout.weight",
        "heads.flag.from.angle.weight",
        "mechanisms.size.from.kind.weight",
        "mechanisms.size.1.bias",
        "writers.2.from.angle.weight",
        "writers.1.linear.weight",
        "decoder.constant",
        "decoder.stages.1.widen.conv.weight",
    ],
)
def test_a_gradient_by_its_name_in_the_state_dict(trained: ConceptVAE, key: str):
    _entry(trained, key).fill_(INF)
    assert key in trained.state_dict()
    expected = f"the gradient of `{key}` after a finite loss"
    assert locate_gradient(trained) == expected


def test_the_gradient_nearest_the_loss(trained: ConceptVAE):
    order = [
        "encoder.stages.1.halve.conv.weight",
        "encoder.stages.2.halve.conv.weight",
        "readouts.2.linear.weight",
        "heads.size.bias",
        "mechanisms.size.bias",
        "writers.2.bias",
        "decoder.stages.2.widen.conv.weight",
        "decoder.stages.1.widen.conv.weight",
    ]
    for key in order:
        _entry(trained, key).fill_(NAN)
        found = locate_gradient(trained)
        assert found is not None
        assert key in found


@pytest.mark.parametrize("changes", [(), (("bernoulli[1, 8, 8]", "normal[1, 8, 8]"),)])
def test_entries_are_those_of_the_state_dict(changes: tuple[tuple[str, str], ...]):
    _, model = small(*changes)
    found = {named.key: named.value for named in named_entries(model)}
    state = model.state_dict()
    learned = {key: v for key, v in state.items() if not key.startswith("labels.")}
    assert found.keys() == learned.keys()
    assert all(torch.equal(found[key], value) for key, value in learned.items())


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda model: poison(model, "heads.slant.bias"), "the head of `slant` (post"),
        (lambda _: {"kl": 1.0, "label.size": NAN}, "the term `label.size` of the loss"),
        (
            lambda model: _entry(model, "heads.slant.bias").fill_(NAN),
            "the gradient of `heads.slant.bias` after a finite loss",
        ),
        (lambda _: None, None),
    ],
)
def test_all_places_are_searched_in_their_order(
    trained: ConceptVAE, spoil: Callable[..., object], place: str | None
):
    terms = spoil(trained)
    found = find_first(trained, images(), 0, terms if isinstance(terms, dict) else None)
    assert (found or "").startswith(place or "")
    assert (found is None) == (place is None)


def test_the_pass_is_run_again_with_its_own_part_of_the_noise():
    model, seen = small()[1], []
    infer = model.heads.sample

    def spy(summaries, drawn, mechanisms):
        seen.append([each.clone() for each in drawn])
        return infer(summaries, drawn, mechanisms)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model.heads, "sample", spy)
        x = images()
        part = Part(len(x), 2 * len(x))
        torch.manual_seed(3)
        model(x, part)
        assert locate(model, x, 3, part) is None
        assert locate(model, x, 3) is None
    first, again, whole = seen
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(first, whole, strict=True))
