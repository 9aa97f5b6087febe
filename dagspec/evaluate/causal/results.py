"""What asking a model and a process the same gives, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from dagspec.spec.records import Frozen


class TranslationResult(Frozen):
    """Which variable a concept stands for, and how its values are read.

    Attributes:
        variable: The variable.
        way: `label`: by the units of its label; `calibration`: fitted on validation
            examples.
        fit: Of a calibration the share of the variable's variance that it explains, or
            of examples whose class it says.
    """

    variable: str
    way: Literal["label", "calibration"]
    fit: float | None


class Intervention(Frozen):
    """What follows from setting one variable, in the model and in the process.

    Attributes:
        variable: The variable that is set, `value` what it is set to.
        mmd: Squared maximum mean discrepancy between both, over all other variables,
            standardised.
        low: Lower end of its 95% interval, by the bootstrap over samples.
        high: Upper end.
        floor: The same between two samples of the process.
        mean_error: Squared error of the mean of a child, standardised, mean over the
            variable's children; None if it has none.
        std_error: The same of the standard deviation.
        support: Share of examples for which the variable may well have this value.
    """

    variable: str
    value: float
    mmd: float
    low: float | None
    high: float | None
    floor: float
    mean_error: float | None
    std_error: float | None
    support: float


class CounterfactualResult(Frozen):
    """What would have been, had one variable had a value: the model beside the truth.

    Attributes:
        variable: The variable that is set, `value` what it is set to.
        errors: Mean squared error of every other variable, divided by its variance.
        descendants: Mean of these over what follows from the variable.
        low: Lower end of its 95% interval, by the bootstrap over examples.
        high: Upper end.
        floor: The same error of the process itself, its noise drawn again as far as the
            facts do not tell it: the noise of a class is not known from the class. 0
            where no class follows.
        reading: The same error of what is read from the examples as they are: what is
            lost without any question.
        supported: The same over the examples for which the variable may well have this
            value; None where they are fewer than 30.
        all: Mean over all other variables; None if there is no other.
        observed: Mean squared error of the observed node, divided by its variance.
        reconstruction: The same of a reconstruction: what is lost without any question.
        support: Share of examples for which the variable may well have this value.
    """

    variable: str
    value: float
    errors: Mapping[str, float]
    descendants: float
    low: float | None
    high: float | None
    floor: float
    reading: float
    supported: float | None
    all: float
    observed: float
    reconstruction: float
    support: float


class EdgeEffect(Frozen):
    """Average causal effect along one edge: mean of the child, high minus low.

    Attributes:
        parent: What is set.
        child: What is looked at.
        in_model: Whether the model has the edge, or a path through concepts that stand
            for no variable.
        in_process: Whether the process has it, likewise.
        low: What the parent is set to first, and `high` then.
        outcome: The child's class whose probability is looked at; None where it is the
            mean of a number.
        learned: The effect in the model, in the child's units.
        true: The effect in the process.
        error: Squared error, divided by the child's variance.
        support: Share of examples for which the parent may well be `low`, or `high`:
            the smaller of the two.
    """

    parent: str
    child: str
    in_model: bool
    in_process: bool
    low: float
    high: float
    outcome: int | None
    learned: float
    true: float
    error: float
    support: float


class CausalSummary(Frozen):
    """Means over everything that was asked; None where nothing was.

    Attributes:
        mmd: Interventional MMD; `floor` that of two samples of the process.
        floor: See `mmd`.
        mean_error: Error of means under interventions.
        std_error: Error of standard deviations.
        counterfactual: Error of what follows; `counterfactual_floor` that of the
            process itself, where noise is drawn again.
        counterfactual_floor: See `counterfactual`.
        counterfactual_supported: Error of what follows, over examples for which a
            setting may well be.
        counterfactual_all: Error of all other variables.
        observed: Error of the observed node.
        effects: Error of average causal effects.
        support: Share of examples for which a setting may well be.
    """

    mmd: float | None
    floor: float | None
    mean_error: float | None
    std_error: float | None
    counterfactual: float | None
    counterfactual_floor: float | None
    counterfactual_supported: float | None
    counterfactual_all: float | None
    observed: float | None
    effects: float | None
    support: float | None


class Causal(Frozen):
    """A model beside the known process.

    Attributes:
        samples: Samples of an MMD, at most 1,000, and examples of a counterfactual.
        translations: By concept.
        left_out: Of every concept that stands for no variable the reason.
        unanswered: Of every setting that the process cannot have the reason.
        summary: Means over what follows.
        interventions: One for each setting of each cause.
        counterfactuals: Likewise.
        effects: Of every edge of the model, of the process or both.
    """

    samples: int
    translations: Mapping[str, TranslationResult]
    left_out: Mapping[str, str]
    unanswered: Mapping[str, str]
    summary: CausalSummary
    interventions: tuple[Intervention, ...]
    counterfactuals: tuple[CounterfactualResult, ...]
    effects: tuple[EdgeEffect, ...]
