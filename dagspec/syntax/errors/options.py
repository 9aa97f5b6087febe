"""E113, E117, E120, E122, E124, E125: options, values and what stands between them."""

from __future__ import annotations

from dagspec.syntax.errors.example import explain

OPTIONS = (
    explain(
        "E113",
        "a wrong sign between a name and what it gets",
        """\
An option is set with `=`: `at = 3`. A node's family follows `:`, as in
`latent scale: normal[1]`. In a process, `~` stands before the distribution that a
variable is drawn from, and `=` before what it is computed from.
""",
        "latent scale: normal[1] { at: 3 }\n",
        "latent scale: normal[1] { at = 3 }\n",
    ),
    explain(
        "E117",
        "options on an edge",
        """\
An edge says that the child depends on the parent, no more. How it depends on all of its
parents together is the child's `mechanism`.
""",
        """\
latent shape: categorical[3]
latent scale: normal[1]
shape -> scale { mechanism = linear }
""",
        """\
latent shape: categorical[3]
latent scale: normal[1] { mechanism = linear }
shape -> scale
""",
    ),
    explain(
        "E120",
        "a missing comma",
        """\
Names, items of a list, arguments, and options on one line are separated by `,`.
""",
        "latent pos_x pos_y: normal[1]\n",
        "latent pos_x, pos_y: normal[1]\n",
    ),
    explain(
        "E122",
        "an option without a value",
        """\
Every option is a name, `=` and a value. An option that is on or off takes `true` or
`false`.
""",
        "latent scale: normal[1] { at = }\n",
        "latent scale: normal[1] { at = 3 }\n",
    ),
    explain(
        "E124",
        "the wrong kind of bracket",
        """\
Sizes and lists stand in `[ ]`, the arguments of a call in `( )`, options in `{ }`.
""",
        "latent scale: normal(1)\n",
        "latent scale: normal[1]\n",
    ),
    explain(
        "E125",
        "two things on a line",
        """\
A line holds one statement. Options of a node stand in braces behind it.
""",
        "latent shape: categorical[3] latent scale: normal[1]\n",
        "latent shape: categorical[3]\nlatent scale: normal[1]\n",
    ),
)
