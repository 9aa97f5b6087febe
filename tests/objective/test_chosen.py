"""The share of examples that show a label."""

from __future__ import annotations

import torch

from dagspec.objective.chosen import hashed, salt, threshold

MASK = (1 << 64) - 1
SALTS = torch.tensor([salt(0, "digit"), salt(0, "style"), salt(1, "digit")])


def mixed(value: int) -> int:
    """SplitMix64 in whole numbers that do not wrap by themselves."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def shown(share: float, keys: torch.Tensor) -> torch.Tensor:
    return hashed(SALTS, keys[:, None]) < threshold(share)


def test_the_mixing_is_splitmix64() -> None:
    # The first outputs of the published generator, from the state 1234567.
    assert mixed(1234567) == 6457827717110365317
    keys = [0, 1, -1, 2**63 - 1, -(2**63), 123456789]
    found = hashed(SALTS[:1], torch.tensor(keys)[:, None]).flatten().tolist()
    own = int(SALTS[0]) & MASK
    assert found == [mixed(mixed(key & MASK) ^ own) >> 11 for key in keys]


def test_none_and_all_are_exact() -> None:
    keys = torch.arange(-50_000, 50_000)
    assert not shown(0.0, keys).any()
    assert shown(1.0, keys).all()
    assert threshold(1.0) > int(hashed(SALTS, keys[:, None]).max())


def test_a_share_is_about_that_many_and_a_larger_one_holds_it() -> None:
    keys = torch.arange(100_000)
    tenth, half = shown(0.1, keys), shown(0.5, keys)
    assert ((tenth.double().mean(0) - 0.1).abs() < 0.005).all()
    assert ((half.double().mean(0) - 0.5).abs() < 0.008).all()
    assert (half | ~tenth).all()


def test_concepts_and_seeds_choose_examples_of_their_own() -> None:
    chosen = shown(0.5, torch.arange(100_000)).double()
    for first, second in ((0, 1), (0, 2), (1, 2)):
        both = (chosen[:, first] * chosen[:, second]).mean()
        assert abs(both - 0.25) < 0.01


def test_an_example_is_chosen_or_not_whatever_its_batch() -> None:
    keys = torch.randperm(1000, generator=torch.Generator().manual_seed(0))
    whole = shown(0.3, torch.arange(1000))
    assert torch.equal(shown(0.3, keys), whole[keys])
    assert torch.equal(shown(0.3, keys[7:9]), whole[keys[7:9]])
