"""E101, E102, E111, E112, E115, E118, E123, E126 to E130: how statements are made."""

from __future__ import annotations

from dagspec.diagnostic import Explanation
from dagspec.syntax.errors.example import explain

_TWO = "latent shape: categorical[3]\nlatent scale: normal[1]\n"

STATEMENTS = (
    explain(
        "E101",
        "something unexpected",
        """\
The text does not go on in any way that the language knows. The message says what was
being read, and what could have come instead. There are four forms of statements: the
header `model NAME`, nodes (`observe`, `latent`, `ladder`), edges `a -> b`, and sections
such as `training { … }`.
""",
        "latent scale: normal[1 %]: 3\n",
        "latent scale: normal[1]\n",
    ),
    explain(
        "E102",
        "an unknown statement",
        """\
A statement begins with `model`, `observe`, `latent` or `ladder`, with the name of a
section (`features`, `inference`, `objective`, `training`, `process`), or it is an edge
and begins with the name of a parent. Keywords are written in lower case. Only there do
they mean anything: a latent may be called `model`.
""",
        "latnet scale: normal[1]\n",
        "latent scale: normal[1]\n",
    ),
    explain(
        "E111",
        "a new line in the wrong place",
        """\
The end of a line ends a statement, and in braces it ends an option. A statement goes on
below where its line ends in `,` or `->`, and everywhere inside `[ ]` and `( )`. So a
line cannot begin with `{`, `->`, `,` or `=`.
""",
        f"{_TWO}shape\n  -> scale\n",
        f"{_TWO}shape ->\n  scale\n",
    ),
    explain(
        "E112",
        "a missing colon",
        """\
`:` stands between the names of a node and its family.
""",
        "latent scale normal[1]\n",
        "latent scale: normal[1]\n",
    ),
    explain(
        "E115",
        "an arrow of another language",
        """\
An edge is written `parent -> child`, from the cause to its effect. Edges have a
direction; what two concepts share without one causing the other is a parent of both.
""",
        f"{_TWO}shape => scale\n",
        f"{_TWO}shape -> scale\n",
    ),
    explain(
        "E118",
        "groups in a chain of arrows",
        """\
`a, b -> c, d` draws an edge from each name on the left to each on the right, and
`a -> b -> c` draws a chain. The two do not mix, since a reader would have to guess.
""",
        "latent a, b, c, d: normal[1]\na, b -> c -> d\n",
        "latent a, b, c, d: normal[1]\na, b -> c\nc -> d\n",
    ),
    explain(
        "E123",
        "a node without a family",
        """\
A node says which distribution it has and how many dimensions: `normal[1]`,
`categorical[3]`.
""",
        "latent scale\n",
        "latent scale: normal[1]\n",
    ),
    explain(
        "E126",
        "a missing name",
        """\
A name has to stand on both sides of every `->` and every `,` between names, and behind
the keyword of a header and of a node.
""",
        f"{_TWO}shape -> , scale\n",
        f"{_TWO}shape -> scale\n",
    ),
    explain(
        "E127",
        "the parts of a node in another order",
        """\
A node is written `latent NAME: FAMILY[SIZE] "description" { options }`. The last two
may be left out, and none comes twice.
""",
        'latent scale: normal[1] { at = 3 } "size of the sprite"\n',
        'latent scale: normal[1] "size of the sprite" { at = 3 }\n',
    ),
    explain(
        "E128",
        "a name that is none",
        """\
A name has letters a to z and A to Z, digits and `_`, does not begin with a digit, and
stands without quotes. Any such name is allowed, keywords of this language and of Python
included.
""",
        "latent pos-x: normal[1]\n",
        "latent pos_x: normal[1]\n",
    ),
    explain(
        "E129",
        "a word that is kept for later",
        """\
`given` and `spatial` are kept for later versions of the language, and are refused where
they would be keywords. As names they can be used. Today, parents are written as edges,
and a stack of spatial latents is a `ladder`.
""",
        f"{_TWO}latent pos_x: normal[1] given shape\n",
        f"{_TWO}latent pos_x: normal[1]\nshape -> pos_x\n",
    ),
    Explanation(
        "E130",
        "error",
        "more than can be read",
        """\
A statement of more than 100,000 tokens, and a file of more than 500,000 statements or
with more than 1,000 mistakes, is given up. Most often it is no `.dag` file at all.
""",
        "dagspec check thesis.tex\n",
        "dagspec check specs/dsprites.dag\n",
    ),
)
