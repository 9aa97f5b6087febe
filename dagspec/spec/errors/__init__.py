"""The long form of what can be wrong with the meaning of a file.

`dagspec explain` prints it and docs/errors.md is made from it. Tests read every
example: a wrong one yields its code and no other, a mended one nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from dagspec.diagnostic import Explanation
from dagspec.spec.errors.data import DATA
from dagspec.spec.errors.features import FEATURES
from dagspec.spec.errors.graph import GRAPH
from dagspec.spec.errors.later import LATER
from dagspec.spec.errors.limits import LIMITS
from dagspec.spec.errors.nodes import NODES
from dagspec.spec.errors.options import OPTIONS
from dagspec.spec.errors.process import PROCESS
from dagspec.spec.errors.sections import SECTIONS
from dagspec.spec.errors.values import VALUES
from dagspec.spec.errors.warnings import WARNINGS
from dagspec.spec.limits import Limits
from dagspec.syntax.errors import EXPLANATIONS as SYNTAX

EXPLANATIONS: tuple[Explanation, ...] = (
    *GRAPH,
    *SECTIONS,
    *NODES,
    *VALUES,
    *OPTIONS,
    *FEATURES,
    *LIMITS,
    *LATER,
    *PROCESS,
    *WARNINGS,
)

# The limits that the examples of some explanations are checked with.
EXAMPLE_LIMITS: Mapping[str, Limits] = MappingProxyType(
    {"E601": Limits(latents=2), "E602": Limits(edges=3)}
)


@cache
def all_explanations() -> Mapping[str, Explanation]:
    """Those of syntax, meaning and data, in the order of their codes."""
    found = dict(SYNTAX) | {each.code: each for each in (*EXPLANATIONS, *DATA)}
    return MappingProxyType(dict(sorted(found.items())))
