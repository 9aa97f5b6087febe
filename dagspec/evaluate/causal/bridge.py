"""A model and the process behind its examples, in the same variables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dagspec.evaluate.causal.scales import VariableScale, joined
from dagspec.evaluate.causal.sides import Do, Queries, Simulating, Values
from dagspec.evaluate.causal.translation import Translation
from dagspec.graph import EdgePair, LatentGraph

_PART = 250  # examples that the model looks at together


@dataclass(frozen=True)
class Bridge:
    """Asks a model and a process the same, and puts the answers in the same units.

    All mappings and graphs are over the variables that some concept stands for.

    Attributes:
        model: The model.
        simulator: The process.
        concepts: The concept that stands for each variable.
        translations: From the concept's values to the variable's.
        scales: The variables in the process.
        learned: Who causes whom in the model.
        true: Who causes whom in the process.
        seed: Of all noise.
        left_out: Of every concept that stands for no variable the reason.
    """

    model: Queries
    simulator: Simulating
    concepts: Mapping[str, str]
    translations: Mapping[str, Translation]
    scales: Mapping[str, VariableScale]
    learned: LatentGraph
    true: LatentGraph
    seed: int
    left_out: Mapping[str, str]

    @property
    def edges(self) -> tuple[EdgePair, ...]:
        """The edges of the model, the process or both, by the order of variables."""
        return tuple(
            (parent, child)
            for parent in self.scales
            for child in self.scales
            if child in self.children(parent)
        )

    def children(self, variable: str) -> frozenset[str]:
        """What it causes directly in the model or in the process."""
        found = self.learned.children(variable) + self.true.children(variable)
        return frozenset(found)

    def descendants(self, variable: str) -> tuple[str, ...]:
        """What it causes, directly or not, in the model or in the process."""
        one, other = (g.descendants(variable) for g in (self.learned, self.true))
        return tuple(name for name in self.scales if name in one | other)

    @property
    def causes(self) -> tuple[str, ...]:
        """The variables that have an effect in the model or in the process."""
        return tuple(name for name in self.scales if self.descendants(name))

    def others(self, variable: str) -> dict[str, VariableScale]:
        """All variables but one."""
        return {name: each for name, each in self.scales.items() if name != variable}

    def ask_model(self, do: Do, n: int, seed: int) -> Values:
        """Variables of `n` samples of the model under an intervention."""
        parts: list[Values] = []
        with torch.no_grad():
            for number, size in enumerate(_sizes(n)):
                noise = self.model.noise(size, _mixed(seed, number))
                sample = self.model.sample(size, self.setting(do, size), noise)
                parts.append(self.read(sample.latents))
        return joined_parts(parts)

    def ask_process(self, do: Do, n: int, seed: int) -> Values:
        """Variables of `n` draws of the process under an intervention."""
        return self.simulator.factors(self.simulator.noise(n, seed), do)

    def setting(self, do: Do, n: int) -> dict[str, Tensor]:
        """An intervention on variables as one on concepts, `(n, dim)` each."""
        found: dict[str, Tensor] = {}
        for name, value in do.items():
            rows = np.full(n, value, np.float64)
            latent = self.translations[name].to_latent(rows)
            found[self.concepts[name]] = torch.from_numpy(latent)
        return found

    def read(self, latents: Mapping[str, Tensor]) -> Values:
        """Values of concepts as those of the variables."""
        return {
            name: self.translations[name].to_variable(_array(latents[concept]))
            for name, concept in self.concepts.items()
        }

    def columns(self, variable: str, values: Values) -> NDArray[np.float64]:
        """All variables but one, standardised, `(N, columns)`."""
        return joined(self.others(variable), values)


def projected(graph: LatentGraph, kept: Mapping[str, str]) -> LatentGraph:
    """The graph among some nodes, under other names.

    A path through nodes that are left out is an edge: what is not looked at still
    carries an effect.

    Args:
        graph: Any graph.
        kept: New name of every node that is kept.
    """
    edges = [
        (new, kept[child])
        for name, new in kept.items()
        for child in _next(graph, name, kept)
    ]
    return LatentGraph(kept.values(), edges)


def joined_parts(parts: Sequence[Values]) -> Values:
    """Values of several parts one after another."""
    return {n: np.concatenate([part[n] for part in parts]) for n in parts[0]}


def split(n: int) -> Iterator[slice]:
    """`n` examples in parts that the model looks at together."""
    return (slice(start, min(n, start + _PART)) for start in range(0, n, _PART))


def _sizes(n: int) -> list[int]:
    return [part.stop - part.start for part in split(n)]


def _mixed(seed: int, number: int) -> int:
    """A seed for each part, far from those of other questions."""
    return seed + 1_000_003 * number


def _next(graph: LatentGraph, name: str, kept: Collection[str]) -> frozenset[str]:
    """The first kept nodes on all paths from a node."""
    found, seen, waiting = set[str](), set[str](), [*graph.children(name)]
    while waiting:
        child = waiting.pop()
        if child in kept:
            found.add(child)
        elif child not in seen:
            seen.add(child)
            waiting += graph.children(child)
    return frozenset(found)


def _array(value: Tensor) -> NDArray[np.float64]:
    found: NDArray[np.float64] = value.detach().double().cpu().numpy()
    return found
