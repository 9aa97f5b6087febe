"""Everything that is asked of a model and of the process, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dagspec.data import DataError
from dagspec.evaluate.causal.bridge import Bridge
from dagspec.evaluate.causal.counterfactuals import counterfactual, draw_facts
from dagspec.evaluate.causal.interventions import (
    Asked,
    ask,
    edge_effects,
    intervention,
    mean_of,
)
from dagspec.evaluate.causal.results import (
    Causal,
    CausalSummary,
    CounterfactualResult,
    EdgeEffect,
    Intervention,
    TranslationResult,
)
from dagspec.evaluate.causal.scales import joined
from dagspec.evaluate.causal.support import in_support
from dagspec.evaluate.metrics.samples import SAMPLES
from dagspec.evaluate.metrics.types import Codes


def compare_with_process(
    bridge: Bridge, *, n: int = SAMPLES, draws: int = 4000
) -> Causal:
    """Interventions, counterfactuals and the effects of edges, beside the truth.

    Args:
        bridge: The model and the process; some concept stands for a variable.
        n: Samples of an MMD, at most 1,000, and examples of a counterfactual.
        draws: Samples of the model that means are made of, at least `n`.
    """
    facts = draw_facts(bridge, n)
    answers: list[Asked] = []
    counterfactuals: list[CounterfactualResult] = []
    unanswered: dict[str, str] = {}
    for name in bridge.causes:
        for value in bridge.scales[name].settings:
            try:
                support = in_support(bridge.simulator, facts.noise, name, value)
                asked = ask(bridge, name, value, draws, float(support.mean()))
                found = counterfactual(bridge, facts, name, value, support)
            except DataError as error:
                unanswered[f"{name} = {value:g}"] = str(error)
            else:
                answers.append(asked)
                counterfactuals.append(found)
    interventions = [intervention(bridge, each, n) for each in answers]
    effects = edge_effects(bridge, answers)
    return Causal(
        samples=n,
        translations=_translations(bridge),
        left_out=bridge.left_out,
        unanswered=unanswered,
        summary=_summary(interventions, counterfactuals, effects),
        interventions=tuple(interventions),
        counterfactuals=tuple(counterfactuals),
        effects=effects,
    )


def observed_together(bridge: Bridge, n: int = SAMPLES) -> tuple[Codes, Codes]:
    """Samples of the model and of the process, nothing set, standardised."""
    names = [
        name
        for name, scale in bridge.scales.items()
        for _ in range(scale.columns(np.zeros(1)).shape[1])
    ]
    sides = (
        bridge.ask_model({}, n, bridge.seed),
        bridge.ask_process({}, n, bridge.seed),
    )
    ours, theirs = (Codes(joined(bridge.scales, side), tuple(names)) for side in sides)
    return ours, theirs


def _translations(bridge: Bridge) -> Mapping[str, TranslationResult]:
    return {
        concept: TranslationResult(variable=variable, way=own.way, fit=own.fit)
        for variable, concept in bridge.concepts.items()
        for own in (bridge.translations[variable],)
    }


def _summary(
    interventions: Sequence[Intervention],
    counterfactuals: Sequence[CounterfactualResult],
    effects: Sequence[EdgeEffect],
) -> CausalSummary:
    return CausalSummary(
        mmd=mean_of(each.mmd for each in interventions),
        floor=mean_of(each.floor for each in interventions),
        mean_error=mean_of(each.mean_error for each in interventions),
        std_error=mean_of(each.std_error for each in interventions),
        counterfactual=mean_of(each.descendants for each in counterfactuals),
        counterfactual_floor=mean_of(each.floor for each in counterfactuals),
        counterfactual_supported=mean_of(each.supported for each in counterfactuals),
        counterfactual_all=mean_of(each.all for each in counterfactuals),
        observed=mean_of(each.observed for each in counterfactuals),
        effects=mean_of(each.error for each in effects),
        support=mean_of(each.support for each in interventions),
    )
