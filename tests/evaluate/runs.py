"""Small runs to be evaluated: seconds of training, all that a report can hold."""

from __future__ import annotations

TOY = """\
model toy "Small enough for a test."
observe x: normal[8]
features { widths = [16] }
latent a: normal[1] { label = "a", weight = 10 }
latent b: normal[1] { label = "b", weight = 10, labels = 50% }
latent on: bernoulli[1]
latent free: normal[1]
a -> b
process {
  a ~ normal(0, 1)
  b ~ normal(0.6 * a, 0.8)
  on ~ bernoulli(0.4)
  x = mlp(a, b, on, hidden = [16])
}
training { data = process, batch = 32, steps = 30 }
"""
