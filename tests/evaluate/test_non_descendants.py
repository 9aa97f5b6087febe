"""Setting a concept leaves what it does not cause alone, and a model that does not."""

from __future__ import annotations

import pytest
import torch

from dagspec.compiler import build_model, parse
from dagspec.diagnostic import InternalError
from dagspec.evaluate.non_descendants import effects_on_non_descendants
from dagspec.nn.output import Sample

SPEC = parse(
    """\
model m
observe x: normal[4]
latent a: normal[2]
latent k: categorical[3]
latent on: bernoulli[1]
latent alone: laplace[1]
a -> k -> on
"""
)


def test_a_compiled_model_changes_nothing_else():
    found = effects_on_non_descendants(SPEC, build_model(SPEC), seed=0)
    assert found == {"a": 0.0, "k": 0.0, "on": 0.0, "alone": 0.0}


def test_a_model_whose_effect_moves_its_cause_is_found_out(monkeypatch):
    model = build_model(SPEC)
    whole = model.sample

    def leaks(n, do=None, noise=None):
        found = whole(n, do, noise)
        if do and "on" in do:
            moved = found.latents["a"] + torch.finfo(torch.float32).eps
            return Sample({**found.latents, "a": moved}, found.x)
        return found

    monkeypatch.setattr(model, "sample", leaks)
    with pytest.raises(InternalError, match=r"do\(on\) changes what it does not cause"):
        effects_on_non_descendants(SPEC, model, seed=0)
