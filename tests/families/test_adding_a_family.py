"""A family is added by a file of facts, a file of torch and a line in `FAMILIES`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dagspec
from dagspec.emission.blocks import defined_in
from dagspec.families import FAMILIES

PACKAGE = Path(dagspec.__file__).parent

FACTS = """
from dagspec.families.facts import Family, LatentFacts

EXPONENTIAL = Family(
    name="exponential",
    summary="positive numbers",
    latent=LatentFacts(
        torch_class="Exponential",
        parameters=("log_rate",),
        combines=("independent", "residual"),
        symbol="\\\\mathrm{Exp}",
    ),
)
"""

TORCH = '''
"""The exponential distribution."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent
from torch.distributions import Exponential as TorchExponential

from dagspec.nn.distributions.family import ConceptFamily, Parameters


class Exponential(ConceptFamily):
    """Exp(rate), with parameters (log rate,)."""

    count: ClassVar[int] = 1

    def parameters(self, raw: Tensor) -> Parameters:
        return (raw,)

    def residual(self, prior: Parameters, raw: Tensor) -> Parameters:
        return (prior[0] + raw,)

    def noise(self, shape, like, generator=None):
        return like.new_empty(shape).exponential_(generator=generator)

    def sample(self, parameters: Parameters, noise: Tensor) -> Tensor:
        return noise * torch.exp(-parameters[0])

    def abduct(self, parameters: Parameters, value: Tensor, fresh=None) -> Tensor:
        return value * torch.exp(parameters[0])

    def kl(self, q: Parameters, p: Parameters) -> Tensor:
        return (torch.expm1(p[0] - q[0]) - (p[0] - q[0])).sum(-2)

    def log_prob(self, parameters: Parameters, value: Tensor) -> Tensor:
        return (parameters[0] - parameters[0].exp() * value).sum(-2)

    def distribution(self, parameters: Parameters) -> Distribution:
        return Independent(TorchExponential(parameters[0].exp()), 1)
'''

USE = '''
import sys
import torch
import dagspec

TEXT = """
model m
observe x: normal[5]
latent a, b: exponential[2]
latent c: normal[1]
a -> b -> c
inference { combine = residual }
"""
spec = dagspec.parse(TEXT)
assert dagspec.__file__.startswith(sys.argv[1]), dagspec.__file__
model = dagspec.build_model(spec).double()
x = torch.randn(4, 5).double()
out = model(x, model.noise(4))
for name, divergence in out.kl.items():
    oracle = torch.distributions.kl_divergence(out.posterior[name], out.prior[name])
    torch.testing.assert_close(divergence, oracle)
assert (out.latents["a"] > 0).all()
noise = model.noise(4)
seen = model.encode(x, noise)
twin = model.counterfactual(x, {"a": seen["a"]}, noise=noise).latents
torch.testing.assert_close(twin, seen)
assert "class Exponential(" in dagspec.emit(dagspec.lower(spec))
print("added")
'''


def test_two_files_and_a_line_are_enough(tmp_path: Path) -> None:
    copy = tmp_path / "dagspec"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "families" / "exponential.py").write_text(FACTS)
    (copy / "nn" / "distributions" / "exponential.py").write_text(TORCH.lstrip())
    table = copy / "families" / "__init__.py"
    text = table.read_text()
    changed = text.replace(
        '        "normal": NORMAL,\n',
        '        "normal": NORMAL,\n        "exponential": EXPONENTIAL,\n',
    )
    assert changed != text
    table.write_text(
        changed.replace(
            "from dagspec.families.laplace",
            "from dagspec.families.exponential import EXPONENTIAL\n"
            "from dagspec.families.laplace",
        )
    )
    done = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "added\n"


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_facts_name_a_class_that_is_there(name: str) -> None:
    family = FAMILIES[name]
    assert family.name == name
    for facts, room in (
        (family.latent, "distributions"),
        (family.observed, "likelihoods"),
    ):
        if facts is not None:
            assert defined_in()[facts.torch_class] == f"dagspec.nn.{room}.{name}"
