"""W101 and on: legal, but probably not meant."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

WARNINGS: tuple[Explanation, ...] = (
    Explanation(
        "W101",
        "warning",
        "a child attached deeper than its parent",
        """\
Deeper stages see more of the image and are made first on the way back to it, so causes
usually belong there and effects nearer the image. Without `at` a child is never
attached deeper than its parents. Nothing breaks where it is, but the child's features
then come before its parent's.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: normal[1] { at = 2 }
latent scale: normal[1] { at = 4 }
shape -> scale
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: normal[1] { at = 4 }
latent scale: normal[1] { at = 2 }
shape -> scale
""",
    ),
    Explanation(
        "W102",
        "warning",
        "a concept that may be too wide",
        """\
A concept is a few numbers. A latent of more than 64, or of more than a quarter of the
features that it is read from, can hold the whole image: the others then stay unused,
and the edges of the graph have nothing to explain. Classes are exempt from the 64,
since a `categorical[n]` is one choice and not n numbers.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scene: normal[100]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scene: normal[10]
""",
    ),
)
