"""Concepts that the model has given up, and features that have died, in words."""

from __future__ import annotations

from math import isfinite

from dagspec.monitor.measurement import Measurement
from dagspec.monitor.stages import StageStats
from dagspec.spec import Latent, Spec

MANY = 0.5


def collapsed(measurement: Measurement, spec: Spec) -> tuple[str, ...]:
    """A line for each concept without an active unit, and for each dead stage.

    A concept whose KL costs nothing (`kl_weight = 0` or `beta = 0`) is left out: it is
    under no pressure to collapse, and none of the remedies would change it.

    Args:
        measurement: Of a model that has been trained for a while.
        spec: What the model was built from.
    """
    concepts = [
        _concept(latent, measurement.kl[latent.name], spec)
        for latent in spec.latents
        if not measurement.active[latent.name]
        and isfinite(measurement.kl[latent.name])
        and _costs(latent, spec)
    ]
    stages = [_stage(stage, spec) for stage in measurement.stages if stage.dead >= MANY]
    return (*concepts, *stages)


def _costs(latent: Latent, spec: Spec) -> bool:
    objective = spec.objective
    return latent.kl_weight > 0 and bool(objective.beta or objective.capacity)


def _concept(latent: Latent, kl: float, spec: Spec) -> str:
    spread = f" in {latent.dim} dimensions" if latent.dim > 1 else ""
    known = " beyond its parents" if spec.graph.parents(latent.name) else ""
    return (
        f"`{latent.name}` has collapsed: its KL is {kl:.3f} nats{spread}, so the image "
        f"says nothing about it{known}; {_remedies(latent, spec)} may bring it back"
    )


def _remedies(latent: Latent, spec: Spec) -> str:
    objective = spec.objective
    free = objective.free_bits if latent.free_bits is None else latent.free_bits
    if objective.capacity:
        return f"a higher `capacity` or `kl_weight` below {latent.kl_weight:g}"
    warmup = "a longer `warmup`" if objective.warmup else "`objective { warmup = … }`"
    bits = f"`free_bits` above {free:g}" if free else "`free_bits = 0.1`"
    return f"{warmup}, {bits} or `kl_weight` below {latent.kl_weight:g}"


def _stage(stage: StageStats, spec: Spec) -> str:
    remedies = ["a lower learning rate"]
    if spec.norm == "none":
        remedies.append("`norm = group`")
    if spec.features.activation == "relu":
        remedies.append("`activation = silu`")
    count = round(stage.dead * stage.channels)
    return (
        f"stage {stage.number}: {count} of {stage.channels} channels are dead, they "
        f"hardly vary from image to image; {' or '.join(remedies)} may help"
    )
