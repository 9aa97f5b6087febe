"""Every family of concepts, asked the same things; torch is the oracle."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import kl_divergence

from dagspec.nn.distributions.bernoulli import Bernoulli
from dagspec.nn.distributions.categorical import Categorical
from dagspec.nn.distributions.family import ConceptFamily, Parameters
from dagspec.nn.distributions.laplace import Laplace
from dagspec.nn.distributions.normal import Normal

FAMILIES = [Normal(3), Laplace(3), Categorical(3), Bernoulli(3)]
every_family = pytest.mark.parametrize("family", FAMILIES, ids=repr)


def drawn(family: ConceptFamily, seed: int, batch: int = 5) -> Parameters:
    """Parameters of two latents, away from every standard value."""
    generator = torch.Generator().manual_seed(seed)
    raw = torch.randn(2, family.outputs, batch, generator=generator).double()
    return family.parameters(raw)


def one(parameters: Parameters, row: int) -> Parameters:
    """Parameters `(B, dim)` of one latent."""
    return tuple(part[row].T for part in parameters)


@every_family
def test_kl_of_a_distribution_with_itself_is_zero(family: ConceptFamily) -> None:
    p = drawn(family, 1)
    torch.testing.assert_close(family.kl(p, p), torch.zeros(2, 5).double())


@every_family
def test_kl_and_log_prob_are_torchs(family: ConceptFamily) -> None:
    q, p = drawn(family, 1), drawn(family, 2)
    generator = torch.Generator().manual_seed(0)
    value = family.sample(q, family.noise((2, 3, 5), q[0], generator))
    for row in range(2):
        mine, other = family.distribution(one(q, row)), family.distribution(one(p, row))
        torch.testing.assert_close(family.kl(q, p)[row], kl_divergence(mine, other))
        found = family.log_prob(q, value)[row]
        torch.testing.assert_close(found, mine.log_prob(value[row].T))


@every_family
def test_kl_agrees_with_monte_carlo(family: ConceptFamily) -> None:
    q, p = drawn(family, 1, batch=1), drawn(family, 2, batch=1)
    count = 200_000
    noise = family.noise((2, 3, count), q[0], torch.Generator().manual_seed(0))
    value = family.sample(q, noise)
    terms = family.log_prob(q, value) - family.log_prob(p, value)
    error = terms.std(1) / math.sqrt(count)
    difference = (terms.mean(1, keepdim=True) - family.kl(q, p)).abs().squeeze(1)
    assert (difference < 5 * error).all(), (difference, error)


@every_family
def test_samples_have_the_distributions_frequencies(family: ConceptFamily) -> None:
    p = drawn(family, 3, batch=1)
    count = 200_000
    noise = family.noise((2, 3, count), p[0], torch.Generator().manual_seed(0))
    value = family.sample(p, noise)
    for row in range(2):
        expected = family.distribution(one(p, row))
        spread = expected.variance.squeeze(0).sqrt() / math.sqrt(count)
        difference = (value[row].mean(1) - expected.mean.squeeze(0)).abs()
        assert (difference < 5 * spread).all()


@every_family
def test_gradients_reach_every_parameter(family: ConceptFamily) -> None:
    raw = torch.randn(2, family.outputs, 5, generator=torch.Generator().manual_seed(4))
    raw = raw.double().requires_grad_()
    noise = family.noise((2, 3, 5), raw, torch.Generator().manual_seed(0))
    value = family.sample(family.parameters(raw), noise)
    direction = torch.randn(value.shape, generator=torch.Generator().manual_seed(5))
    (found,) = torch.autograd.grad(value, raw, direction.double())
    assert (found != 0).all()


@every_family
def test_the_standard_prior_is_the_same_as_zero_parameters(
    family: ConceptFamily,
) -> None:
    raw = torch.zeros(1, family.outputs, 1).double()
    for standard, zero in zip(
        family.standard(raw), family.parameters(raw), strict=True
    ):
        assert torch.equal(standard, zero)


@every_family
def test_a_residual_of_zero_is_the_prior(family: ConceptFamily) -> None:
    p = drawn(family, 1)
    raw = torch.zeros(2, family.outputs, 5).double()
    for mine, prior in zip(family.residual(p, raw), p, strict=True):
        torch.testing.assert_close(mine, prior)


def test_residual_normal_shifts_and_scales() -> None:
    family, p = Normal(3), drawn(Normal(3), 1)
    step = drawn(family, 2)
    raw = torch.cat([step[0], 5 * torch.atanh(step[1] / 5)], dim=-2)
    mu, log_sigma = family.residual(p, raw)
    torch.testing.assert_close(mu, p[0] + step[0])
    torch.testing.assert_close(log_sigma.exp(), p[1].exp() * step[1].exp())


def test_precision_weights_by_precision() -> None:
    family, p, h = Normal(3), drawn(Normal(3), 1), drawn(Normal(3), 2)
    raw = torch.cat([h[0], 5 * torch.atanh(h[1] / 5)], dim=-2)
    mu, log_sigma = family.precision(p, raw)
    own, prior = h[1].mul(-2).exp(), p[1].mul(-2).exp()
    variance = 1 / (own + prior)
    torch.testing.assert_close(log_sigma.mul(2).exp(), variance)
    torch.testing.assert_close(mu, variance * (h[0] * own + p[0] * prior))
    assert (log_sigma <= p[1]).all()


@pytest.mark.parametrize("family", FAMILIES[1:], ids=repr)
def test_only_the_normal_has_a_precision_form(family: ConceptFamily) -> None:
    p = drawn(family, 1)
    with pytest.raises(TypeError, match="no precision-weighted form"):
        family.precision(p, torch.zeros(2, family.outputs, 5).double())


@pytest.mark.parametrize("family", [Categorical(4), Bernoulli(4)], ids=repr)
def test_relaxed_values_are_exactly_zeros_and_ones(family: ConceptFamily) -> None:
    raw = 30 * torch.randn(50, 4, 200, generator=torch.Generator().manual_seed(1))
    noise = family.noise((50, 4, 200), raw, torch.Generator().manual_seed(0))
    value: Tensor = family.sample(family.parameters(raw), noise)
    assert set(value.unique().tolist()) == {0.0, 1.0}


def test_relaxed_kl_uses_untempered_logits() -> None:
    cold, warm = Categorical(3, temperature=0.1), Categorical(3, temperature=2.0)
    q, p = drawn(cold, 1), drawn(cold, 2)
    assert torch.equal(cold.kl(q, p), warm.kl(q, p))


def abducted(
    family: ConceptFamily, parameters: Parameters, value: Tensor, seed: int
) -> Tensor:
    """Noise that leads to `value`."""
    generator = torch.Generator().manual_seed(seed)
    fresh = family.noise(tuple(value.shape), value, generator)
    return family.abduct(parameters, value, fresh if family.redraws else None)


@every_family
def test_abducted_noise_leads_to_the_value_again(family: ConceptFamily) -> None:
    p, q = drawn(family, 1, batch=5000), drawn(family, 2, batch=5000)
    noise = family.noise((2, 3, 5000), q[0], torch.Generator().manual_seed(0))
    value = family.sample(q, noise)
    again = family.sample(p, abducted(family, p, value, seed=1))
    exact = isinstance(family, Categorical | Bernoulli)
    assert torch.equal(again, value) or not exact
    torch.testing.assert_close(again, value)


@every_family
def test_abduction_from_the_right_distribution_gives_standard_noise(
    family: ConceptFamily,
) -> None:
    """Σ_z p(z)·p(noise given z) = p(noise): independent, and each as it was drawn."""
    p, count = drawn(family, 3, batch=1), 100_000
    p = tuple(part.expand(2, 3, count) for part in p)
    noise = family.noise((2, 3, count), p[0], torch.Generator().manual_seed(0))
    found = abducted(family, p, family.sample(p, noise), seed=1)
    other = family.noise((2, 3, count), p[0], torch.Generator().manual_seed(2))
    for level in (-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 4.0):
        one = (found < level).double()
        two = (other < level).double()
        share = two.mean()
        error = (2 * share * (1 - share) / count).sqrt()
        assert ((one - two).mean(2).abs() < 5 * error).all(), level
        # Of two dimensions both are below in as many cases as chance has it.
        both = (one * one.roll(1, 1)).mean(2) - one.mean(2) * one.roll(1, 1).mean(2)
        assert (both.abs() < 5 * share * (1 - share) / math.sqrt(count)).all(), level


@pytest.mark.parametrize("family", [Categorical(4), Bernoulli(4)], ids=repr)
@pytest.mark.parametrize("size", [1.0, 30.0, 1000.0])
def test_rounding_does_not_turn_an_abducted_value(
    family: ConceptFamily, size: float
) -> None:
    """Values that the prior thinks unlikely come back, too, in single precision."""
    generator = torch.Generator().manual_seed(1)
    logits = size * torch.randn(50, 4, 4000, generator=generator)
    noise = family.noise((50, 4, 4000), logits, generator)
    value = family.sample((torch.zeros_like(logits),), noise)
    found = abducted(family, (logits,), value, seed=3)
    assert torch.isfinite(found).all()
    assert torch.equal(family.sample((logits,), found), value)


@pytest.mark.parametrize("family", [Categorical(3), Bernoulli(3)], ids=repr)
def test_a_family_that_redraws_needs_noise_to_draw_from(family: ConceptFamily) -> None:
    p = drawn(family, 1)
    value = family.sample(p, torch.zeros_like(p[0]))
    with pytest.raises(AssertionError, match="draws again"):
        family.abduct(p, value)
