"""The terms of labels beside a loop over examples and torch's distributions."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from dagspec.nn.output import Output
from dagspec.nn.queries import ConceptVAE
from dagspec.objective.chosen import hashed, salt
from dagspec.objective.labels import LabelTerms
from dagspec.spec import Spec
from tests.objective.models import (
    MISSING,
    B,
    images,
    keys,
    labels,
    model_of,
    spec_of,
)

SCALES = {"size": [(3.0, 2.0)], "heavy": [(-1.0, 0.5), (10.0, 4.0)]}
SCALES["place"] = [(0.5, 0.1), (0.25, 0.2)]


def passed(spec: Spec) -> tuple[ConceptVAE, Output]:
    model = model_of(spec)
    generator = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for value in model.parameters():
            value.add_(0.2 * torch.randn(value.shape, generator=generator).double())
    return model, model(images(), model.noise(B))


def terms(
    spec: Spec, model: ConceptVAE, out: Output, factors: dict[str, Tensor]
) -> dict[str, Tensor]:
    module = LabelTerms(spec, model)
    found = module(out.q, factors, keys())
    return dict(zip(module.names, found.unbind(), strict=True))


def cost(name: str, q: Any, n: int, factors: dict[str, Tensor], spec: Spec) -> float:
    """Cost of one example, of one concept, one number after another."""
    latent = next(latent for latent in spec.latents if latent.name == name)
    y = [factors[column][n].item() for column in latent.label]
    if latent.family == "categorical":
        one_hot = torch.eye(latent.dim).double()[int(y[0])]
        logs = q.logits[n].log_softmax(0)
        return 0.0 if y[0] < 0 else -(one_hot * logs).sum().item()
    if latent.family == "bernoulli":
        p = q.mean[n].item()
        return 0.0 if y[0] < 0 else -math.log(p if y[0] else 1 - p)
    mu = q.mean[n].tolist()
    if name == "turn":
        angle = 2 * math.pi * y[0] / 360
        wanted = [math.cos(angle), math.sin(angle)]
    else:
        wanted = [(v - m) / s for v, (m, s) in zip(y, SCALES[name], strict=True)]
    return sum(
        (a - b) ** 2 / 2 for a, b in zip(mu, wanted, strict=True) if not math.isnan(b)
    )


def test_each_term_is_the_mean_cost_times_the_weight() -> None:
    spec = spec_of()
    model, out = passed(spec)
    found = terms(spec, model, out, labels())
    lit = out.posterior["lamp"].mean[labels()["lamp"] == 1]
    assert lit.min() < 0.5 < lit.max()
    weights = {"kind": 2, "lamp": 0.5, "size": 3, "place": 0.25}
    assert sorted(found) == ["heavy", "kind", "lamp", "place", "size", "turn"]
    for name, value in found.items():
        q = out.posterior[name]
        costs = [cost(name, q, n, labels(), spec) for n in range(B)]
        expected = weights.get(name, 1) * sum(costs) / B
        assert value.item() == pytest.approx(expected, rel=1e-9), name
        assert value > 0


def nan_classes() -> dict[str, Tensor]:
    """The batch again, with NaN where a class is missing."""
    found = {column: value.double() for column, value in labels().items()}
    for column in ("kind", "lamp"):
        found[column][found[column] < 0] = MISSING
    return found


@pytest.mark.parametrize("factors", [labels(), nan_classes()], ids=["-1", "nan"])
def test_what_is_missing_reaches_no_gradient(factors: dict[str, Tensor]) -> None:
    spec = spec_of()
    model, out = passed(spec)
    torch.stack([*terms(spec, model, out, factors).values()]).sum().backward()
    for key, value in model.named_parameters():
        if value.grad is not None:
            assert value.grad.isfinite().all(), key


def test_a_class_is_missing_in_one_way_as_in_the_other() -> None:
    spec = spec_of()
    model, out = passed(spec)
    one, two = (terms(spec, model, out, each()) for each in (labels, nan_classes))
    assert all(torch.equal(one[name], two[name]) for name in ("kind", "lamp"))


def test_gradients_are_those_of_the_labelled_examples_alone() -> None:
    spec = spec_of()
    model, out = passed(spec)
    loc = out.q[0][0]
    parts = [part.detach().requires_grad_() for part, *_ in out.q]
    q = [(part, *rest[1:]) for part, rest in zip(parts, out.q, strict=True)]
    LabelTerms(spec, model)(q, labels(), keys()).sum().backward()
    assert loc.shape == parts[0].shape
    for number, kind in enumerate(model.comparison.kinds):
        for row, name in enumerate(kind.names):
            whole = parts[number].grad
            assert whole is not None
            grad = whole[row].T  # (B, dim)
            if name == "free":
                assert not grad.any()
                continue
            latent = next(latent for latent in spec.latents if latent.name == name)
            y = torch.stack([labels()[c] for c in latent.label], 1).double()
            absent = (
                y.isnan() if latent.family in {"normal", "laplace"} else y < 0
            ).expand(B, grad.shape[1])
            assert not grad[absent].any(), name
            assert (grad[~absent] != 0).all(), name


def test_a_batch_without_labels_costs_nothing() -> None:
    spec = spec_of()
    model, out = passed(spec)
    nothing = {
        column: torch.full_like(value, MISSING)
        if value.is_floating_point()
        else torch.full_like(value, -1)
        for column, value in labels().items()
    }
    found = terms(spec, model, out, nothing)
    assert {value.item() for value in found.values()} == {0.0}


def test_an_angle_knows_no_seam() -> None:
    spec = spec_of()
    model, out = passed(spec)
    there, back = labels(), labels()
    back["turn"] = back["turn"] + torch.tensor([360.0, -360, 0, 720, 360, 0])
    one, two = terms(spec, model, out, there), terms(spec, model, out, back)
    torch.testing.assert_close(one["turn"], two["turn"], rtol=1e-6, atol=0)


@pytest.mark.parametrize("share", ["0%", "30%", "100%"])
def test_a_share_of_the_examples_shows_its_label(share: str) -> None:
    spec = spec_of(
        f'latent a: normal[1] {{ label = "size", labels = {share} }}\n'
        'latent b: normal[1] { label = "size" }\n'
    )
    n = 400
    model = model_of(spec)
    out = model(images(n), model.noise(n))
    module = LabelTerms(spec, model)
    mu = out.q[0][0].detach().requires_grad_()
    y = {"size": torch.ones(n)}
    module([(mu, out.q[0][1])], y, keys(n)).sum().backward()
    row = model.comparison.kinds[0].names.index("a")
    seen = mu.grad[row, 0] != 0
    salted = torch.tensor([salt(spec.training.seed, "a")])
    uniform = hashed(salted, keys(n)) / 2**53
    assert torch.equal(seen, uniform < float(share.rstrip("%")) / 100)
    assert (mu.grad[1 - row, 0] != 0).all()


def test_another_seed_shows_other_examples() -> None:
    spec = spec_of('latent a: normal[1] { label = "size", labels = 50% }')
    other = spec.model_copy(
        update={"training": spec.training.model_copy(update={"seed": 1})}
    )
    model = model_of(spec)
    out = model(images(64), model.noise(64))
    y = {"size": torch.linspace(0, 1, 64)}
    one, two = (LabelTerms(s, model)(out.q, y, keys(64)) for s in (spec, other))
    assert not torch.equal(one, two)


def test_the_share_is_of_the_batch_and_not_of_the_labelled() -> None:
    spec = spec_of('latent a: normal[1] { label = "size" }')
    model = model_of(spec)
    out = model(images(), model.noise(B))
    y = torch.full((B,), MISSING)
    y[2] = 4.0
    (found,) = LabelTerms(spec, model)(out.q, {"size": y}, keys())
    mu = out.posterior["a"].mean[2, 0]
    torch.testing.assert_close(found, (mu - 4).square() / 2 / B)


def test_scales_that_are_set_later_count() -> None:
    spec = spec_of('latent a: normal[1] { label = "size" }')
    model = model_of(spec)
    out = model(images(), model.noise(B))
    module = LabelTerms(spec, model)
    y = {"size": torch.full((B,), 5.0)}
    before = module(out.q, y, keys())
    model.labels.fit({"a": (torch.tensor([1.0]), torch.tensor([2.0]))})
    mu = out.posterior["a"].mean[:, 0]
    torch.testing.assert_close(module(out.q, y, keys())[0], ((mu - 2) ** 2).mean() / 2)
    assert not torch.equal(module(out.q, y, keys()), before)


def test_it_has_nothing_to_save_and_nothing_to_learn() -> None:
    spec = spec_of()
    module = LabelTerms(spec, model_of(spec))
    assert module.state_dict() == {}
    assert list(module.parameters()) == []
