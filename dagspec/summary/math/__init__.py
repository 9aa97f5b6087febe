"""The mathematics of one model: its factorisations, its bound, its loss."""

from __future__ import annotations

from dagspec.plan import Plan
from dagspec.spec import Spec
from dagspec.summary.math.bound import bound
from dagspec.summary.math.factors import generative, inference, parameters
from dagspec.summary.math.layout import Block, set_latex, set_text
from dagspec.summary.math.objective import objective
from dagspec.summary.math.towers import towers
from dagspec.summary.phrases import abbreviated

__all__ = ["Block", "formulas", "set_latex", "set_text"]

_MOST_WRITTEN = 6


def formulas(spec: Spec, plan: Plan, everything: bool = False) -> tuple[Block, ...]:
    """The mathematics of a model.

    Args:
        spec: What was meant.
        plan: What is built of it.
        everything: Whether every concept has lines of its own, however many there are.
    """
    by_level = abbreviated(plan, everything)
    return (
        towers(plan, _MOST_WRITTEN if by_level else None),
        generative(plan, by_level),
        inference(plan, by_level),
        parameters(plan),
        bound(plan, by_level),
        objective(spec, plan, by_level),
    )
