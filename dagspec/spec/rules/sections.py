"""Rules about options that depend on one another, across sections and nodes."""

from __future__ import annotations

from collections.abc import Iterator

from dagspec import families
from dagspec.diagnostic import Diagnostic
from dagspec.spec.draft import Draft
from dagspec.spec.model import Latent
from dagspec.spec.options import Objective
from dagspec.spec.statements.checked import Checked
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import listed

# Structures that do not give every concept its parents, and what they do instead.
_WITHOUT_PARENTS = {
    "mean_field": "infers each concept from x alone",
    "faithful": "infers some concepts before their parents",
}


def combine_has_its_prior(draft: Draft) -> Iterator[Diagnostic]:
    """`residual` and `precision` need p(z | parents) while q is sampled."""
    inference = draft.sections.inference
    value = inference.value
    if not inference.sound("structure", "combine"):
        return
    if value.combine != "independent" and value.structure in _WITHOUT_PARENTS:
        message = f"`combine = {value.combine}` cannot go with `{value.structure}`"
        yield error(
            "E501",
            message,
            inference.place("combine"),
            "needs the parents' values",
            (inference.place("structure"), _WITHOUT_PARENTS[value.structure]),
            help="write `structure = top_down`, or `combine = independent`",
        )


def combine_suits_families(draft: Draft) -> Iterator[Diagnostic]:
    """Every family has the form that `combine` asks for."""
    inference = draft.sections.inference
    combine = inference.value.combine
    if not inference.sound("combine"):
        return
    for name, family in families.FAMILIES.items():
        if family.latent is None or combine in family.latent.combines:
            continue
        concepts = [c for c in draft.concepts.values() if c.latent.family == name]
        if concepts:
            names = [concept.name.text for concept in concepts]
            yield error(
                "E502",
                f"`combine = {combine}` is not defined for `{name}`",
                inference.place("combine"),
                f"not for {listed(names, 'or')}",
                (concepts[0].node.family.span, f"{listed([names[0]])} is `{name}`"),
                help=f"`{name}` can be {listed(family.latent.combines)}",
            )


def balance_has_its_ladder(draft: Draft) -> Iterator[Diagnostic]:
    """Balancing concerns the groups of a ladder."""
    objective = draft.sections.objective
    if objective.wrote("balance") and objective.value.balance != "none":
        message = f"`balance = {objective.value.balance}` needs a ladder"
        help = "remove it; concepts are weighted by their `kl_weight`"
        span = objective.place("balance")
        yield error("E503", message, span, "nothing to balance", help=help)


def capacity_stands_alone(draft: Draft) -> Iterator[Diagnostic]:
    """A capacity takes the place of the weighted sum of KLs."""
    objective = draft.sections.objective
    if not objective.wrote("capacity"):
        return
    others: list[tuple[Checked[Objective] | Checked[Latent], str]] = [
        (objective, name)
        for name in ("beta", "warmup", "free_bits")
        if objective.wrote(name)
    ]
    for concepts in draft.statements():
        checked = concepts[0].checked
        others += [(checked, n) for n in ("kl_weight", "free_bits") if checked.wrote(n)]
    for checked, name in others:
        yield error(
            "E504",
            f"`{name}` and `capacity` cannot both shape the KL",
            checked.options[name].span,
            "has nothing to act on",
            (objective.options["capacity"].span, "takes the place of the weighted KL"),
            help="remove one of them",
        )


def run_has_one_length(draft: Draft) -> Iterator[Diagnostic]:
    """The length of a run is given in steps or in epochs."""
    training = draft.sections.training
    if training.wrote("steps") and training.wrote("epochs"):
        first, second = sorted(
            (training.options["steps"], training.options["epochs"]),
            key=lambda option: option.span.start,
        )
        yield error(
            "E505",
            "the run is given two lengths",
            second.span,
            "and here another",
            (first.span, "one length here"),
            help="remove one of them",
        )


def patience_has_its_validations(draft: Draft) -> Iterator[Diagnostic]:
    """What is counted are validations, so there have to be some."""
    training = draft.sections.training
    if (
        training.wrote("patience")
        and training.sound("validate_every")
        and not training.wrote("validate_every")
    ):
        yield error(
            "E506",
            "`patience` counts validations, and there are none",
            training.options["patience"].span,
            "of which validations?",
            help="add for example `validate_every = 1 epochs`",
        )
