"""How often classes turn into others, against noise that is drawn and thrown away.

The answer is made without the model's abduction: noise is drawn, kept where it leads to
the classes that were seen, and followed under the intervention.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

import dagspec
from dagspec.nn.distributions.bernoulli import Bernoulli
from dagspec.nn.distributions.categorical import Categorical
from dagspec.nn.queries import ConceptVAE
from tests.laws.laws import base_of

TEXT = """
model chain
observe x: normal[2]
features { widths = [4] }
inference { structure = mean_field }
latent cause: categorical[3]
latent middle: categorical[4] { mechanism = linear }
latent end: categorical[3] { mechanism = linear }
latent lamp: bernoulli[1] { mechanism = linear }
cause -> middle -> end
middle -> lamp
"""
N = 20_000
DO = 1
Numbers = NDArray[np.float64]
Seen = tuple[int, int, int, int]


@pytest.fixture(scope="module")
def model() -> ConceptVAE:
    """Mechanisms of which each parent's class decides a good deal."""
    model = dagspec.build_model(dagspec.parse(TEXT), seed=3).double().eval()
    with torch.no_grad():
        for key, value, _ in model.mechanisms.views():
            if ".from." in key:
                value.mul_(8)
    return model


def tables(model: ConceptVAE) -> tuple[Numbers, Numbers, Numbers]:
    """Logits of middle, end and lamp for each class of the one parent that each has."""

    def logits(name: str, parent: str, classes: int) -> Numbers:
        values = {n: torch.zeros(classes, f.dim) for n, f in model._families().items()}
        values[parent] = torch.eye(classes)
        held = {n: value.double() for n, value in values.items()}
        return base_of(model.prior(held)[name]).logits.detach().numpy()

    return (
        logits("middle", "cause", 3),
        logits("end", "middle", 4),
        logits("lamp", "middle", 4),
    )


def by_rejection(model: ConceptVAE, seen: Seen) -> Numbers:
    """Counts `(4, 3, 2)` of (middle, end, lamp) under do(cause), given the seen."""
    middle, end, lamp = tables(model)
    cause, *observed = seen
    random = np.random.default_rng(sum(seen))

    def follow(start: int, noise: list[Numbers]) -> NDArray[np.int64]:
        first = (middle[start] + noise[0]).argmax(1)
        second = (end[first] + noise[1]).argmax(1)
        third = (lamp[first] + noise[2])[:, 0] > 0
        return np.stack([first, second, third.astype(np.int64)], 1)

    counts = np.zeros((4, 3, 2))
    while counts.sum() < N:
        drawn = [random.gumbel(size=(5 * N, 4)), random.gumbel(size=(5 * N, 3))]
        drawn.append(random.logistic(size=(5 * N, 1)))
        kept = (follow(cause, drawn) == observed).all(1)
        assert kept.mean() > 1e-3, "the classes are too rare to say anything of them"
        done = follow(DO, [noise[kept] for noise in drawn])
        np.add.at(counts, tuple(done.T), 1)
    return counts


def by_the_model(model: ConceptVAE, seen: Seen) -> Numbers:
    """The same counts of the model's own counterfactuals."""
    x = torch.zeros(4 * N, 2, dtype=torch.float64)
    with torch.no_grad():
        noise = model.noise(len(x), seed=sum(seen))
        before = classes(model.encode(x, noise))
        after = classes(model.counterfactual(x, {"cause": DO}, noise=noise).latents)
    assert (after[:, 0] == DO).all()
    counts = np.zeros((4, 3, 2))
    np.add.at(counts, tuple(after[(before == seen).all(1), 1:].T), 1)
    assert counts.sum() > 500
    return counts


def classes(latents: dict[str, Tensor]) -> NDArray[np.int64]:
    """Numbers of the classes, a column a concept."""
    hot = [latents[name].argmax(1) for name in ("cause", "middle", "end")]
    return torch.stack([*hot, latents["lamp"][:, 0].long()], 1).numpy()


def assert_alike(one: Numbers, two: Numbers) -> None:
    """Two samples of one distribution: chi-squared within five deviations."""
    cells = (one + two) > 10
    share = np.sqrt(two.sum() / one.sum())
    terms = (share * one - two / share)[cells] ** 2 / (one + two)[cells]
    freedom = cells.sum() - 1
    limit = freedom + 5 * np.sqrt(2 * freedom)
    assert terms.sum() < limit, "the frequencies differ"


SEEN = [(0, 0, 2, 0), (0, 1, 1, 1), (2, 1, 2, 0), (2, 3, 1, 0)]


@pytest.fixture(scope="module")
def expected(model: ConceptVAE) -> dict[Seen, Numbers]:
    return {seen: by_rejection(model, seen) for seen in SEEN}


@pytest.mark.parametrize("seen", SEEN, ids=str)
def test_classes_turn_as_often_as_the_truncated_gumbels_say(
    model: ConceptVAE, expected: dict[Seen, Numbers], seen: Seen
) -> None:
    counts = expected[seen]
    turned = 1 - counts[seen[1:]] / counts.sum()
    assert 0.05 < turned < 0.95, "a test that says nothing"
    assert_alike(counts, by_the_model(model, seen))


@pytest.mark.parametrize(
    ("family", "wrong"),
    [
        (Categorical, lambda self, p, value, fresh: fresh),
        (Categorical, lambda self, p, value, fresh: value * 50 - p[0]),
        (Bernoulli, lambda self, p, value, fresh: fresh),
        (Bernoulli, lambda self, p, value, fresh: (2 * value - 1) * fresh.abs()),
    ],
    ids=["no truncation", "a class for ever", "no sign", "truncated around zero"],
)
def test_a_wrong_abduction_is_found(
    model: ConceptVAE,
    expected: dict[Seen, Numbers],
    monkeypatch: pytest.MonkeyPatch,
    family: type,
    wrong: Callable[..., Tensor],
) -> None:
    monkeypatch.setattr(family, "abduct", wrong)
    with pytest.raises(AssertionError, match="the frequencies differ"):
        assert_alike(expected[SEEN[-1]], by_the_model(model, SEEN[-1]))
