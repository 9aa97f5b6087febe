"""dagspec: from a graph of named concepts to a PyTorch VAE that learns them.

    spec = dagspec.load("specs/dsprites.dag")
    model = dagspec.build_model(spec)

Importing it loads no torch; `build_model` does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagspec.checkpoint import load_model
    from dagspec.compiler import build_model, load, parse
    from dagspec.diagnostic import DagSpecError, Diagnostic
    from dagspec.emission import emit
    from dagspec.pictures import render
    from dagspec.plan import Plan, lower
    from dagspec.spec import Spec
    from dagspec.syntax import format

_HOMES = {
    "DagSpecError": "dagspec.diagnostic",
    "Diagnostic": "dagspec.diagnostic",
    "Plan": "dagspec.plan",
    "Spec": "dagspec.spec",
    "build_model": "dagspec.compiler",
    "emit": "dagspec.emission",
    "format": "dagspec.syntax",
    "load": "dagspec.compiler",
    "load_model": "dagspec.checkpoint",
    "lower": "dagspec.plan",
    "parse": "dagspec.compiler",
    "render": "dagspec.pictures",
}

__all__ = [
    "DagSpecError",
    "Diagnostic",
    "Plan",
    "Spec",
    "build_model",
    "emit",
    "format",
    "load",
    "load_model",
    "lower",
    "parse",
    "render",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'dagspec' has no attribute '{name}'")
    value: object = getattr(import_module(_HOMES[name]), name)
    # What was looked up once is found without this function from then on.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
