"""Which concept stands for which variable, and what is left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dagspec.evaluate.causal.bridge import Bridge, projected
from dagspec.evaluate.causal.scales import VariableScale, measure_scales
from dagspec.evaluate.causal.sides import Queries, Simulating, Values
from dagspec.evaluate.causal.translation import (
    LabelTranslation,
    Translation,
    calibrate,
    match_classes,
)
from dagspec.graph import LatentGraph
from dagspec.spec import Latent, Spec
from dagspec.spec.process import causes


@dataclass(frozen=True)
class Held:
    """Held-out examples that calibrations are fitted on.

    Attributes:
        codes: Posterior means `(N, dim)` by concept.
        factors: Variables of the process, `(N,)`.
    """

    codes: Values
    factors: Values


class _LeftOutError(ValueError):
    """A concept that stands for no variable; the text says why."""


def build_bridge(
    spec: Spec, model: Queries, simulator: Simulating, held: Held, seed: int
) -> Bridge:
    """Put a model beside the process behind its examples.

    A concept stands for the variable that its label names, and without a label for the
    variable of the same name.

    Args:
        spec: What the model was built from.
        model: The model.
        simulator: Runs the process behind its examples.
        held: Examples that concepts without labels are calibrated on.
        seed: Of all noise.
    """
    scales = measure_scales(simulator, seed)
    concepts: dict[str, str] = {}
    translations: dict[str, Translation] = {}
    left_out: dict[str, str] = {}
    for latent in spec.latents:
        try:
            variable = _variable(latent, simulator, scales, concepts)
            translations[variable] = _translate(latent, scales[variable], model, held)
        except _LeftOutError as reason:
            left_out[latent.name] = str(reason)
        else:
            concepts[variable] = latent.name
    by_concept = {concept: variable for variable, concept in concepts.items()}
    return Bridge(
        model=model,
        simulator=simulator,
        concepts=concepts,
        translations=translations,
        scales={name: scales[name] for name in concepts},
        learned=projected(spec.graph, by_concept),
        true=projected(_graph(simulator), {name: name for name in concepts}),
        seed=seed,
        left_out=left_out,
    )


def _graph(simulator: Simulating) -> LatentGraph:
    """Which variable is made of which."""
    variables = simulator.process.variables
    edges = [(cause, each.name) for each in variables for cause in causes(each)]
    return LatentGraph([each.name for each in variables], edges)


def _variable(
    latent: Latent,
    simulator: Simulating,
    scales: Mapping[str, VariableScale],
    taken: Mapping[str, str],
) -> str:
    """The variable that a concept stands for.

    Raises:
        _LeftOutError: There is none, or not for it alone.
    """
    name = latent.variable
    if name is None:
        raise _LeftOutError("it is tied to several variables")
    if name not in {column.name for column in simulator.columns}:
        raise _LeftOutError("the process has no such variable")
    if name not in scales:
        raise _LeftOutError(f"`{name}` never varies in the process")
    if name in taken:
        raise _LeftOutError(f"`{taken[name]}` stands for `{name}` already")
    return name


def _translate(
    latent: Latent, scale: VariableScale, model: Queries, held: Held
) -> Translation:
    """How a concept's values are read as the variable's.

    Raises:
        _LeftOutError: They cannot be.
    """
    if latent.has_units:
        return LabelTranslation(model.labels, latent.name)
    codes, values = held.codes[latent.name], held.factors[scale.name]
    discrete = latent.family in ("categorical", "bernoulli")
    if scale.classes is None:
        if discrete:
            raise _LeftOutError(f"it has classes, and `{scale.name}` is a real number")
        try:
            return calibrate(codes, values, latent)
        except ValueError as error:
            raise _LeftOutError(str(error)) from error
    own = latent.dim if latent.family == "categorical" else 2 * (latent.dim == 1)
    if not discrete or own != scale.classes:
        has = f"{scale.classes} classes"
        raise _LeftOutError(f"`{scale.name}` has {has}, and it has not")
    return match_classes(codes, values, scale.classes)
