"""E301 to E309: families and sizes of nodes."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

NODES: tuple[Explanation, ...] = (
    Explanation(
        "E301",
        "error",
        "an unknown family",
        """\
After the colon stands the family of distributions that the node has. A latent may be
`normal`, `laplace`, `categorical` or `bernoulli`; an observed node `normal` or
`bernoulli`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: gaussian[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E302",
        "error",
        "a family for another kind of node",
        """\
The family exists, but not for a node of this kind. A mixture of logistics, for
instance, describes the grey values of a picture and not a concept.
""",
        """\
model sketch
observe image: normal[3, 64, 64]
latent scale: logistic_mixture[1]
""",
        """\
model sketch
observe image: normal[3, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E303",
        "error",
        "the size of a node is missing or of the wrong form",
        """\
Every node says in brackets how many numbers it has: a latent its dimension, as in
`normal[2]`; an observed node the three sides of an image, as in `bernoulli[1, 64, 64]`
with the channels first, or the length of a vector, as in `normal[20]`. A grey image
has one channel, which is written too.
""",
        """\
model sketch
observe image: bernoulli[64, 64]
latent scale: normal
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E304",
        "error",
        "an image of one pixel",
        """\
An image with a single pixel has no neighbourhoods for a convolution to look at. What
it holds is a vector of its channels, and it is declared as one.
""",
        """\
model sketch
observe colour: normal[3, 1, 1]
latent hue: normal[1]
""",
        """\
model sketch
observe colour: normal[3]
latent hue: normal[1]
""",
    ),
    Explanation(
        "E305",
        "error",
        "a dimension that leaves no choice",
        """\
A `categorical[n]` is one of n classes. With n = 1 it is always the same one and says
nothing. A yes or no is `bernoulli[1]`, or `categorical[2]`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: categorical[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: categorical[3]
""",
    ),
)
