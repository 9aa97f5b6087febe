"""The known process behind a run's examples, where there is one."""

from __future__ import annotations

from dagspec.data.process.simulator_source import ProcessSource
from dagspec.evaluate.causal import Bridge, Held, build_bridge
from dagspec.evaluate.encoding import encode
from dagspec.evaluate.opening import Opened

_CALIBRATED_ON = 2000


def find_bridge(opened: Opened, seed: int) -> Bridge | None:
    """The model beside the process behind its examples.

    Concepts without labels are calibrated on 2,000 validation examples.

    Args:
        opened: The run.
        seed: Of all noise.

    Returns:
        None if no process is known, or no concept stands for any of its variables.
    """
    if not isinstance(opened.source, ProcessSource):
        return None
    model, spec = opened.trained.model, opened.trained.spec
    batch = opened.source.held_out(_CALIBRATED_ON, "validation")
    codes = encode(model, batch.x, seed).means
    held = Held(codes, {n: v.astype("float64") for n, v in batch.factors.items()})
    bridge = build_bridge(spec, model, opened.source.simulator, held, seed)
    return bridge if bridge.concepts else None
