"""Does the concept land in its unit? Models of a known process beside its own answers.

    make toynet        # or: python docs/experiments/toynet.py

Trains specs/toynet.dag, the triangle a -> b, a -> c, b -> c, with other shares of
labels, other graphs, posteriors and mechanisms, and writes the figures of
docs/experiments/toynet.md. What is trained already, in runs/toynet/, stays.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from study import (
    HERE,
    fill,
    machine,
    read_spec,
    seconds_of,
    spread,
    table,
    trained,
)

from dagspec.evaluate import Evaluation, evaluate
from dagspec.spec import Spec

TOYNET = Path("specs/toynet.dag")
OFF_SUPPORT = HERE / "toynet_off_support.dag"
SHARES = ("0%", "1%", "10%", "100%")
STRUCTURES = ("top_down", "mean_field", "faithful")
COMBINES = ("independent", "precision", "residual")
MECHANISMS = ("mlp(32)", "mlp(128)", "mlp(64, 64)", "linear")
# The same concepts, every arrow turned round.
TURNED = (("b", "a"), ("c", "a"), ("c", "b"))
CONCEPTS = ("a", "b", "c")
EXAMPLES = 4_000
# The large table has 72 runs.
SHORT = 1_500


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line; without `steps`, those of the spec."""

    steps: int | None
    seeds: Sequence[int]
    out: Path


def main() -> None:
    """Train what is not trained, measure, and write the page."""
    parser = argparse.ArgumentParser(description="Models beside a known process.")
    parser.add_argument("--steps", type=int, help="default: those of the spec")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=Path("runs/toynet"))
    found = parser.parse_args()
    options = Options(found.steps, found.seeds, found.out)
    spec = read_spec(TOYNET)
    fill(
        HERE / "toynet.md",
        machine=f"{options.steps or spec.training.steps:,} steps of "
        f"{spec.training.batch} examples, seeds "
        f"{', '.join(map(str, options.seeds))}; {machine()}, one thread.",
        target=target_table(options),
        combine=combine_table(options),
        off_support=off_support_table(options),
        labels=labels_table(options),
        specs=specs_table(options.out),
    )


def study(
    name: str,
    file: Path,
    overrides: Sequence[str],
    options: Options,
    turn: bool = False,
) -> list[Evaluation]:
    """Evaluations of a variant, one a seed; each run is trained and evaluated once."""
    found: list[Evaluation] = []
    for seed in options.seeds:
        length = [f"training.steps={options.steps}"] if options.steps else []
        spec = read_spec(file, [*overrides, *length, f"training.seed={seed}"])
        run = trained(turned(spec) if turn else spec, options.out / f"{name}-{seed}")
        done = run / "study.json"
        if not done.exists():
            result = evaluate(run, ("diagonal",), samples=EXAMPLES, bound_examples=0)
            result.write(done)
        found.append(Evaluation.read(done))
    print(f"{name}: diagonal {diagonal(found)}", flush=True)
    return found


def turned(spec: Spec) -> Spec:
    """The spec with every arrow between concepts turned round."""
    return spec.model_copy(update={"edges": TURNED})


def labels_of(share: str) -> list[str]:
    """The share of labels of all concepts."""
    return [f"latent.{name}.labels={share}" for name in CONCEPTS]


def each(
    found: Sequence[Evaluation], figure: Callable[[Evaluation], float], digits: int = 3
) -> str:
    """A figure of every seed."""
    return spread([figure(one) for one in found], digits)


def diagonal(found: Sequence[Evaluation]) -> str:
    """Smallest correlation of a concept with its own variable, by seed."""
    return each(found, lambda one: min(one.metrics["diagonal"].parts.values()))


def counterfactual(one: Evaluation, cause: str = "b", effect: str = "c") -> float:
    """Error of what would have been, over both values of the cause, in variances."""
    assert one.causal is not None
    return float(
        np.mean(
            [
                asked.errors[effect]
                for asked in one.causal.counterfactuals
                if asked.variable == cause
            ]
        )
    )


def mmd(one: Evaluation, cause: str = "b") -> tuple[float, float]:
    """Interventional MMD and its floor, over both values of the cause."""
    assert one.causal is not None
    asked = [each for each in one.causal.interventions if each.variable == cause]
    return (
        float(np.mean([each.mmd for each in asked])),
        float(np.mean([each.floor for each in asked])),
    )


def effect(one: Evaluation, parent: str, child: str) -> tuple[float, float]:
    """Average causal effect along an edge: learned and true."""
    assert one.causal is not None
    found = next(
        each
        for each in one.causal.effects
        if (each.parent, each.child) == (parent, child)
    )
    return found.learned, found.true


