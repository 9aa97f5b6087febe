"""Looks at a model while it is trained: measures it, warns, writes TensorBoard."""

from __future__ import annotations

from dagspec.monitor.collapse import collapsed
from dagspec.monitor.concepts import ConceptStats, Moments
from dagspec.monitor.gradients import gradient_norms
from dagspec.monitor.measurement import Measurement, measure
from dagspec.monitor.nan import find_first, locate, locate_gradient
from dagspec.monitor.overview import overview
from dagspec.monitor.stages import StageStats
from dagspec.monitor.tensorboard import TensorBoard

__all__ = [
    "ConceptStats",
    "Measurement",
    "Moments",
    "StageStats",
    "TensorBoard",
    "collapsed",
    "find_first",
    "gradient_norms",
    "locate",
    "locate_gradient",
    "measure",
    "overview",
]
