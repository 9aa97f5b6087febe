"""What the checker, the planner, the emitter and the docs need to know of a family.

Facts only: the torch side of a family lives in `nn/distributions` and `nn/likelihoods`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Combine = Literal["independent", "residual", "precision"]


@dataclass(frozen=True)
class LatentFacts:
    """A family as the distribution of a concept.

    Attributes:
        torch_class: Class in `nn/distributions/NAME.py`.
        parameters: Names of its parameters; a head puts out one number each a
            dimension.
        combines: The ways in which a posterior can be made of a head and the prior.
        relaxed: Whether samples are discrete, with straight-through gradients.
        smallest: The smallest dimension that makes sense.
        symbol: LaTeX letter for `show --math --latex`.
    """

    torch_class: str
    parameters: tuple[str, ...]
    combines: tuple[Combine, ...]
    relaxed: bool = False
    smallest: int = 1
    symbol: str = ""


@dataclass(frozen=True)
class ObservedFacts:
    """A family as the distribution of the observed node.

    Attributes:
        torch_class: Class in `nn/likelihoods/NAME.py`.
        options: Options that `observe` takes for it, beside the common ones.
        support: The values that x may take, in words.
    """

    torch_class: str
    options: tuple[str, ...] = ()
    support: str = "any real number"


@dataclass(frozen=True)
class Family:
    """One line of `FAMILIES`.

    Attributes:
        name: What a spec calls it; also the name of its torch files.
        summary: One line for the docs.
        latent: Its facts as a concept's distribution; None if it can't be one.
        observed: Its facts as a likelihood; None if it can't be one.
    """

    name: str
    summary: str
    latent: LatentFacts | None = None
    observed: ObservedFacts | None = None
