"""The laws of a compiled model, each a function that raises AssertionError.

They are asked of random models, and of models broken on purpose, which must not pass.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent

from dagspec.graph import LatentGraph
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Spec

BATCH = 3


def observations(spec: Spec) -> Tensor:
    """A few x in the support of every family."""
    generator = torch.Generator().manual_seed(7)
    shape = (BATCH, *spec.observed.shape)
    return torch.rand(shape, generator=generator, dtype=torch.float64)


def values(spec: Spec) -> dict[str, Tensor]:
    """Values of every concept that a gradient can be asked for."""
    generator = torch.Generator().manual_seed(8)
    return {
        latent.name: torch.randn(
            BATCH, latent.dim, generator=generator, dtype=torch.float64
        ).requires_grad_()
        for latent in spec.latents
    }


def base_of(distribution: Distribution) -> Any:
    """The distribution of one number."""
    if isinstance(distribution, Independent):
        return distribution.base_dist
    return distribution


def parameters(distribution: Distribution) -> Tensor:
    """Parameters of a distribution, one under another."""
    base = base_of(distribution)
    names = [n for n in ("loc", "scale", "logits") if n in base.arg_constraints]
    return torch.cat([getattr(base, name).reshape(-1) for name in names])


def assert_drawn(
    spec: Spec,
    values: Mapping[str, Tensor],
    distributions: Mapping[str, Distribution],
    noise: Mapping[str, Tensor],
    but: Collection[str] = (),
) -> None:
    """Each value is what its own distribution makes of its own noise."""
    for latent in spec.latents:
        name, base = latent.name, base_of(distributions[latent.name])
        if name in but:
            continue
        if latent.family in {"normal", "laplace"}:
            made = base.loc + base.scale * noise[name]
            torch.testing.assert_close(values[name], made, msg=f"{name} is another's")
        elif latent.family == "categorical":
            made = (base.logits + noise[name]).argmax(1)
            assert torch.equal(values[name].argmax(1), made), f"{name} is another's"
        else:
            made = (base.logits + noise[name] > 0).double()
            assert torch.equal(values[name], made), f"{name} is another's"


def sensitivity(output: Tensor, inputs: Mapping[str, Tensor]) -> dict[str, float]:
    """Largest derivative of a random direction of `output` by each input."""
    generator = torch.Generator().manual_seed(9)
    direction = torch.randn(output.shape, generator=generator, dtype=output.dtype)
    if not output.requires_grad:
        return dict.fromkeys(inputs, 0.0)
    found = torch.autograd.grad(
        output, list(inputs.values()), direction, allow_unused=True, retain_graph=True
    )
    return {
        name: 0.0 if part is None else part.abs().max().item()
        for name, part in zip(inputs, found, strict=True)
    }


def assert_depends(what: str, found: Mapping[str, float], on: set[str]) -> None:
    """Exactly zero by everything else, not zero by each of `on`."""
    for name, size in found.items():
        if name in on:
            assert size > 0, f"{what} does not depend on {name}"
        else:
            assert size == 0, f"{what} depends on {name}: {size}"


def prior_law(model: ConceptVAE, spec: Spec) -> None:
    """p(z_b | ·) depends on z_a exactly where a is a parent of b."""
    latents = values(spec)
    for name, prior in model.prior(latents).items():
        found = sensitivity(parameters(prior), latents)
        assert_depends(f"p({name})", found, set(spec.graph.parents(name)))


def conditions(spec: Spec, name: str) -> set[str]:
    """What q(z_b | ·) is conditioned on, x included, as its structure promises."""
    x, parents = spec.observed.name, set(spec.graph.parents(name))
    if spec.inference.structure != "faithful":
        return {x} if spec.inference.structure == "mean_field" else {x, *parents}
    inner = [edge for edge in spec.edges if edge[1] != x]
    edges = [*inner, *((other, x) for other in spec.feeding)]
    graph = LatentGraph([x, *(latent.name for latent in spec.latents)], edges)
    return set(graph.faithful_inverse([x])[name])


def posterior_law(model: ConceptVAE, spec: Spec) -> None:
    """q(z_b | ·) depends on z_a exactly where it is given a, and likewise on x."""
    latents, x = values(spec), observations(spec).requires_grad_()
    for name, posterior in model.posterior(x, latents).items():
        given = conditions(spec, name)
        found = sensitivity(parameters(posterior), {**latents, spec.observed.name: x})
        assert_depends(f"q({name})", found, given)


def likelihood_law(model: ConceptVAE, spec: Spec) -> None:
    """p(x | z) depends on z_a exactly where a feeds x."""
    latents = values(spec)
    likelihood = model.likelihood(latents)
    found = sensitivity(likelihood.mean, latents)
    assert_depends("p(x)", found, set(spec.feeding))


def elbo_law(model: ConceptVAE, spec: Spec) -> None:
    """The ELBO is log p(x | z) - Σ KL_i, and each KL_i is torch's own."""
    x, noise = observations(spec), model.noise(BATCH, seed=2)
    out = model(x, noise)
    names = [latent.name for latent in spec.latents]
    assert list(out.kl) == list(out.latents) == names
    for name, divergence in out.kl.items():
        oracle = torch.distributions.kl_divergence(out.posterior[name], out.prior[name])
        torch.testing.assert_close(divergence, oracle)
        assert (divergence > -1e-9).all(), name
    torch.testing.assert_close(out.elbo, out.log_prob - sum(out.kl.values()))
    torch.testing.assert_close(out.elbo, model.elbo(x, noise))
    assert_drawn(spec, out.latents, out.posterior, noise)
    sample = model.sample(BATCH, noise=noise).latents
    assert_drawn(spec, sample, model.prior(sample), noise)
    again = model.posterior(x, out.latents)
    for name in names:
        torch.testing.assert_close(
            parameters(again[name]), parameters(out.posterior[name])
        )
    torch.testing.assert_close(out.likelihood.log_prob(x), out.log_prob)
    torch.testing.assert_close(out.reconstruction, model.reconstruct(x, noise))


def one_hot_law(model: ConceptVAE, spec: Spec) -> None:
    """Values of relaxed families are exactly zeros and ones, in every query."""
    x, noise = observations(spec), model.noise(BATCH, seed=3)
    for latents in (model.encode(x, noise), model.sample(BATCH, noise=noise).latents):
        for latent in spec.latents:
            value = latents[latent.name]
            assert value.shape == (BATCH, latent.dim)
            if latent.family in {"categorical", "bernoulli"}:
                assert set(value.unique().tolist()) <= {0.0, 1.0}, latent.name
            if latent.family == "categorical":
                assert (value.sum(1) == 1).all(), latent.name


LAWS = (
    prior_law,
    posterior_law,
    likelihood_law,
    elbo_law,
    one_hot_law,
)
