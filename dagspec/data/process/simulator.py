"""A known process that runs: samples, interventions and counterfactuals, all exact.

Pearl's three steps need no abduction here, since the noise is known: `factors(noise)`
are the facts, `factors(noise, do)` what would have been.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dagspec.data.process import columns_of
from dagspec.data.process.domains import Values
from dagspec.data.process.exogenous import OBSERVED, Exogenous, Noise
from dagspec.data.process.redraw import redrawn
from dagspec.data.process.rendering import rendering_of
from dagspec.data.process.variables import value_of
from dagspec.data.source import Column, DataError
from dagspec.data.streams import stream
from dagspec.diagnostic import nearest
from dagspec.graph import LatentGraph
from dagspec.spec.process import Drawn, Process, causes


class Simulator:
    """Runs a process, many examples at a time.

    Attributes:
        process: What was meant.
        shape: Shape of one example: `(C, H, W)` of an image, `(D,)` of a vector.
        columns: Its variables, in the order written.
        exogenous: Draws its noise.
    """

    def __init__(self, process: Process, shape: tuple[int, ...]) -> None:
        """A process that makes examples of this shape.

        Raises:
            DataError: Its renderers cannot make them, or it draws nothing.
        """
        drawn = tuple(each for each in process.variables if isinstance(each, Drawn))
        if not drawn:
            raise DataError(
                "every example of this `process` would be the same; draw a variable, "
                "as in `a ~ normal(0, 1)`"
            )
        self.process, self.shape = process, tuple(shape)
        self.columns: tuple[Column, ...] = columns_of(process)
        self._rendering = rendering_of(process.renderers, self.shape)
        self.exogenous = Exogenous(drawn, self._rendering.own_noise)

    @cached_property
    def graph(self) -> LatentGraph:
        """The true graph of the variables: an edge from each to those made of it."""
        variables = {each.name: causes(each) for each in self.process.variables}
        edges = [(cause, name) for name in variables for cause in variables[name]]
        return LatentGraph(variables, edges)

    def noise(self, n: int, seed: int = 0) -> dict[str, NDArray[np.float64]]:
        """Exogenous noise of `n` examples; that of fewer is the first of it.

        Each variable has a stream of its own. normal: standard normal e, the value is
        mean + std·e; uniform: u in [0, 1), low + (high - low)·u; bernoulli: u, 1 where
        u < p; categorical: Gumbels g, the class of the largest log weight + g.

        Returns:
            By name: `(n,)`, `(n, classes)` of a categorical; nothing of what is
            computed. The observed node's own, standard normal `(n, D)`, is there under
            `OBSERVED` if it has any.
        """
        return dict(self.exogenous.draw(n, "noise", seed))

    def factors(
        self, noise: Noise, do: Mapping[str, ArrayLike] | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """All variables, causes before effects; with the same noise, counterfactuals.

        Args:
            noise: As `noise` gives it.
            do: Variables that are set: to a number, or to `(N,)`. What they are made of
                no longer matters; what is made of them follows.

        Returns:
            `(N,)` each, in the order written; classes as numbers from 0.

        Raises:
            DataError: A variable cannot be set to this, or leaves its domain.
        """
        n = len(next(iter(noise.values())))
        known = {each.name: each for each in self.process.variables}
        values = {name: self._set(name, value, n) for name, value in (do or {}).items()}
        for name in self.graph.order:
            if name not in values:
                value = value_of(known[name], noise.get(name), values)
                values[name] = np.broadcast_to(value, (n,))
        return {name: values[name] for name in known}

    def redraw(self, noise: Noise, seed: int = 0) -> dict[str, NDArray[np.float64]]:
        """Other noise under which the same happens: what the facts do not tell of it.

        Args:
            noise: As `noise` gives it.
            seed: Decides what is drawn again: the noise of classes.
        """
        facts, found = self.factors(noise), dict(noise)
        for each in self.exogenous.variables:
            rng = stream("redraw", seed, name=each.name)
            found[each.name] = redrawn(each, noise[each.name], facts, rng)
        return found

    def try_out(self, n: int) -> None:
        """Run it for some examples, without drawing them.

        Raises:
            DataError: A variable or an argument of a renderer leaves its domain.
        """
        self._rendering.inputs(self.factors(self.noise(n)), n)

    def render(self, factors: Values) -> NDArray[np.float32]:
        """The observed node without its own noise, `(N, *shape)`.

        Args:
            factors: At least the variables that the renderers read, `(N,)` each.

        Raises:
            DataError: An argument of a renderer leaves its domain.
        """
        n = len(next(iter(factors.values())))
        return self._rendering.render(factors, n)

    def observe(self, factors: Values, noise: Noise) -> NDArray[np.float32]:
        """The observed node with its own noise, `(N, *shape)`; see `render`."""
        rendered = self.render(factors)
        if not self._rendering.own_noise:
            return rendered
        own = self._rendering.noise_std * noise[OBSERVED]
        return (rendered + own).astype(np.float32)

    def _set(self, name: str, value: ArrayLike, n: int) -> NDArray[np.float64]:
        """A value of `do`, `(n,)`.

        Raises:
            DataError: There is no such variable, or it cannot be this.
        """
        column = {each.name: each for each in self.columns}.get(name)
        if column is None:
            raise DataError(f"the process has no variable `{name}`; {self._hint(name)}")
        given = np.asarray(value, np.float64)
        if given.shape not in ((), (n,)):
            raise DataError(
                f"`{name}` cannot be set to an array of shape {given.shape}: give a "
                f"number, or {n} of them"
            )
        wrong = ~np.isfinite(given)
        if column.classes is not None:
            wrong = wrong | ~np.isin(given, np.arange(column.classes))
        if wrong.any():
            found = f"`{name}` cannot be set to {given.ravel()[np.argmax(wrong)]:g}"
            wanted = "a finite number"
            if column.classes is not None:
                wanted = f"a class from 0 to {column.classes - 1}"
            raise DataError(f"{found}: give {wanted}")
        return np.broadcast_to(given, (n,))

    def _hint(self, name: str) -> str:
        """What may be meant by a name that is not known."""
        known = [each.name for each in self.columns]
        meant = nearest(name, known)
        if meant:
            return f"did you mean `{meant}`?"
        return f"it has {', '.join(f'`{each}`' for each in known)}"
