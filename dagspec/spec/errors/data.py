"""E801 to E804: a sound file that does not suit its data, or whose process fails."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

DATA: tuple[Explanation, ...] = (
    Explanation(
        "E801",
        "error",
        "examples of another shape",
        """\
The observed node has the shape of one example of the data set: channels, height and
width of an image, or the length of a vector. `dagspec datasets` lists the shapes.
Images from a folder are fitted to the observed node instead: for them any size will do.
""",
        """\
model sketch
observe image: normal[1, 64, 64]
latent swing: normal[1]
training { data = pendulum }
""",
        """\
model sketch
observe image: normal[3, 96, 96]
latent swing: normal[1]
training { data = pendulum }
""",
    ),
    Explanation(
        "E802",
        "error",
        "a label that the data set lacks",
        """\
`label` names a column of the data set, letter by letter. `dagspec datasets` lists the
columns of each.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent size: normal[1] { label = "size" }
training { data = dsprites }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent size: normal[1] { label = "scale" }
training { data = dsprites }
""",
    ),
    Explanation(
        "E803",
        "error",
        "a label of another kind than its latent",
        """\
A column of classes needs a `categorical` latent of as many classes, or `bernoulli[1]`
if there are two. Columns of real numbers need a `normal` or `laplace` latent with a
dimension each. An angle needs `normal[2]` for its cosine and sine: on a line, two
nearly equal angles could be far apart.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: normal[1] { label = "shape" }
training { data = dsprites }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent shape: categorical[3] { label = "shape" }
training { data = dsprites }
""",
    ),
    Explanation(
        "E804",
        "error",
        "a process that does not run",
        """\
`dagspec check` runs a process for 1,000 examples, and `dagspec train` does so before it
begins. A value stops it that is not finite, or that leaves the domain of what it is
given to: a probability, a standard deviation, an argument of a renderer. The message
names an example in which this happens, since most may be well. What is rarer than one
in 1,000 may be met in training only, and is said then.
""",
        """\
model sketch
observe image: normal[1, 16, 16]
latent place: normal[1]
process {
  place ~ normal(0.5, 0.5)
  image = sprite(x = place, y = 0.5)
}
training { data = process }
""",
        """\
model sketch
observe image: normal[1, 16, 16]
latent place: normal[1]
process {
  place ~ uniform(0, 1)
  image = sprite(x = place, y = 0.5)
}
training { data = process }
""",
    ),
)
