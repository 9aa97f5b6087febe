"""What a model makes of held-out examples, in numbers."""

from __future__ import annotations

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.utils._python_dispatch import TorchDispatchMode

import dagspec
from dagspec.bench.wide import wide_spec
from dagspec.monitor import Measurement, measure
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec
from tests.monitor.models import NAMES, VECTOR, images, small


@pytest.fixture
def built() -> tuple[Spec, ConceptVAE]:
    return small()


def test_means_are_those_of_the_models_own_output(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    x = images(10)
    found = measure(model, x, spec, seed=3)
    out = model.eval()(x, model.noise(10, 3))
    assert found.examples == 10
    assert found.elbo == pytest.approx(out.elbo.mean().item(), rel=1e-5)
    assert found.log_prob == pytest.approx(out.log_prob.mean().item(), rel=1e-5)
    assert list(found.kl) == NAMES
    for name, kl in out.kl.items():
        assert found.kl[name] == pytest.approx(kl.mean().item(), rel=1e-4)
    assert found.total_kl == pytest.approx(found.log_prob - found.elbo)


def test_every_example_weighs_the_same_in_parts_of_unequal_size(
    built: tuple[Spec, ConceptVAE],
):
    spec, model = built
    x = images(7)
    parts = [(x[:4], 0), (x[4:], 1)]
    logs = [
        model.eval()(part, model.noise(len(part), seed)).log_prob
        for part, seed in parts
    ]
    found = measure(model, x, spec, batch=4)
    assert found.log_prob == pytest.approx(torch.cat(logs).mean().item(), rel=1e-5)


def test_twice_gives_the_same_to_the_last_bit(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    torch.manual_seed(1)
    one = measure(model, images(), spec, batch=5)
    torch.manual_seed(2)
    other = measure(model, images(), spec, batch=5)
    assert one == other
    for left, right in zip(one.stages, other.stages, strict=True):
        assert torch.equal(left.values, right.values)


def test_it_leaves_no_trace():
    spec, model = small(("readout = 2", "readout = 2, norm = batch"))
    model.train()
    model.decoder.eval()
    buffers = [buffer.clone() for buffer in model.buffers()]
    state = torch.get_rng_state()
    measure(model, images(), spec)
    assert model.training
    assert model.encoder.training
    assert not any(part.training for part in model.decoder.modules())
    assert all(map(torch.equal, buffers, model.buffers()))
    assert torch.equal(torch.get_rng_state(), state)
    assert not model.encoder._forward_hooks
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_failed_pass_leaves_no_trace_either(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    model.train()
    with pytest.raises(ValueError, match="has the shape"):
        measure(model, images(side=4), spec)
    assert model.training
    assert not model.encoder._forward_hooks


def test_no_examples_is_an_error(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    with pytest.raises(ValueError, match="no examples"):
        measure(model, images(0), spec)


def _set_head(model: ConceptVAE, name: str, outputs: list[float]) -> None:
    """Let a head put out these numbers, whatever the image."""
    state = model.state_dict()
    state[f"heads.{name}.1.weight"].zero_()
    state[f"heads.{name}.1.bias"].copy_(torch.tensor(outputs))
    model.load_state_dict(state)


def test_units_are_active_above_a_hundredth_of_a_nat(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    # KL(N(m, 1), N(0, 1)) is m²/2: 0.0098 and 0.0113 nats.
    _set_head(model, "angle", [0.14, 0.15, 0.0, 0.0])
    _set_head(model, "slant", [0.0, 0.0])
    _set_head(model, "kind", [0.0, 0.0, 2.0])
    found = measure(model, images(), spec)
    assert found.kl["angle"] == pytest.approx(0.0098 + 0.01125, rel=1e-4)
    assert found.active["angle"] == 1
    assert (found.kl["slant"], found.active["slant"]) == (0.0, 0)
    assert found.active["kind"] == 1
    units = {name: stats.units for name, stats in found.concepts.items()}
    assert units == {"kind": 1, "size": 1, "angle": 2, "slant": 1, "flag": 2}


def test_dimensions_of_a_bernoulli_are_counted_each(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    with torch.no_grad():
        for name, values, _ in model.mechanisms.views():
            if name.startswith("flag."):
                values.zero_()
    _set_head(model, "flag", [0.0, 3.0])
    assert measure(model, images(), spec).active["flag"] == 1


def test_moments_are_over_examples_and_dimensions(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    x = images(9)
    found = measure(model, x, spec, batch=4).concepts
    noise = [model.noise(4, 0), model.noise(4, 1), model.noise(1, 2)]
    outs = [model(part, own) for part, own in zip(x.split(4), noise, strict=True)]
    for name in ("size", "angle", "slant"):
        for side in ("posterior", "prior"):
            each = [getattr(out, side)[name] for out in outs]
            mu = torch.cat([own.mean for own in each]).double()
            sigma = torch.cat([own.stddev for own in each]).double()
            moments = getattr(found[name], side)
            assert moments.mu_mean == pytest.approx(mu.mean().item(), abs=1e-6)
            assert moments.mu_std == pytest.approx(
                mu.std(correction=0).item(), abs=1e-6
            )
            assert moments.sigma_mean == pytest.approx(sigma.mean().item(), abs=1e-6)
            assert moments.sigma_std == pytest.approx(
                sigma.std(correction=0).item(), abs=1e-6
            )


def test_discrete_concepts_have_no_mu(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    found = measure(model, images(), spec).concepts
    for name in ("kind", "flag"):
        assert found[name].posterior is None
        assert found[name].prior is None


def test_a_fixed_prior_has_no_spread(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    prior = measure(model, images(), spec).concepts["angle"].prior
    assert prior is not None
    assert vars(prior) == {
        "mu_mean": 0.0,
        "mu_std": 0.0,
        "sigma_mean": 1.0,
        "sigma_std": 0.0,
    }


def test_labels_are_told_the_posteriors_of_all_examples(
    built: tuple[Spec, ConceptVAE],
):
    spec, model = built
    factors = {"area": torch.arange(7.0)}
    seen = {}

    def labels(*given):
        seen.update(zip(("spec", "model", "posterior", "factors"), given, strict=True))
        return {"size.rmse": 2.5}

    found = measure(model, images(7), spec, factors, labels=labels, batch=3)
    assert found.labels == {"size.rmse": 2.5}
    assert (seen["spec"], seen["model"], seen["factors"]) == (spec, model, factors)
    assert list(seen["posterior"]) == NAMES
    q = seen["posterior"]["angle"]
    assert q.mean.shape == (7, 2)
    expected = model.posterior(images(7))["angle"].mean
    assert torch.allclose(q.mean, expected, atol=1e-6)


def test_labels_are_not_asked_without_factors(built: tuple[Spec, ConceptVAE]):
    spec, model = built

    def labels(*_given):
        raise AssertionError

    assert measure(model, images(), spec, labels=labels).labels == {}


def test_a_vector_is_measured_like_an_image():
    spec = dagspec.parse(VECTOR)
    model = dagspec.build_model(spec)
    x = torch.randn(5, 6, generator=torch.Generator().manual_seed(0))
    found = measure(model, x, spec)
    assert math.isfinite(found.elbo)
    assert [stage.channels for stage in found.stages] == [8]


class _Calls(TorchDispatchMode):
    """Counts what torch is asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += 1
        return func(*args, **(kwargs or {}))


def test_a_thousand_concepts_are_measured_in_a_few_calls():
    spec = dagspec.parse(wide_spec())
    model = dagspec.build_model(spec)
    x = images(3, side=64)
    with _Calls() as plain, torch.no_grad():
        model(x, model.noise(3))
    with _Calls() as measured:
        found = measure(model, x, spec)
    assert len(found.concepts) == 1000
    # A single call a concept would be a thousand.
    assert measured.count - plain.count < 500


def test_kl_by_dimension_adds_up_to_the_concepts(built: tuple[Spec, ConceptVAE]):
    spec, model = built
    out = model.eval()(images(), model.noise(12))
    q, p = out.posterior["angle"].base_dist, out.prior["angle"].base_dist
    by_dim = kl_divergence(Normal(q.loc, q.scale), Normal(p.loc, p.scale)).mean(0)
    found: Measurement = measure(model, images(), spec)
    assert found.kl["angle"] == pytest.approx(by_dim.sum().item(), rel=1e-4)
    assert found.active["angle"] == int((by_dim > 0.01).sum())
