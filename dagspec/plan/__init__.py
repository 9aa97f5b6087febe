"""The plan of a model: frozen plain data between what was meant and what is built."""

from __future__ import annotations

from dagspec.plan.lower import lower
from dagspec.plan.model import (
    FeaturesPlan,
    LabelKind,
    LabelPlan,
    LatentPlan,
    ObservedPlan,
    Plan,
    PosteriorLevel,
    PriorLevel,
    StagePlan,
)

__all__ = [
    "FeaturesPlan",
    "LabelKind",
    "LabelPlan",
    "LatentPlan",
    "ObservedPlan",
    "Plan",
    "PosteriorLevel",
    "PriorLevel",
    "StagePlan",
    "lower",
]
