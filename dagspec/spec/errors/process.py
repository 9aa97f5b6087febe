"""E901 to E910: the known process behind the examples."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

_SKETCH = """\
model sketch
observe x: normal[20]
latent a: normal[1]
"""
_IMAGE = """\
model sketch
observe image: normal[1, 16, 16]
latent a: normal[1]
"""


def _explain(
    code: str, title: str, text: str, wrong: str, mended: str, sketch: str = _SKETCH
) -> Explanation:
    wrong, mended = (f"{sketch}process {{\n{body}}}\n" for body in (wrong, mended))
    return Explanation(code, "error", title, text, wrong, mended)


PROCESS: tuple[Explanation, ...] = (
    _explain(
        "E901",
        "an expression names an unknown variable",
        """\
Every name in an expression is a variable of the process, with a line of its own above
or below. What the model calls its latents counts for nothing here: the process makes
the examples, and the model only learns from them.
""",
        "  a ~ normal(0, 1)\n  b ~ normal(0.6 * aa, 0.8)\n  x = mlp(a, b)\n",
        "  a ~ normal(0, 1)\n  b ~ normal(0.6 * a, 0.8)\n  x = mlp(a, b)\n",
    ),
    _explain(
        "E902",
        "a variable has two lines",
        """\
A variable is drawn or computed once. A process is no program that runs from top to
bottom: its lines may stand in any order, and none replaces what another one said.
""",
        "  a ~ normal(0, 1)\n  a = 2 * a + 1\n  x = mlp(a)\n",
        "  u ~ normal(0, 1)\n  a = 2 * u + 1\n  x = mlp(a)\n",
    ),
    _explain(
        "E903",
        "variables are made of one another",
        """\
The variables of a process form a graph without cycles, as the concepts of a model do:
there has to be an order in which they can be made. The message names the whole path and
shows where each of its variables is used.
""",
        "  a ~ normal(b, 1)\n  b ~ normal(a, 1)\n  x = mlp(a, b)\n",
        "  a ~ normal(0, 1)\n  b ~ normal(a, 1)\n  x = mlp(a, b)\n",
    ),
    _explain(
        "E904",
        "an unknown distribution, function or renderer",
        """\
The distributions are `normal`, `uniform`, `bernoulli` and `categorical`; the functions
`sin`, `cos`, `tanh`, `exp`, `abs`, `min` and `max`; the renderers `blob`, `bar`,
`sprite`, `pendulum` and `waterflow` for images, and `mlp` for a vector. A process is
never run as Python, so there are no others. A root is written `a ** 0.5`.
""",
        "  a ~ gaussian(0, 1)\n  x = mlp(a)\n",
        "  a ~ normal(0, 1)\n  x = mlp(a)\n",
    ),
    _explain(
        "E905",
        "arguments that do not fit",
        """\
`normal(mean, std)`, `uniform(low, high)`, `bernoulli(p)` and `categorical(p_0, p_1, …)`
need all of their arguments, in this order or by name. Functions take one operand, `min`
and `max` two or more. What a renderer takes is in the table of the language page.
""",
        "  a ~ normal(0)\n  x = mlp(a)\n",
        "  a ~ normal(0, 1)\n  x = mlp(a)\n",
    ),
    _explain(
        "E906",
        "a number that cannot be",
        """\
A standard deviation is above 0, a probability from 0 to 1, a weight not negative, `low`
below `high`, and nothing is divided by 0. Where these are the same for every example
they are checked before anything is drawn; where they depend on variables, the example
that breaks them ends the run with its values.
""",
        "  a ~ normal(0, -1)\n  x = mlp(a)\n",
        "  a ~ normal(0, 1)\n  x = mlp(a)\n",
    ),
    _explain(
        "E907",
        "drawn or computed",
        """\
`~` stands before a distribution, and the variable has noise of its own. `=` stands
before an expression, and the variable follows from others. A distribution cannot be a
part of an expression: its noise would have no name, and a counterfactual could not keep
it. Draw it on a line of its own.
""",
        "  a = normal(0, 1)\n  x = mlp(a)\n",
        "  a ~ normal(0, 1)\n  x = mlp(a)\n",
    ),
    _explain(
        "E908",
        "what the observed node is made of",
        """\
One line of the process has the name of the observed node. It says what is seen of the
variables: an image is drawn by one renderer or by a list of them, a vector is made by
an `mlp`. Renderers stand on no other line, and nothing is made of the observed node.
""",
        "  a ~ normal(0, 1)\n  y = mlp(a)\n",
        "  a ~ normal(0, 1)\n  x = mlp(a)\n",
    ),
    _explain(
        "E909",
        "a renderer that does not suit the observed node",
        """\
`blob`, `bar`, `sprite`, `pendulum` and `waterflow` draw images; `mlp` makes a vector. A
`sprite` wants a square, `pendulum` and `waterflow` a square of three channels. Several
renderers draw over one another on one image, a vector has one `mlp`. It is injective,
so that its inputs can be told from what it makes: for n inputs, no layer and not the
vector may narrow to fewer than 2n + 1 numbers. What it makes is any number, so it is
observed as a `normal`.
""",
        "  a ~ normal(0, 1)\n  image = mlp(a)\n",
        "  a ~ normal(0, 1)\n  image = blob(x = 0.5 + 0.1 * a, y = 0.5)\n",
        _IMAGE,
    ),
    Explanation(
        "E910",
        "error",
        "data from a process that is not there",
        """\
`data = process` draws the examples from the section `process` of the same file.
""",
        f"{_SKETCH}training {{ data = process }}\n",
        f"{_SKETCH}training {{ data = process }}\n"
        "process {\n  a ~ normal(0, 1)\n  x = mlp(a)\n}\n",
    ),
)
