"""Rungs two and three of the ladder of causation: interventions, counterfactuals."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from typing import Literal

import torch
from torch import Tensor

from dagspec.nn.abduction import abduct, abduction_key, followers
from dagspec.nn.association import Associations
from dagspec.nn.base import Noise
from dagspec.nn.distributions.categorical import Categorical
from dagspec.nn.output import Sample

Setting = float | Sequence[float] | Tensor
Units = Literal["latent", "label"]


class ConceptVAE(Associations):
    """A model of named concepts: `latents` is always a dict from name to `(B, dim)`."""

    def sample(
        self,
        n: int,
        do: Mapping[str, Setting] | None = None,
        noise: Noise | None = None,
        seed: int | None = None,
        draw: bool = False,
        units: Units = "latent",
    ) -> Sample:
        """Samples of the model, or of the model under an intervention.

        Args:
            n: Number of samples.
            do: Concepts to set: a number, a class index, `[dim]` or `(n, dim)` each.
                The edges into them are cut; what they cause follows.
            noise: Exogenous noise by name.
            seed: Seed of the noise, where none is given.
            draw: Whether x is drawn from p(x | z) instead of its mean.
            units: Whether values of `do` are the concepts' own or those of their
                labels: real numbers in the data's units, a class index, an angle. The
                sample that is given back is in the concepts' own units.

        Raises:
            ValueError: A concept is unknown or takes no such value, `units` asks for
                the label of a concept that has none, or the noise does not fit.
        """
        if n < 1:
            raise ValueError(f"n must be at least 1, not {n}")
        if noise is None and seed is not None:
            noise = self.noise(n, seed)
        like = self.decoder.constant.new_empty(n, 0)
        fixed = self._fixed(do or {}, n, units)
        self._check_noise(noise, n, [self.observed] if draw else [])
        drawn = self._noise(self.mechanisms.priors, noise, like)
        packed, _ = self.mechanisms.sample(drawn, fixed)
        raw = self._decode(packed)
        latents = self.mechanisms.layout.unpack(packed, self.order)
        if not draw:
            return Sample(latents, self.observation.mean(raw))
        pixels = (
            self.observation.noise(n, raw) if noise is None else noise[self.observed]
        )
        return Sample(latents, self.observation.sample(raw, pixels))

    def counterfactual(
        self,
        x: Tensor,
        do: Mapping[str, Setting],
        units: Units = "latent",
        noise: Noise | None = None,
    ) -> Sample:
        """What x would have been, had some concepts had other values.

        Abduction: the noise of p(z) that leads to a sample of q(z | x), the one that
        `reconstruct` takes with this noise. Action: the edges into the concepts of `do`
        are cut. Prediction: what they cause is computed again with the abducted noise;
        every other concept keeps its value bit for bit (Pearl 2009, Causality, 7.1).
        The noise of x itself is not abducted.

        Args:
            x: Observations `(B, *shape)`.
            do: Concepts to set: a number, a class index, `[dim]` or `(B, dim)` each.
            units: Whether values of `do` are the concepts' own or those of their
                labels; what is given back is in the concepts' own units.
            noise: Exogenous noise by name.

        Returns:
            The concepts' values and the mean of p(x | z) there.

        Raises:
            ValueError: A concept is unknown or takes no such value, `units` asks for
                the label of a concept that has none, or the noise does not fit.
        """
        again = [abduction_key(n) for n, f in self._families().items() if f.redraws]
        self._check_given(x, noise, again)
        fixed = self._fixed(do, x.shape[0], units)
        packed, _ = self._infer(x, noise)
        drawn = abduct(self.mechanisms, packed, noise)
        moved, layout = followers(self.mechanisms.priors, fixed), self.mechanisms.layout
        own = layout.unpack(packed, self.order)
        held = {name: value.T for name, value in own.items() if name not in moved}
        packed, _ = self.mechanisms.sample(drawn, {**held, **fixed})
        latents = layout.unpack(packed, self.order)
        return Sample(latents, self.observation.mean(self._decode(packed)))

    def traverse(
        self,
        x: Tensor,
        name: str | Mapping[str, Sequence[Setting]],
        values: Sequence[Setting] | None = None,
        noise: Noise | None = None,
        units: Units = "latent",
    ) -> Sample:
        """What x would look like with a concept set and everything else held.

        This is not an intervention: what the concept causes does not follow it.

        Args:
            x: Observations `(B, *shape)`.
            name: The concept to set; or several that move together, each with its V
                values.
            values: V values for it: a number, a class index, `[dim]` or `(B, dim)`.
            noise: Exogenous noise by name.
            units: Whether the values are the concept's own or those of its label.

        Returns:
            B·V samples, the values of the first observation first.

        Raises:
            ValueError: A concept is unknown or takes no such value, several have
                different numbers of values, `units` asks for a label that a concept
                does not have, or the noise does not fit.
        """
        self._check_given(x, noise)
        steps = {
            walked: torch.stack(
                [self._value(walked, v, x.shape[0], units) for v in settings], 1
            )
            for walked, settings in _walks(name, values).items()
        }
        (count,) = {part.shape[1] for part in steps.values()}
        encoded = self.encode(x, noise).items()
        held = {name: value.repeat_interleave(count, 0) for name, value in encoded}
        held.update({walked: part.flatten(0, 1) for walked, part in steps.items()})
        return Sample(held, self.decode(held))

    def _fixed(
        self, do: Mapping[str, Setting], n: int, units: Units
    ) -> dict[str, Tensor]:
        """Values `(dim, n)` of the concepts that are set."""
        return {name: self._value(name, v, n, units).T for name, v in do.items()}

    def _value(self, name: str, setting: Setting, n: int, units: Units) -> Tensor:
        """A concept's value `(n, dim)` as it was given in one of its forms."""
        families = self._families()
        if name not in families:
            raise ValueError(f"no concept '{name}'; there are {', '.join(self.order)}")
        if units not in {"latent", "label"}:
            raise ValueError(f"units are 'latent' or 'label', not {units!r}")
        family, like = families[name], self.decoder.constant
        try:
            value = torch.as_tensor(setting, dtype=like.dtype, device=like.device)
        except (TypeError, ValueError, RuntimeError, OverflowError) as error:
            given = reprlib.repr(setting)
            raise ValueError(f"'{name}' takes numbers, not {given}") from error
        if units == "label":
            width = self.labels.kind(name).width
            rows = _rows(f"the label of '{name}'", value, n, width)
            return self.labels.to_latent(name, rows)
        if value.ndim == 0 and isinstance(family, Categorical):
            value = family.one_hot(name, value)
        rows = _rows(f"'{name}'", value, n, family.dim)
        family.check(name, rows)
        return rows


def _rows(what: str, value: Tensor, n: int, width: int) -> Tensor:
    """A number, `[width]` or `(n, width)` as `(n, width)`."""
    if value.ndim == 0 and width == 1:
        value = value.reshape(1)
    if tuple(value.shape) not in {(width,), (n, width)}:
        raise ValueError(
            f"{what} takes [{width}] or [{n}, {width}] numbers, "
            f"not the shape {list(value.shape)}"
        )
    return value.expand(n, width)


def _walks(
    name: str | Mapping[str, Sequence[Setting]], values: Sequence[Setting] | None
) -> Mapping[str, Sequence[Setting]]:
    """The values of every concept that is traversed, as many of each."""
    if isinstance(name, str):
        walks = {name: () if values is None else values}
    elif values is None:
        walks = name
    else:
        raise ValueError(
            "values go with one concept; several have them beside the name"
        )
    counts = {walked: len(settings) for walked, settings in walks.items()}
    if not counts:
        raise ValueError("no concept to traverse was given")
    for walked, count in counts.items():
        if not count:
            raise ValueError(f"no value was given for '{walked}'")
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{count} for '{n}'" for n, count in counts.items())
        raise ValueError(f"concepts that move together take as many values: {found}")
    return walks
