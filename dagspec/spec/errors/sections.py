"""E210 to E229: the header, the sections, and what is set beside them."""

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
    Explanation(
        "E220",
        "error",
        "an override that is not in the form `SECTION.OPTION=VALUE`",
        """\
What is set beside a file names a section and an option of it, or a node, by `latent` or
`observe` and its name, and an option of that. Then follows `=` and a single value,
written as in a file. A shell takes quotes away, so a text is quoted twice:
`--set 'training.data="folder:pictures"'`.
""",
        "dagspec train specs/dsprites.dag --set batch=64\n",
        "dagspec train specs/dsprites.dag --set training.batch=64\n",
    ),
    Explanation(
        "E221",
        "error",
        "an override of something that is not there",
        """\
An option can be set in any section, whether the file has that section or not, and in
the nodes that the file declares.
""",
        "dagspec train specs/dsprites.dag --set latent.size.kl_weight=2\n",
        "dagspec train specs/dsprites.dag --set latent.scale.kl_weight=2\n",
    ),
)
