"""E601 to E609: limits."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

LIMITS: tuple[Explanation, ...] = (
    Explanation(
        "E601",
        "error",
        "too many latents",
        """\
A file with more than 10,000 latents is usually a slip of the program that wrote it.
`--limit latents=20_000` raises the limit. The example is checked with
`--limit latents=2`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale, angle: normal[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape, scale: normal[1]
""",
    ),
    Explanation(
        "E602",
        "error",
        "too many edges",
        """\
In `a, b -> c, d` every node on the left points to every node on the right, so a short
line can hold very many edges. `--limit edges=2e6` raises the limit of a million. The
example is checked with `--limit edges=3`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent a, b, c, d: normal[1]
a, b -> c, d
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent a, b, c, d: normal[1]
a -> c
b -> d
""",
    ),
    Explanation(
        "E603",
        "error",
        "too many parameters",
        """\
The parameters are counted from the file before any memory is spent on them. More than
500 million are refused, since a wide stage or a slip of a zero would otherwise take the
machine down. `--limit parameters=2e9` raises the limit.
""",
        """\
model sketch
observe image: normal[3, 64, 64]
features { widths = [20_000, 20_000] }
latent scale: normal[1]
""",
        """\
model sketch
observe image: normal[3, 64, 64]
features { widths = [200, 200] }
latent scale: normal[1]
""",
    ),
    Explanation(
        "E604",
        "error",
        "an example that is too big",
        """\
A single observed example of more than 100 million numbers would not fit into memory
together with its features. `--limit values=1e9` raises the limit.
""",
        """\
model sketch
observe image: normal[3, 64_000, 64_000]
latent scale: normal[1]
""",
        """\
model sketch
observe image: normal[3, 64, 64]
latent scale: normal[1]
""",
    ),
)
