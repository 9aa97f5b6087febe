"""The laws of do() and of counterfactuals, each a function that raises AssertionError.

Values before and after are compared by name: what has no ancestor that is set
stays bit for bit, and what has one follows its parents as its mechanism says.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Latent, Spec
from tests.laws.laws import BATCH, assert_drawn, base_of, observations, parameters

REAL = {"normal", "laplace"}


def setting(latent: Latent) -> Tensor:
    """A value `[dim]` that the concept can have."""
    value = torch.eye(max(latent.dim, 2), dtype=torch.float64)[1, : latent.dim]
    return value + 1.5 if latent.family in REAL else value


def choices(spec: Spec) -> list[list[Latent]]:
    """Each concept alone, and a few sets of several."""
    latents = sorted(spec.latents, key=lambda latent: latent.name)
    alone = [[latent] for latent in latents]
    if len(latents) == 1:
        return alone
    dice = random.Random(len(latents))
    sizes = [dice.randint(2, len(latents)) for _ in range(4)]
    return [*alone, *(dice.sample(latents, size) for size in sizes)]


def below(spec: Spec, chosen: list[Latent]) -> set[str]:
    """Concepts that have an ancestor that is set, and are not set themselves."""
    names = {latent.name for latent in chosen}
    return set().union(*(spec.graph.descendants(name) for name in names)) - names


def assert_done(
    spec: Spec,
    chosen: list[Latent],
    before: Mapping[str, Tensor],
    after: Mapping[str, Tensor],
) -> None:
    """What is set has its value, and what does not follow is as it was."""
    for latent in chosen:
        wanted = setting(latent).expand(BATCH, -1)
        assert torch.equal(after[latent.name], wanted), f"{latent.name} is not set"
    names = {latent.name for latent in chosen}
    for other in set(after) - below(spec, chosen) - names:
        assert torch.equal(after[other], before[other]), f"do({names}) moved {other}"


def assert_follows(
    model: ConceptVAE,
    spec: Spec,
    chosen: list[Latent],
    before: Mapping[str, Tensor],
    after: Mapping[str, Tensor],
) -> None:
    """A concept moves with its parents: its distribution, and a real value itself."""
    old, new = model.prior(before), model.prior(after)
    family = {latent.name: latent.family for latent in spec.latents}
    for name in below(spec, chosen):
        parents = spec.graph.parents(name)
        steps = [(after[p] - before[p]).abs().amax(1) for p in parents]
        moved = torch.stack(steps).amax(0) > 1e-6
        if not moved.any():
            continue
        same = torch.equal(parameters(old[name]), parameters(new[name]))
        assert not same, f"p({name}) does not follow"
        if family[name] in REAL:
            step = (after[name] - before[name]).abs().amax(1)
            assert (step[moved] > 0).all(), f"{name} does not follow"


def do_law(model: ConceptVAE, spec: Spec) -> None:
    """do() sets its concepts, leaves non-descendants alone, and descendants follow."""
    noise = model.noise(BATCH, seed=1)
    plain = model.sample(BATCH, noise=noise).latents
    for chosen in choices(spec):
        do = {latent.name: setting(latent) for latent in chosen}
        done = model.sample(BATCH, do=do, noise=noise)
        assert_done(spec, chosen, plain, done.latents)
        assert_drawn(spec, done.latents, model.prior(done.latents), noise, but=do)
        assert_follows(model, spec, chosen, plain, done.latents)
        torch.testing.assert_close(done.x, model.decode(done.latents))


def twin_law(model: ConceptVAE, spec: Spec) -> None:
    """Had a concept had the value that it has, all would have been as it is."""
    x, noise = observations(spec), model.noise(BATCH, seed=4)
    encoded, seen = model.encode(x, noise), model.reconstruct(x, noise)
    nothing = model.counterfactual(x, {}, noise=noise)
    assert torch.equal(nothing.x, seen), "do() of nothing changes x"
    for chosen in [[], *choices(spec)]:
        do = {latent.name: encoded[latent.name] for latent in chosen}
        twin = model.counterfactual(x, do, noise=noise)
        moved = below(spec, chosen) if chosen else set()
        for name, value in twin.latents.items():
            if name in moved:
                error = (value - encoded[name]).abs().max().item()
                assert error < 1e-6, f"the twin of {name} differs by {error}"
            else:
                assert torch.equal(value, encoded[name]), f"{name} is not kept"
        error = (twin.x - seen).abs().max().item()
        assert error < 1e-6, f"the twin of x differs by {error}"


def counterfactual_law(model: ConceptVAE, spec: Spec) -> None:
    """As the do law, with the noise that led to the encoding of x."""
    x, noise = observations(spec), model.noise(BATCH, seed=4)
    encoded = model.encode(x, noise)
    for chosen in choices(spec):
        do = {latent.name: setting(latent) for latent in chosen}
        found = model.counterfactual(x, do, noise=noise)
        assert_done(spec, chosen, encoded, found.latents)
        assert_follows(model, spec, chosen, encoded, found.latents)
        old, new = model.prior(encoded), model.prior(found.latents)
        for latent in spec.latents:
            if latent.name in below(spec, chosen):
                name = latent.name
                p, q = base_of(old[name]), base_of(new[name])
                assert_same_noise(latent, encoded[name], found.latents[name], p, q)
        torch.testing.assert_close(found.x, model.decode(found.latents))


def assert_same_noise(
    latent: Latent, before: Tensor, after: Tensor, p: Any, q: Any
) -> None:
    """A value before and after can have come from one noise.

    Of a class this is counterfactual stability (Oberst & Sontag 2019): it turns from k
    into j only if the odds of j against k have grown.
    """
    if latent.family in REAL:
        made = q.loc + q.scale * (before - p.loc) / p.scale
        torch.testing.assert_close(after, made, msg=f"{latent.name} has other noise")
        return
    logits = q.logits - p.logits
    if latent.family == "categorical":
        gain = (logits * after).sum(1) - (logits * before).sum(1)
        turned = (after != before).any(1)
    else:
        gain = logits * (after - before)
        turned = after != before
    assert (gain[turned] > -1e-9).all(), f"{latent.name} turned against its odds"


LAWS = (do_law, twin_law, counterfactual_law)