def support(found: Sequence[Evaluation], cause: str = "b") -> str:
    """Share of examples for which the cause may well have the values asked about."""
    causal = found[0].causal
    assert causal is not None
    asked = [each for each in causal.interventions if each.variable == cause]
    return f"{np.mean([each.support for each in asked]):.0%}"


def answers(found: Sequence[Evaluation]) -> list[str]:
    """The columns that all tables end in."""
    return [
        diagonal(found),
        each(found, counterfactual, 4),
        each(found, lambda one: mmd(one)[0], 4),
        each(found, lambda one: -one.bounds.negative_elbo.value, 1),
    ]


ANSWERS = (
    "smallest diagonal MCC",
    "counterfactual error of c",
    "interventional MMD",
    "ELBO, nats",
)


def specs_table(out: Path) -> str:
    """Every toynet as it stands, seed 0."""
    rows: list[list[str]] = []
    for file in sorted(Path("specs").glob("toynet*.dag")):
        run = trained(read_spec(file), out / "specs" / file.stem)
        found = evaluate(run, ("diagonal",), samples=EXAMPLES, bound_examples=0)
        parts = found.metrics["diagonal"].parts.items()
        assert found.causal is not None
        error = found.causal.summary.counterfactual
        rows.append(
            [
                f"`{file.name}`",
                ", ".join(f"{name} {part:.3f}" for name, part in parts),
                "-" if error is None else f"{error:.4f}",
                f"{seconds_of(run):.0f}",
            ]
        )
    head = ["spec", "diagonal MCC", "counterfactual error", "seconds of training"]
    return table(head, rows)


def target_table(options: Options) -> str:
    """specs/toynet.dag as it stands, every concept and every edge."""
    found = study("top_down-10", TOYNET, labels_of("10%"), options)
    parts = [one.metrics["diagonal"].parts for one in found]
    rows = [
        [f"MCC of {name} with {name}", spread([part[name] for part in parts], 4), "1"]
        for name in CONCEPTS
    ]
    rows.append(
        ["counterfactual error of c, do(b)", each(found, counterfactual, 4), "0"]
    )
    floors = each(found, lambda one: mmd(one)[1], 4)
    learned = each(found, lambda one: mmd(one)[0], 4)
    rows.append(["interventional MMD, do(b)", learned, f"{floors} (floor)"])
    for parent, child in (("a", "b"), ("a", "c"), ("b", "c")):
        effects = [effect(one, parent, child) for one in found]
        rows.append(
            [
                f"effect of {parent} on {child}",
                spread([learned for learned, _ in effects], 3),
                f"{effects[0][1]:.3f}",
            ]
        )
    return table(["", "by seed", "the process itself"], rows)


def combine_table(options: Options) -> str:
    """How q is made of the head and the prior."""
    rows: list[list[str]] = []
    for combine in COMBINES:
        name = "top_down-10" if combine == "independent" else f"{combine}-10"
        changes = [*labels_of("10%"), f"inference.combine={combine}"]
        rows.append([f"`{combine}`", *answers(study(name, TOYNET, changes, options))])
    return table(["combine", *ANSWERS], rows)


def off_support_table(options: Options) -> str:
    """Where b hardly ever has the value that it is set to."""
    rows: list[list[str]] = []
    for mechanism in MECHANISMS:
        changes = [f"latent.{name}.mechanism={mechanism}" for name in ("b", "c")]
        slug = mechanism.translate(
            str.maketrans({"(": "-", ",": "-", ")": None, " ": None})
        )
        found = study(f"off_support-{slug}", OFF_SUPPORT, changes, options)
        rows.append([f"`{mechanism}`", support(found), *answers(found)])
    changes = ["inference.combine=residual"]
    found = study("off_support-residual", OFF_SUPPORT, changes, options)
    rows.append(["`mlp(32)`, `combine = residual`", support(found), *answers(found)])
    return table(["mechanism", "support", *ANSWERS], rows)


def labels_table(options: Options) -> str:
    """Shares of labels, graphs and structures of the posterior."""
    short = replace(options, steps=options.steps or SHORT, out=options.out / "short")
    graphs = (("the process's", False), ("turned round", True))
    rows: list[list[str]] = []
    for (graph, turn), structure, share in product(graphs, STRUCTURES, SHARES):
        name = f"{structure}-{share.removesuffix('%')}{'-turned' * turn}"
        changes = [*labels_of(share), f"inference.structure={structure}"]
        found = study(name, TOYNET, changes, short, turn)
        effects = spread([effect(one, "b", "c")[0] for one in found], 2)
        rows.append([graph, f"`{structure}`", share, *answers(found), effects])
    head = ["graph", "structure", "labels", *ANSWERS, "effect of b on c"]
    return table(head, rows)


if __name__ == "__main__":
    main()
