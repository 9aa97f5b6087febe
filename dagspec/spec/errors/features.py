"""E401 to E509: features, inference, objective and training."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

FEATURES: tuple[Explanation, ...] = (
    Explanation(
        "E401",
        "error",
        "a stage that does not exist",
        """\
`at` names the feature stage that a concept is read from and written to. Stage 1 is
nearest the image; there are as many stages as `widths` has numbers.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { widths = [32, 64] }
latent scale: normal[1] { at = 3 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { widths = [32, 64] }
latent scale: normal[1] { at = 2 }
""",
    ),
    Explanation(
        "E402",
        "error",
        "a stage wider than the one before",
        """\
Going from the image to the deepest stage, features lose size and never gain it: the
total channels x height x width of a stage is at most that of the stage before. Each
stage halves the height and the width, so the channels may grow up to four times. The
image itself is exempt. A stage that is wider than what feeds it only pretends to hold
more, and a narrow one in between would be a bottleneck for all that follow.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { widths = [8, 64] }
latent scale: normal[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { widths = [8, 32] }
latent scale: normal[1]
""",
    ),
    Explanation(
        "E403",
        "error",
        "a stage beyond the last pixel",
        """\
Every stage halves the height and the width, odd sizes rounded up. Once both are 1
there is nothing left to halve, so an image of 8x8 pixels has three stages at most.
""",
        """\
model sketch
observe image: bernoulli[1, 8, 8]
features { widths = [32, 32, 32, 32] }
latent scale: normal[1]
""",
        """\
model sketch
observe image: bernoulli[1, 8, 8]
features { widths = [32, 32, 32] }
latent scale: normal[1]
""",
    ),
    Explanation(
        "E404",
        "error",
        "a concept wider than its feature",
        """\
A concept is read from the features of its stage. If it has more numbers than they do,
some of them cannot carry anything. Make the concept narrower, the stage wider, or
attach the concept to a stage nearer the image, which has more numbers.
""",
        """\
model sketch
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8, 8] }
latent style: normal[12]
""",
        """\
model sketch
observe image: bernoulli[1, 8, 8]
features { widths = [8, 8, 8] }
latent style: normal[12] { at = 1 }
""",
    ),
    Explanation(
        "E501",
        "error",
        "a `combine` that the structure does not allow",
        """\
`residual` and `precision` make the posterior of a concept from its head and from its
prior given its parents, so the parents' values must be known while the concept is
inferred. With `structure = mean_field` every concept is inferred from the image alone.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
inference { structure = mean_field, combine = residual }
latent scale: normal[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
inference { structure = top_down, combine = residual }
latent scale: normal[1]
""",
    ),
    Explanation(
        "E502",
        "error",
        "a `combine` that a family does not have",
        """\
`precision` is the product of two normal densities, weighted by their precisions, and is
defined for `normal` latents only. `residual` is defined for every family, `independent`
too.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
inference { combine = precision }
latent shape: categorical[3]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
inference { combine = residual }
latent shape: categorical[3]
""",
    ),
    Explanation(
        "E503",
        "error",
        "`balance` without a ladder",
        """\
`balance = nvae` shares the KL out among the groups of a ladder of spatial latents. It
has no meaning for concepts, whose KLs are weighted one by one by `kl_weight`.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
objective { balance = nvae }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1] { kl_weight = 2 }
""",
    ),
    Explanation(
        "E504",
        "error",
        "`capacity` beside other weights of the KL",
        """\
With `capacity` the loss pulls the sum of all KLs to a target that moves, in place of
the sum weighted by `beta` (Burgess et al. 2018). Then `beta`, its `warmup`, `free_bits`
and `kl_weight` have nothing to act on.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
objective { beta = 4, capacity = linear(0, 25, 10_000 steps) }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
objective { capacity = linear(0, 25, 10_000 steps) }
""",
    ),
    Explanation(
        "E505",
        "error",
        "a run with two lengths",
        """\
The length of a run is given in `steps` or in `epochs`. How many steps an epoch has
depends on the data set and the batch, so the two may contradict one another.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { steps = 1_000, epochs = 3 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { epochs = 3 }
""",
    ),
    Explanation(
        "E506",
        "error",
        "`patience` without validations",
        """\
`patience` stops a run after so many validations in a row without a better ELBO, so
there have to be validations: `validate_every` says how often.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { epochs = 30, patience = 5 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { epochs = 30, validate_every = 1 epochs, patience = 5 }
""",
    ),
)
