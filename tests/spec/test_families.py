"""The checker knows of families what `FAMILIES` says and nothing else."""

from __future__ import annotations

import pytest

from dagspec import families
from dagspec.families import Family, LatentFacts, ObservedFacts
from tests.spec.reading import HEAD, codes, spec_of

TOY = Family(
    name="toy",
    summary="only for this test",
    latent=LatentFacts(
        torch_class="Toy",
        parameters=("a", "b", "c"),
        combines=("independent",),
        smallest=4,
    ),
    observed=ObservedFacts(torch_class="ToyLikelihood", options=("sigma",)),
)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "FAMILIES", {**families.FAMILIES, "toy": TOY})


@pytest.mark.usefixtures("toy")
def test_an_added_family_can_be_used() -> None:
    spec = spec_of("model m\nobserve x: toy[9] { sigma = 2 }\nlatent z: toy[4]\n")
    assert (spec.observed.family, spec.latents[0].family) == ("toy", "toy")


@pytest.mark.usefixtures("toy")
def test_its_facts_are_rules() -> None:
    assert codes(HEAD + "latent z: toy[3]\n") == ["E305"]
    assert codes(HEAD + "latent z: toy[4] { temperature = 1 }\n") == ["E320"]
    assert codes(HEAD + "latent z: toy[4]\ninference { combine = residual }\n") == [
        "E502"
    ]


def test_without_it_the_family_is_unknown() -> None:
    assert codes(HEAD + "latent z: toy[4]\n") == ["E301"]
