"""E310 to E319: options and their values."""

from __future__ import annotations

from dagspec.diagnostic import Explanation

VALUES: tuple[Explanation, ...] = (
    Explanation(
        "E310",
        "error",
        "an unknown option",
        """\
Every kind of statement has its own options; docs/language.md lists them. An option
that nobody reads would be a silent mistake, so it is refused.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { batchsize = 32 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { batch = 32 }
""",
    ),
    Explanation(
        "E311",
        "error",
        "an option is given twice",
        """\
An option has one value. Which of two would count is nothing a reader should have to
know.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { batch = 32, batch = 64 }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { batch = 64 }
""",
    ),
    Explanation(
        "E312",
        "error",
        "a value of the wrong type",
        """\
An option takes one kind of value: a number, a whole number, a name, text in quotes, a
list in brackets, or a call such as `adam(lr = 1e-3)`. The message says which. A whole
number may be written as `3e5`, too.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { widths = 32 }
latent scale: normal[1] { label = scale }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { widths = [32] }
latent scale: normal[1] { label = "scale" }
""",
    ),
    Explanation(
        "E313",
        "error",
        "a value out of its range",
        """\
The value has the right type, but not every value of that type makes sense: there is
no dimension 0, no negative learning rate and no half a step. The message says what
the range is.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[0]
training { optimizer = adam(lr = -1e-3) }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { optimizer = adam(lr = 1e-3) }
""",
    ),
    Explanation(
        "E314",
        "error",
        "a word that is not among the choices",
        """\
The option takes one of a few words, written without quotes. The message lists them.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { block = resnet }
latent scale: normal[1]
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
features { block = residual }
latent scale: normal[1]
""",
    ),
    Explanation(
        "E315",
        "error",
        "a unit is missing, wrong or too much",
        """\
A length of time is a number with a unit: `500 steps`, `3 epochs`, or `30%` of the whole
run. A share is in `%`. Everything else is a plain number. A plain 30 could mean steps
or epochs, so it is not guessed.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
objective { warmup = linear(30) }
training { steps = 1_000 steps }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
objective { warmup = linear(30%) }
training { steps = 1_000 }
""",
    ),
    Explanation(
        "E316",
        "error",
        "the arguments of a call do not fit",
        """\
A call takes its arguments in order or by name, each once, and only its own: Adam has no
momentum, and a constant learning rate no final one. Arguments without a default must
be given.
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { optimizer = adam(lr = 1e-3, momentum = 0.9) }
""",
        """\
model sketch
observe image: bernoulli[1, 64, 64]
latent scale: normal[1]
training { optimizer = sgd(lr = 1e-3, momentum = 0.9) }
""",
    ),
)
