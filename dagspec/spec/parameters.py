"""Parameters of a model, counted from its spec, before any of them takes memory.

The sizes of the layers are those of the blocks that are built: a tower down and one up,
a readout and a writer a stage, a head, a mechanism and columns of a writer a concept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dagspec.families import head_outputs
from dagspec.geometry import Shape, is_image, size
from dagspec.spec.model import Latent, Spec

SUMMARY_UNITS = 256


def count_parts(spec: Spec) -> Mapping[str, int]:
    """Parameters of the towers, of what each stage shares, and of the concepts."""
    below = (spec.observed.shape, *spec.stage_shapes[:-1])
    pairs = tuple(zip(below, spec.stage_shapes, strict=True))
    feeding = frozenset(spec.feeding)
    written = frozenset(spec.stages[name] for name in feeding)
    cells = {
        number: shape[0] * size(tuple(min(spec.features.readout, n) for n in shape[1:]))
        for number, shape in enumerate(spec.stage_shapes, start=1)
    }
    learned = spec.observed.family == "normal" and spec.observed.sigma == "learned"
    return {
        "encoder": sum(_down(spec, source, target) for source, target in pairs),
        "decoder": sum(_up(spec, source, target) for target, source in pairs)
        + size(spec.stage_shapes[-1]),
        "likelihood": spec.observed.shape[0] if learned else 0,
        "readouts": _readouts(spec, cells),
        "writers": sum(
            _layer(SUMMARY_UNITS, cells[s]) + SUMMARY_UNITS for s in written
        ),
        "concepts": sum(
            count_concept(spec, latent, feeds=latent.name in feeding)
            for latent in spec.latents
        ),
    }


def count_concept(spec: Spec, latent: Latent, *, feeds: bool) -> int:
    """Parameters that are one concept's own: mechanism, head, columns of its writer."""
    outputs = head_outputs(latent.family, latent.dim)
    parents = spec.graph.parents(latent.name)
    given = sum(spec.dims[name] for name in parents)
    conditions = spec.posterior[latent.name]
    seen = sum(spec.dims[name] for name in conditions.given)
    if conditions.reads is not None and not spec.bottom_up:
        seen += SUMMARY_UNITS
    own = _perceptron((seen, *spec.inference.hidden, outputs))
    if spec.bottom_up and not seen:
        own = 0  # its numbers in the layer are all that there is
    if parents:
        own += _perceptron((given, *latent.mechanism.hidden, outputs))
    elif latent.prior == "learned":
        own += outputs
    return own + (SUMMARY_UNITS * latent.dim if feeds else 0)


def count_process(spec: Spec) -> int:
    """Weights of the fixed network that makes the vectors of a process; 0 for none."""
    renderers = spec.process.renderers if spec.process else ()
    return sum(
        _perceptron((len(each.arguments), *each.mlp.hidden, size(spec.observed.shape)))
        for each in renderers
        if each.name == "mlp"
    )


def _readouts(spec: Spec, cells: Mapping[int, int]) -> int:
    """What the heads of a stage share, or the layers of a coupled network."""
    reads = {each.reads for each in spec.posterior.values()}
    if not spec.bottom_up:
        return sum(_layer(cells[s], SUMMARY_UNITS) for s in reads if s is not None)
    features = size(spec.stage_shapes[-1])
    return _perceptron((features, SUMMARY_UNITS, *spec.bottom_up.values()))


def _layer(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


def _perceptron(sizes: Sequence[int]) -> int:
    return sum(_layer(inputs, outputs) for inputs, outputs in pairwise(sizes))


def _norm(spec: Spec, channels: int) -> int:
    return 0 if spec.norm == "none" else 2 * channels


def _down(spec: Spec, source: Shape, target: Shape) -> int:
    inputs, outputs = source[0], target[0]
    if not is_image(target):
        return _layer(inputs, outputs) + _norm(spec, outputs)
    halve = _layer(16 * inputs, outputs)
    if spec.features.block == "conv":
        return halve + _norm(spec, outputs)
    squeeze = _excitation(outputs) if spec.features.block == "nvae" else 0
    return halve + _residual(spec, outputs) + squeeze


def _up(spec: Spec, source: Shape, target: Shape) -> int:
    inputs, outputs = source[0], target[0]
    if not is_image(source):
        return _layer(inputs, outputs)
    widen = _layer(16 * inputs, outputs)
    if spec.features.block == "conv":
        return widen
    if spec.features.block == "residual":
        return _residual(spec, inputs) + widen
    return _inverted(spec, inputs) + _excitation(inputs) + widen


def _residual(spec: Spec, channels: int) -> int:
    return 2 * (_norm(spec, channels) + _layer(9 * channels, channels))


def _inverted(spec: Spec, channels: int) -> int:
    wide = 6 * channels
    convolutions = _layer(channels, wide) + _layer(25, wide) + _layer(wide, channels)
    return convolutions + 2 * _norm(spec, channels) + 2 * _norm(spec, wide)


def _excitation(channels: int) -> int:
    hidden = max(channels // 16, 4)
    return _layer(channels, hidden) + _layer(hidden, channels)
