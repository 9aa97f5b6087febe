"""Under autocast layers are in bfloat16; what is summed and compared is not."""

from __future__ import annotations

import pytest
import torch

from dagspec.compiler import build_model, parse

SPEC = """\
model mixed "Something of everything."
observe x: {observed}
features {{ widths = [8, 8] }}
latent a, b, c: normal[2]
{rest}
a -> b
b -> c
inference {{ combine = {combine} }}
"""
REST = """\
latent d: laplace[2]
latent e: categorical[3]
latent f: bernoulli[2]
c -> d
d -> e
e -> f
"""
CASES = [
    ("bernoulli[1, 16, 16]", "independent", REST),
    ("normal[1, 16, 16]", "residual", REST),
    ("normal[9]", "precision", ""),
]


@pytest.mark.parametrize(
    ("observed", "combine", "rest"), CASES, ids=[combine for _, combine, _ in CASES]
)
def test_autocast_leaves_sums_comparisons_and_samples_alone(observed, combine, rest):
    text = SPEC.format(observed=observed, combine=combine, rest=rest)
    model = build_model(parse(text))
    generator = torch.Generator().manual_seed(0)
    # Away from the first values, where every mechanism is close to a standard prior.
    for parameter in model.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator)
    x = torch.rand(32, *model.observation.shape, generator=generator)
    noise = model.noise(32, seed=1)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        assert model.encoder(x)[-1].dtype == torch.bfloat16
        out = model(x, noise)

    def check(found, exact):
        assert found.dtype == torch.float32
        torch.testing.assert_close(found.double(), exact, rtol=1e-5, atol=1e-4)

    q, p = (
        [tuple(part.double() for part in parts) for parts in kinds]
        for kinds in (out.q, out.p)
    )
    check(out.divergences, model.comparison.kl(q, p))
    check(out.log_prob, model.observation.log_prob(out.raw.double(), x.double()))
    check(out.reconstruction, model.observation.mean(out.raw.double()))
    for kind, parameters in zip(model.comparison.kinds, q, strict=True):
        own = torch.stack([noise[name].T.double() for name in kind.names])
        values = kind.family.sample(parameters, own)
        for name, value in zip(kind.names, values, strict=True):
            check(out.latents[name], value.T)
