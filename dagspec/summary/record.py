"""Everything about a model as plain data, for `dagspec show --json`.

The keys are a promise: none is renamed, others may be added.

- `model`: `name`, `description`
- `observed`: `name`, `family`, `shape`, `sigma` (null where it is learned or there is
  none)
- `features`: `block`, `norm`, `activation`, `readout`, and `stages`, the one nearest
  the observed node first: `number`, `shape`, `numbers` (C·H·W), `grid`, `read`,
  `written` (names of concepts)
- `latents`, in the order declared: `name`, `family`, `dim`, `description`,
  `generation`, `stage`, `parents`, `given` (what q is given beside its stage), `feeds`
  (whether p(x | z) depends on it), `parameters`, `reads` (numbers in the features it is
  read from), `outputs` (numbers that its head puts out)
- `edges`: pairs of concepts, parent first
- `levels`: `prior` and `posterior`, each a list of `family`, `dim`, `temperature`,
  `hidden`, `names`; a prior level also `generation` and `standard`, a posterior level
  `stage` (null where it is not given x) or, in a coupled network, `generation`
- `posterior`: `structure`, `combine`, and `dependence`: how many pairs of concepts the
  posterior has `joined`, how many are `needed` by a minimal faithful inverse, how many
  it is `lacking`, and these `pairs` (null where there are too many concepts)
- `parameters`: a number for each part, and `total`
- `objective`, `training`: every option of the sections, defaults included
- `process`: a list of `name`, `text` and `concept` (that stands for it, or null), a
  variable each and the observed node last; empty without a process
- `math`: a list of `title`, `text`, `latex`
- `spec`: the canonical text
"""

from __future__ import annotations

from dataclasses import asdict

from dagspec.families import head_outputs
from dagspec.geometry import size
from dagspec.plan import LatentPlan, Plan, PosteriorLevel, PriorLevel
from dagspec.spec import Spec
from dagspec.summary.inverse import count_dependence
from dagspec.summary.math import formulas, set_latex, set_text
from dagspec.summary.phrases import source_size
from dagspec.summary.process import process_lines

Record = dict[str, object]


def record(spec: Spec, plan: Plan, everything: bool = False) -> Record:
    """A model as JSON's kinds of data; the keys are those of this file's head.

    Args:
        spec: What was meant.
        plan: What is built of it.
        everything: Whether the formulas name every concept, however many there are.
    """
    return {
        "model": {"name": plan.name, "description": plan.description},
        "observed": asdict(plan.observed),
        "features": _features(plan),
        "latents": [_latent(plan, latent) for latent in plan.latents],
        "edges": [
            [parent, latent.name]
            for latent in plan.latents
            for parent in latent.parents
        ],
        "levels": {
            "prior": [_prior(level) for level in plan.prior],
            "posterior": [_posterior(plan, level) for level in plan.posterior],
        },
        "posterior": {
            "structure": plan.structure,
            "combine": plan.combine,
            "dependence": asdict(count_dependence(plan)),
        },
        "parameters": {**plan.parameters, "total": sum(plan.parameters.values())},
        "objective": spec.objective.model_dump(mode="json"),
        "training": spec.training.model_dump(mode="json"),
        "process": [asdict(line) for line in process_lines(spec)],
        "math": [
            {
                "title": block.title,
                "text": set_text([block]),
                "latex": set_latex([block]),
            }
            for block in formulas(spec, plan, everything)
        ],
        "spec": plan.text,
    }


def _features(plan: Plan) -> Record:
    features = plan.features
    return {
        "block": features.block,
        "norm": features.norm,
        "activation": features.activation,
        "readout": features.readout,
        "stages": [
            {
                "number": stage.number,
                "shape": stage.shape,
                "numbers": size(stage.shape),
                "grid": stage.grid,
                "read": stage.read,
                "written": stage.written,
            }
            for stage in features.stages
        ],
    }


def _latent(plan: Plan, latent: LatentPlan) -> Record:
    return {
        "name": latent.name,
        "family": latent.family,
        "dim": latent.dim,
        "description": latent.description,
        "generation": latent.generation,
        "stage": latent.stage,
        "parents": latent.parents,
        "given": latent.given,
        "feeds": latent.feeds,
        "parameters": latent.parameters,
        "reads": source_size(plan, latent.reads),
        "outputs": head_outputs(latent.family, latent.dim),
    }


def _level(level: PriorLevel | PosteriorLevel) -> Record:
    return {
        "family": level.family,
        "dim": level.dim,
        "temperature": level.temperature,
        "hidden": level.hidden,
        "names": level.names,
    }


def _prior(level: PriorLevel) -> Record:
    return {
        **_level(level),
        "generation": level.generation,
        "standard": level.standard,
    }


def _posterior(plan: Plan, level: PosteriorLevel) -> Record:
    source = "generation" if plan.bottom_up else "stage"
    return {**_level(level), source: level.reads}
