"""The loss beside its formula, and its terms beside their sum."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
import torch
from torch import Tensor

from dagspec.nn.output import Output
from dagspec.objective import Loss, Objective
from dagspec.spec import Spec
from tests.objective.models import (
    HORIZON,
    LABELLED,
    B,
    images,
    keys,
    labels,
    model_of,
    spec_of,
)

PLAIN = "latent a: normal[1]\nlatent b: normal[2] { kl_weight = 3 }\na -> b\n"


def loss_of(spec: Spec, step: int = 0) -> tuple[Loss, Output]:
    model = model_of(spec)
    out = model(images(), model.noise(B))
    return Objective(spec, model)(out, labels(), keys(), step, HORIZON), out


def mean_kl(out: Output) -> dict[str, float]:
    return {name: value.mean().item() for name, value in out.kl.items()}


@pytest.mark.parametrize(
    ("text", "shape", "spectral", "weight"),
    list(
        product(
            (PLAIN, LABELLED),
            (
                "",
                "beta = 4",
                "beta = 0",
                "warmup = linear(10 steps)",
                "beta = 2, warmup = cosine(1 epochs), free_bits = 0.1",
                "capacity = linear(0, 25, 50%)",
            ),
            ("", "spectral = 0.1"),
            ("", "likelihood_weight = 0.5"),
        )
    ),
)
def test_the_named_terms_add_up_to_the_loss(
    text: str, shape: str, spectral: str, weight: str
) -> None:
    options = ", ".join(filter(None, (shape, spectral, weight)))
    if "capacity" in shape:
        text = text.replace("{ kl_weight = 3 }", "")
    spec = spec_of(f"{text}objective {{ {options} }}\n")
    loss, _ = loss_of(spec, step=3)
    total = sum(value.item() for value in loss.terms.values())
    assert loss.total.item() == pytest.approx(total, rel=1e-12)
    names = [f"label.{each.name}" for each in spec.latents if each.label]
    kl = "capacity" if "capacity" in shape else "kl"
    rest = ["spectral", "batch_norm"] if spectral else []
    assert sorted(loss.terms) == sorted(["reconstruction", kl, *names, *rest])
    assert tuple(loss.terms) == Objective(spec, model_of(spec)).terms
    if loss.weighted_kl is None:
        assert kl == "capacity"
    else:
        assert loss.weighted_kl.sum().item() == pytest.approx(loss.terms["kl"].item())
    assert loss.total.requires_grad
    others = (loss.elbo, loss.log_prob, loss.kl, *loss.terms.values())
    assert not any(value.requires_grad for value in others)


def test_without_options_it_is_minus_the_elbo() -> None:
    loss, out = loss_of(spec_of(PLAIN.replace("{ kl_weight = 3 }", "")))
    torch.testing.assert_close(loss.total, -out.elbo.mean())
    torch.testing.assert_close(loss.elbo, out.elbo.mean().detach())
    torch.testing.assert_close(loss.log_prob, out.log_prob.mean().detach())


def test_weights_ramp_and_likelihood_weight() -> None:
    text = "objective { beta = 4, warmup = linear(10 steps), likelihood_weight = 0.5 }"
    loss, out = loss_of(spec_of(PLAIN + text), step=4)
    kl = mean_kl(out)
    expected = -0.5 * out.log_prob.mean().item() + 2 * (kl["a"] + 3 * kl["b"])
    assert loss.total.item() == pytest.approx(expected)
    assert loss.beta == pytest.approx(2)
    assert dict(zip(loss.names, loss.kl.tolist(), strict=True)) == pytest.approx(kl)
    # What is reported does not hang on how it is weighted.
    assert loss.elbo.item() == pytest.approx(out.elbo.mean().item())


def test_free_bits_are_of_each_concept_and_before_its_weight() -> None:
    text = (
        "latent a: normal[1]\nlatent b: normal[2] { kl_weight = 3, free_bits = 8 }\n"
        "latent c: normal[1] { free_bits = 0 }\n"
        "objective { beta = 2, free_bits = 5 }\n"
    )
    loss, out = loss_of(spec_of(text))
    kl = mean_kl(out)
    assert max(kl.values()) < 5
    assert loss.weighted_kl is not None
    found = dict(zip(loss.names, loss.weighted_kl.tolist(), strict=True))
    assert found == pytest.approx({"a": 2 * 5, "b": 2 * 3 * 8, "c": 2 * kl["c"]})
    assert dict(zip(loss.names, loss.kl.tolist(), strict=True)) == pytest.approx(kl)


@pytest.mark.parametrize(("bits", "moves"), [(50.0, False), (1e-9, True)])
def test_below_its_free_bits_a_kl_has_no_gradient(bits: float, moves: bool) -> None:
    spec = spec_of(f"latent a: normal[1] {{ free_bits = {bits} }}\n")
    model = model_of(spec)
    out = model(images(), model.noise(B))
    kl = out.divergences.detach().requires_grad_()
    out = replace(out, divergences=kl, log_prob=out.log_prob.detach())
    Objective(spec, model)(out, {}, keys(), 0, HORIZON).total.backward()
    assert kl.grad is not None
    assert kl.grad.any() == moves
    if moves:
        torch.testing.assert_close(kl.grad, torch.full_like(kl, 1 / B))


@pytest.mark.parametrize("target", [0.0, 30.0])
def test_a_capacity_pulls_from_both_sides(target: float) -> None:
    text = PLAIN.replace("{ kl_weight = 3 }", "")
    spec = spec_of(f"{text}objective {{ capacity = linear({target}, 60, 4 steps) }}")
    model = model_of(spec)
    out = model(images(), model.noise(B))
    kl = out.divergences.detach().requires_grad_()
    out = replace(out, divergences=kl, log_prob=out.log_prob.detach())
    loss = Objective(spec, model)(out, {}, keys(), 1, HORIZON)
    wanted = (target + 60) / 2
    expected = 1000 * abs(kl.sum().item() / B - wanted)
    assert loss.terms["capacity"].item() == pytest.approx(expected)
    loss.total.backward()
    sign = 1 if kl.sum().item() / B > wanted else -1
    torch.testing.assert_close(kl.grad, torch.full_like(kl, sign * 1000 / B))


def test_regularisers_have_one_weight() -> None:
    spec = spec_of(PLAIN + "objective { spectral = 0.25 }")
    model = model_of(spec)
    out = model(images(), model.noise(B))
    objective = Objective(spec, model)
    loss = objective(out, {}, keys(), 0, HORIZON)
    assert objective.spectral is not None
    sigma = objective.spectral.eval()().item()
    assert loss.terms["spectral"].item() == pytest.approx(sigma / 4)
    gains = [m.weight for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert loss.terms["batch_norm"].item() == pytest.approx(len(gains) / 4)
    loss.total.backward()
    for gain in gains:
        assert gain.grad is not None


def test_there_is_no_term_for_layers_that_are_not_there() -> None:
    spec = spec_of(PLAIN + "objective { spectral = 0.25 }")
    vector = spec.model_copy(
        update={
            "observed": spec.observed.model_copy(update={"shape": (5,)}),
            "features": spec.features.model_copy(update={"norm": "none"}),
        }
    )
    assert Objective(vector, model_of(vector)).terms == ("reconstruction", "kl")
    images_alone = spec.model_copy(
        update={"features": spec.features.model_copy(update={"norm": "none"})}
    )
    terms = Objective(images_alone, model_of(images_alone)).terms
    assert terms == ("reconstruction", "kl", "spectral")


@pytest.mark.parametrize("kind", ["free_bits", "capacity"])
def test_two_processes_that_share_a_batch_get_its_gradient(kind: str) -> None:
    latents = "latent a: normal[1]\nlatent b: normal[2]\na -> b\n"
    model = model_of(spec_of(latents)).eval()
    noise = model.noise(B)
    halves = [slice(0, B // 2), slice(B // 2, B)]
    outs = [
        model(images()[own], {k: v[own] for k, v in noise.items()}) for own in halves
    ]
    kls = torch.stack([out.divergences.mean(1) for out in outs])
    # A bound that one half is below of and the other, like both together, above.
    totals = kls.sum(1) if kind == "capacity" else kls[:, 0]
    bound = (totals.min() + (totals.max() - totals.min()) / 4).item()
    option = f"linear({bound}, {bound}, 1%)" if kind == "capacity" else bound
    spec = spec_of(f"{latents}objective {{ {kind} = {option} }}")

    def gradient(loss: Tensor) -> list[Tensor]:
        used = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
        return [part for part in used if part is not None]

    whole = Objective(spec, model)(model(images(), noise), {}, keys(), 9, HORIZON)
    losses = [
        Objective(spec, model, mean=lambda _: kls.mean(0))(
            out, {}, keys()[own], 9, HORIZON
        ).total
        for out, own in zip(outs, halves, strict=True)
    ]
    together = gradient(torch.stack(losses).mean())
    for mine, theirs in zip(together, gradient(whole.total), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_the_mean_over_processes_is_asked_for_where_it_matters_alone() -> None:
    def refuse(vector: Tensor) -> Tensor:
        raise AssertionError("linear terms are averaged by their gradients")

    spec = spec_of()
    model = model_of(spec)
    out = model(images(), model.noise(B))
    Objective(spec, model, mean=refuse)(out, labels(), keys(), 0, HORIZON)


def test_it_saves_the_power_iteration_and_learns_nothing() -> None:
    spec = spec_of(LABELLED + "objective { spectral = 0.1 }")
    objective = Objective(spec, model_of(spec))
    assert list(objective.parameters()) == []
    keys_ = [key.partition("_")[0] for key in objective.state_dict()]
    assert set(keys_) == {"spectral.u", "spectral.v"}
    assert Objective(spec_of(), model_of(spec_of())).state_dict() == {}


def test_half_precision_is_widened_before_it_is_averaged() -> None:
    spec = spec_of()
    model = model_of(spec).float()
    out = model(images().float())
    half = replace(
        out,
        log_prob=out.log_prob.bfloat16(),
        divergences=out.divergences.bfloat16(),
        q=[tuple(part.bfloat16() for part in own) for own in out.q],
    )
    loss = Objective(spec, model)(half, labels(), keys(), 0, HORIZON)
    assert loss.total.dtype == torch.float32
    assert loss.log_prob.item() == half.log_prob.float().mean().item()
