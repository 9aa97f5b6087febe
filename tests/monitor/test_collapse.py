"""Warnings about concepts that are not in use and features that have died."""

from __future__ import annotations

import math

import pytest
import torch

from dagspec.monitor import ConceptStats, Measurement, StageStats, collapsed
from dagspec.spec import Spec
from tests.monitor.models import NAMES, small


def _measurement(dead: float = 0.0, **kl: float) -> Measurement:
    """A measurement of `TEXT` in which the concepts that are not named are in use."""
    values = {name: kl.get(name, 1.0) for name in NAMES}
    return Measurement(
        examples=100,
        elbo=-10.0,
        log_prob=-5.0,
        kl=values,
        active={name: int(value > 0.01) for name, value in values.items()},
        concepts={name: ConceptStats(1) for name in NAMES},
        stages=(StageStats(1, 8, dead, torch.zeros(1)),),
    )


def _spec(*changes: tuple[str, str]) -> Spec:
    return small(*changes)[0]


def test_all_is_well():
    assert collapsed(_measurement(), _spec()) == ()


def test_a_root_has_collapsed():
    assert collapsed(_measurement(slant=0.0031), _spec()) == (
        "`slant` has collapsed: its KL is 0.003 nats, so the image says nothing about "
        "it; a longer `warmup`, `free_bits = 0.1` or `kl_weight` below 1 may bring it "
        "back",
    )


def test_of_a_child_the_parents_may_say_something():
    (line,) = collapsed(_measurement(size=0.0), _spec())
    assert "nothing about it beyond its parents; " in line


def test_of_several_dimensions_their_number_is_told():
    (line,) = collapsed(_measurement(angle=0.009), _spec())
    assert "its KL is 0.009 nats in 2 dimensions, so" in line


def test_one_active_unit_is_enough():
    found = _measurement(angle=0.05)
    assert collapsed(found, _spec()) == ()


def test_one_line_a_concept_in_the_order_declared():
    lines = collapsed(_measurement(slant=0.0, kind=0.0), _spec())
    assert [line.split("`")[1] for line in lines] == ["kind", "slant"]


@pytest.mark.parametrize(
    "change",
    [
        ("latent slant: laplace[1]", "latent slant: laplace[1] { kl_weight = 0 }"),
        ("warmup = linear(10%)", "beta = 0"),
    ],
)
def test_a_kl_that_costs_nothing_collapses_nothing(change: tuple[str, str]):
    assert collapsed(_measurement(slant=0.0), _spec(change)) == ()


def test_what_is_already_in_use_is_not_recommended():
    spec = _spec(
        ("warmup = linear(10%)", "free_bits = 0.2"),
        ("latent slant: laplace[1]", "latent slant: laplace[1] { kl_weight = 4 }"),
    )
    (line,) = collapsed(_measurement(slant=0.0), spec)
    help = "`objective { warmup = … }`, `free_bits` above 0.2 or `kl_weight` below 4"
    assert help in line


def test_under_a_capacity_free_bits_are_no_remedy():
    spec = _spec(("warmup = linear(10%)", "capacity = linear(0, 5, 10 steps)"))
    (line,) = collapsed(_measurement(slant=0.0), spec)
    assert "; a higher `capacity` or `kl_weight` below 1 may" in line


def test_a_number_that_is_not_finite_is_no_collapse():
    assert collapsed(_measurement(slant=math.nan), _spec()) == ()


def test_half_a_dead_stage_is_told():
    assert collapsed(_measurement(dead=0.5), _spec()) == (
        "stage 1: 4 of 8 channels are dead, they hardly vary from image to image; a "
        "lower learning rate or `norm = group` may help",
    )
    assert collapsed(_measurement(dead=0.375), _spec()) == ()


def test_remedies_of_a_dead_stage_are_those_left():
    found = _measurement(dead=1.0)
    change = ("readout = 2", "readout = 2, norm = batch, activation = relu")
    (line,) = collapsed(found, _spec(change))
    assert line.endswith("a lower learning rate or `activation = silu` may help")
