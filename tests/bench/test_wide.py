from __future__ import annotations

from collections import Counter

import pytest

import dagspec
from dagspec.bench.wide import wide_spec
from dagspec.spec import Spec


@pytest.fixture(scope="module")
def spec() -> Spec:
    return dagspec.parse(wide_spec())


def test_it_has_a_thousand_scalars(spec: Spec) -> None:
    kinds = Counter((latent.family, latent.dim) for latent in spec.latents)
    assert kinds == {("normal", 1): 1000}


def test_it_has_eight_generations_of_equal_size(spec: Spec) -> None:
    sizes = Counter(spec.graph.generations.values())
    assert sizes == dict.fromkeys(range(8), 125)


def test_all_but_the_first_generation_have_three_parents(spec: Spec) -> None:
    degrees = {
        (generation == 0, len(spec.graph.parents(name)))
        for name, generation in spec.graph.generations.items()
    }
    assert degrees == {(True, 0), (False, 3)}


def test_the_seed_decides_the_edges() -> None:
    assert wide_spec(seed=1) == wide_spec(seed=1) != wide_spec(seed=2)
