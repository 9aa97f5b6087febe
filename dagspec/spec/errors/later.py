"""E701 to E709: what the language keeps for later versions."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

LATER: tuple[Explanation, ...] = (
    Explanation(
        "E701",
        "error",
        "not supported yet",
        """\
The language keeps words for what later versions will do: ladders of spatial latents,
more families of observed nodes. They are understood and refused, so that no file means
one thing today and another tomorrow.
""",
        """\
model sketch
observe image: logistic_mixture[3, 64, 64]
latent scale: normal[1]
""",
        """\
model sketch
observe image: normal[3, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E702",
        "error",
        "a second observed node",
        """\
A model observes one node for now. Several images of one size can be stacked as
channels of one node.
""",
        """\
model sketch
observe left: bernoulli[1, 64, 64]
observe right: bernoulli[1, 64, 64]
latent depth: normal[1]
""",
        """\
model sketch
observe pair: bernoulli[2, 64, 64]
latent depth: normal[1]
""",
    ),
    Explanation(
        "E703",
        "error",
        "an edge out of the observed node",
        """\
The latents cause what is observed, and for now nothing is caused by it. That a latent
is inferred from the image is not an edge: the posterior takes care of it.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
image -> scale
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
scale -> image
""",
    ),
)
