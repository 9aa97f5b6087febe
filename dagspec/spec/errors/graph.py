"""E200 to E209: names and edges."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

GRAPH: tuple[Explanation, ...] = (
    Explanation(
        "E200",
        "error",
        "a file that declares nothing",
        """\
A file declares one model: its name, the node that is observed, the latents behind it.
This one holds no statement at all, at most comments.
""",
        """\
# to be written
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E201",
        "error",
        "an edge names an unknown node",
        """\
Both ends of an edge are names that an `observe` or a `latent` statement declares,
above or below the edge. Nothing is declared by being used, so a misspelt name cannot
become a new latent by accident. Capital and small letters differ.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
shpae -> scale
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
shape -> scale
""",
    ),
    Explanation(
        "E202",
        "error",
        "a name is declared twice",
        """\
Latents and the observed node share one set of names, and a name means one thing. Where
two statements were meant to describe one latent, put their options into one.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
latent scale: normal[2]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[2]
""",
    ),
    Explanation(
        "E203",
        "error",
        "the edges form a cycle",
        """\
An edge says that one concept causes another, and nothing causes itself, not even by
way of others: with a cycle there is no order in which the concepts could be drawn.
Where two concepts depend on one another, a third one that causes both usually says
what was meant.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
shape -> scale
scale -> shape
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent species, shape, scale: normal[1]
species -> shape, scale
""",
    ),
    Explanation(
        "E204",
        "error",
        "an edge from a node to itself",
        """\
Nothing is its own cause. Every latent has noise of its own already, so no edge is
needed to let it vary.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
shape -> shape
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
shape -> scale
""",
    ),
    Explanation(
        "E205",
        "error",
        "an edge is written twice",
        """\
An edge is there or it is not; writing it again adds nothing, and usually another name
was meant. `a, b -> c` counts as the two edges `a -> c` and `b -> c`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale, angle: normal[1]
shape, scale -> angle
scale -> angle
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale, angle: normal[1]
shape, scale -> angle
""",
    ),
    Explanation(
        "E206",
        "error",
        "a latent does not reach the observed node",
        """\
A latent without any effect on what is observed cannot be learned from it. As long as
no edge into the observed node is written, every latent feeds it. As soon as one is
written, only the written ones count: add the missing edge, or remove those into the
observed node and let all latents feed it.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
shape -> image
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
shape, scale -> image
""",
    ),
    Explanation(
        "E207",
        "error",
        "the model has no observed node",
        """\
The latents of a model are what explains something that is observed: an image
`[CHANNELS, HEIGHT, WIDTH]` or a vector `[LENGTH]`. Declare it with `observe`.
""",
        """\
model sketch
latent shape, scale: normal[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
""",
    ),
    Explanation(
        "E208",
        "error",
        "the model has no latent",
        """\
Without a latent there is nothing to infer and nothing to learn about. Declare at least
one concept with `latent`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
    ),
)
