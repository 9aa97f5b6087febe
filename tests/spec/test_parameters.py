"""Parameters are counted without a model; here by hand, layer by layer."""

from __future__ import annotations

from dagspec.spec import count_parts
from tests.spec.reading import spec_of

SMALL = "model m\nobserve x: normal[3]\nlatent a: normal[2]\n"
PAIR = f"{SMALL}latent b: normal[1]\na -> b\n"


def test_counts_a_plain_convolutional_model() -> None:
    spec = spec_of(
        """
model m
observe x: normal[1, 8, 8]
features { widths = [6, 5], readout = 3 }
inference { hidden = [7] }
latent a: normal[2]
latent b: categorical[3] { at = 1 }
a -> b
"""
    )
    assert count_parts(spec) == {
        # 4x4 kernels and a bias, 1 -> 6 -> 5 channels and back.
        "encoder": (16 * 1 * 6 + 6) + (16 * 6 * 5 + 5),
        # The learned constant is the deepest map, 5x2x2.
        "decoder": (16 * 6 * 1 + 1) + (16 * 5 * 6 + 6) + 5 * 2 * 2,
        # One learned sigma for the one channel.
        "likelihood": 1,
        # `a` reads stage 2, of 2x2 pixels; `b` stage 1, of 4x4 pooled to 3x3.
        "readouts": (5 * 2 * 2 * 256 + 256) + (6 * 3 * 3 * 256 + 256),
        "writers": (256 * 20 + 20 + 256) + (256 * 54 + 54 + 256),
        "concepts": (256 * 7 + 7)
        + (7 * 4 + 4)
        + 2 * 256
        # `b` sees `a` in its head, and has a mechanism of 32 units.
        + ((256 + 2) * 7 + 7)
        + (7 * 3 + 3)
        + (2 * 32 + 32)
        + (32 * 3 + 3)
        + 3 * 256,
    }


def test_a_root_with_a_learned_prior_has_parameters() -> None:
    learned = SMALL.replace("normal[2]", "normal[2] { prior = learned }")
    assert concepts(learned) == concepts(SMALL) + 4


def test_mean_field_heads_do_not_see_the_parents() -> None:
    alone = concepts(PAIR + "inference { structure = mean_field }\n")
    assert concepts(PAIR) - alone == 2 * 32


def test_a_concept_that_does_not_feed_the_image_is_not_written() -> None:
    assert concepts(PAIR) - concepts(PAIR + "b -> x\n") == 2 * 256


def concepts(text: str) -> int:
    return count_parts(spec_of(text))["concepts"]
