"""A model's answers beside those of the known process behind its examples."""

from __future__ import annotations

from dagspec.evaluate.causal.bridge import Bridge
from dagspec.evaluate.causal.building import Held, build_bridge
from dagspec.evaluate.causal.comparison import compare_with_process, observed_together
from dagspec.evaluate.causal.results import Causal

__all__ = [
    "Bridge",
    "Causal",
    "Held",
    "build_bridge",
    "compare_with_process",
    "observed_together",
]
