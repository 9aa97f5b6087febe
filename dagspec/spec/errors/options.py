"""E320 to E329: options that do not suit their node."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

OPTIONS: tuple[Explanation, ...] = (
    Explanation(
        "E320",
        "error",
        "an option that the family has no use for",
        """\
Some options belong to some families: `sigma` to an observed `normal`, `temperature` to
latents whose discrete values are relaxed during training (`categorical`, `bernoulli`).
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1] { temperature = 0.5 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: categorical[3] { temperature = 0.5 }
""",
    ),
    Explanation(
        "E321",
        "error",
        "`prior = learned` on a latent with parents",
        """\
A root, a latent without parents, has a fixed standard prior unless `prior = learned`
frees it. A latent with parents has no prior of its own: its distribution given its
parents is a mechanism, which is learned anyway.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: normal[1]
latent scale: normal[1] { prior = learned }
shape -> scale
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: normal[1] { prior = learned }
latent scale: normal[1]
shape -> scale
""",
    ),
    Explanation(
        "E322",
        "error",
        "`mechanism` on a latent without parents",
        """\
A mechanism maps the values of the parents to the distribution of the child. A root has
no parents, so there is nothing to map; `prior = learned` lets its prior be learned.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: normal[1] { mechanism = linear }
latent scale: normal[1]
shape -> scale
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: normal[1]
latent scale: normal[1] { mechanism = linear }
shape -> scale
""",
    ),
    Explanation(
        "E323",
        "error",
        "one label for several latents",
        """\
A label ties one latent to columns of the data set. In a statement that declares several
latents it is not clear which of them is meant.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent pos_x, pos_y: normal[1] { label = "position" }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent pos_x: normal[1] { label = "position_x" }
latent pos_y: normal[1] { label = "position_y" }
""",
    ),
    Explanation(
        "E324",
        "error",
        "`weight` or `labels` without a label",
        """\
`weight` is the weight of the label's term in the loss and `labels` the share of
examples whose label is used. Without `label` there is no such term. The weight of a
latent's KL is `kl_weight`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1] { weight = 2 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1] { label = "scale", weight = 2 }
""",
    ),
    Explanation(
        "E325",
        "error",
        "a label that does not fit its latent",
        """\
A `normal` or `laplace` latent is tied to as many columns as it has numbers, each column
once; only an angle, which needs two numbers to be a circle, ties `normal[2]` to one
column. A `categorical` latent is tied to one column of classes, a `bernoulli[1]` to one
column of yes and no.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent position: normal[3] { label = ["x", "y"] }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent position: normal[2] { label = ["x", "y"] }
""",
    ),
)
