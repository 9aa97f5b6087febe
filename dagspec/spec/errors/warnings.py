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
    Explanation(
        "W201",
        "warning",
        "another graph than that of the process",
        """\
The edges among the concepts are compared with what the lines of the process name. A
concept is the variable that its `label` names, or else the one of its own name. A
variable that is no concept is passed over: `a` causes `c` also where a hidden variable
stands between them. What the observed node shows is not compared.

The two may differ on purpose, to see what a wrong graph does: nothing is refused, and
effects and counterfactuals are compared with those of the process.
""",
        """\
model sketch
observe x: normal[20]
latent a, b: normal[1]
process {
  a ~ normal(0, 1)
  b ~ normal(0.6 * a, 0.8)
  x = mlp(a, b)
}
""",
        """\
model sketch
observe x: normal[20]
latent a, b: normal[1]
a -> b
process {
  a ~ normal(0, 1)
  b ~ normal(0.6 * a, 0.8)
  x = mlp(a, b)
}
""",
    ),
    Explanation(
        "W202",
        "warning",
        "a process that nothing is trained on",
        """\
A process makes examples for `data = process`. Where `data` names something else, what
the process says of causes and effects need not be true of the examples.
""",
        """\
model sketch
observe x: normal[20]
latent a: normal[1]
training { data = "vectors.npz" }
process {
  a ~ normal(0, 1)
  x = mlp(a)
}
""",
        """\
model sketch
observe x: normal[20]
latent a: normal[1]
training { data = process }
process {
  a ~ normal(0, 1)
  x = mlp(a)
}
""",
    ),
    Explanation(
        "W203",
        "warning",
        "a concept whose variable is not seen",
        """\
A model reads its concepts from what is observed. Of a variable that no renderer is
given, and that nothing follows from which a renderer is given, the observed node says
nothing beyond what it says of the causes, whatever labels there are.
""",
        """\
model sketch
observe x: normal[20]
latent a, b: normal[1]
a -> b
training { data = process }
process {
  a ~ normal(0, 1)
  b ~ normal(0.6 * a, 0.8)
  x = mlp(a)
}
""",
        """\
model sketch
observe x: normal[20]
latent a, b: normal[1]
a -> b
training { data = process }
process {
  a ~ normal(0, 1)
  b ~ normal(0.6 * a, 0.8)
  x = mlp(a, b)
}
""",
    ),
)
