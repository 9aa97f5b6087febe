"""E210 to E219: the header and the sections."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

SECTIONS: tuple[Explanation, ...] = (
    Explanation(
        "E210",
        "error",
        "the file has no `model` line",
        """\
A file begins with `model NAME`, and a line of text in quotes if you like. The name
becomes the name of the class that is made of the model, and of the files about it.
""",
        """\
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
        """\
model sketch "One concept behind an image."
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E211",
        "error",
        "the `model` line is not the first statement",
        """\
Whoever opens a file should see first what it is about. Only comments and empty lines
may stand above the `model` line.
""",
        """\
observe image: bernoulli[1, 64, 64]
model sketch
latent scale: normal[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E212",
        "error",
        "a second `model` line",
        """\
A file declares one model. Give a second model a file of its own.
""",
        """\
model sketch
model sketch_with_scale
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
        """\
model sketch_with_scale
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
""",
    ),
    Explanation(
        "E213",
        "error",
        "a section is written twice",
        """\
Each section is written at most once, so that all of its options stand in one place
and none overrides another unseen.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { steps = 1_000 }
training { batch = 32 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { steps = 1_000, batch = 32 }
""",
    ),
)
