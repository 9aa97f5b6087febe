"""E108 to E110: numbers and their units."""

from __future__ import annotations

from dagspec.syntax.errors.example import explain

LITERALS = (
    explain(
        "E108",
        "a number that is none",
        """\
A number is written in decimal digits, with a point and an exponent if need be: `3`,
`-2`, `0.5`, `1e-3`, `20_000`. There is a digit on either side of a point and of every
`_`; there is no `+` in front, no `0` in front of other digits, and no hexadecimal.
""",
        'latent scale: normal[1] { label = "scale", weight = .5 }\n',
        'latent scale: normal[1] { label = "scale", weight = 0.5 }\n',
    ),
    explain(
        "E109",
        "a number out of range",
        """\
Numbers are computed with in double precision: at most about 1.8e308, and not so small
that they would silently become 0.
""",
        "latent scale: normal[1] { free_bits = 1e400 }\n",
        "latent scale: normal[1] { free_bits = 1 }\n",
    ),
    explain(
        "E110",
        "an unknown unit",
        """\
A length is given in `steps`, in `epochs` or in `%` of the whole training. There are no
other units.
""",
        "latent scale: normal[1]\nobjective { warmup = linear(30 percent) }\n",
        "latent scale: normal[1]\nobjective { warmup = linear(30%) }\n",
    ),
)
