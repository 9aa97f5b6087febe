"""What distinguishes runs: options of their specs, named as `--set` names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dagspec.runs.markdown import NOTHING
from dagspec.runs.record import RunRecord
from dagspec.spec import Spec, dotted_options

SEED, DATA = "training.seed", "training.data"
# The record has the length in steps, whatever the file measures it in.
_TOLD_OTHERWISE = "training.epochs"


def settings_of(spec: Spec, record: RunRecord) -> dict[str, str]:
    """Every option of a run by its dotted name, and every node and edge of its graph.

    Where spec and record both tell, the record does: it is what was run.
    """
    settings = {"model": spec.name, **dict(_nodes(spec))}
    settings |= {each.name: each.text or NOTHING for each in dotted_options(spec)}
    del settings[_TOLD_OTHERWISE]
    return settings | {
        DATA: record.data,
        "training.batch": str(record.batch),
        "training.steps": str(record.steps),
        SEED: str(record.seed),
    }


def differing(runs: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Names of the settings that are not the same in all runs.

    Of a node that some runs lack its options are not named.
    """
    names = dict.fromkeys(name for settings in runs for name in settings)
    return tuple(
        name
        for name in names
        if len({settings.get(name) for settings in runs}) > 1
        and (name.count(".") < 2 or all(name in settings for settings in runs))
    )


def _nodes(spec: Spec) -> Iterator[tuple[str, str]]:
    shape = ", ".join(map(str, spec.observed.shape))
    yield f"observe.{spec.observed.name}", f"{spec.observed.family}[{shape}]"
    for latent in spec.latents:
        yield f"latent.{latent.name}", f"{latent.family}[{latent.dim}]"
    for parent, child in spec.edges:
        yield f"{parent} -> {child}", "yes"
