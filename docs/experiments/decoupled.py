"""Features beside the concepts, or layers that follow the graph?

    make thesis        # or: python docs/experiments/decoupled.py

Trains the graphs of specs/dsprites_correlated.dag and specs/dsprites.dag with a
bottom-up network that follows the graph (`structure = coupled`) and with one that does
not, and writes the figures and pictures of docs/experiments/decoupled.md. What is
trained already, in runs/thesis/, stays. Takes a core some hours.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from decoupled_pictures import draw_curves, draw_reconstructions
from decoupled_probes import probe_layers
from study import HERE, fill, machine, read_spec, spread, table, trained

import dagspec
from dagspec.data import open_source
from dagspec.spec import count_parts

EXAMPLES = 4_000  # of the test split


@dataclass(frozen=True)
class Arm:
    """One network.

    Attributes:
        name: Of its runs' folders.
        title: In tables.
        structure: Of the posterior.
        combine: How a posterior is made of its head.
    """

    name: str
    title: str
    structure: str
    combine: str

    def overrides(self, steps: int, seed: int) -> list[str]:
        """What it changes in a graph's spec."""
        return [
            f"inference.structure={self.structure}",
            f"inference.combine={self.combine}",
            "inference.hidden=[]",
            f"training.steps={steps}",
            f"training.seed={seed}",
        ]


# Pairs that differ in the structure alone. A coupled network has next to no parameters
# in its heads; heads without hidden layers have nearly as few in a decoupled one.
PAIRS = (
    (
        Arm("coupled-independent", "coupled", "coupled", "independent"),
        Arm("decoupled-independent", "decoupled", "top_down", "independent"),
    ),
    (
        Arm("coupled-residual", "coupled, residual", "coupled", "residual"),
        Arm("decoupled-residual", "decoupled, residual", "top_down", "residual"),
    ),
)
GRAPHS = ("dsprites_correlated", "dsprites")


@dataclass(frozen=True)
class Result:
    """What one arm of one graph came to, a number a seed.

    Attributes:
        arm: The network.
        parameters: How many it has.
        elbo: Mean of -ELBO over test images, in nats, by seed.
        kl: Mean KL of each concept, in nats, by seed.
        runs: Folders, by seed.
    """

    arm: Arm
    parameters: int
    elbo: Sequence[float]
    kl: Mapping[str, Sequence[float]]
    runs: Sequence[Path]


def main() -> None:
    """Train what is not trained, measure, and write the page."""
    parser = argparse.ArgumentParser(description="Coupled against decoupled networks.")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=Path("runs/thesis"))
    options = parser.parse_args()
    results = {
        graph: [
            study(graph, arm, options.steps, options.seeds, options.out)
            for pair in PAIRS
            for arm in pair
        ]
        for graph in GRAPHS
    }
    draw_curves(
        {g: [(r.arm.title, r.runs) for r in found] for g, found in results.items()},
        HERE / "decoupled.curves.svg",
    )
    for graph, found in results.items():
        rows = [(result.arm.title, result.runs[0]) for result in found[:2]]
        draw_reconstructions(graph, rows, HERE / f"decoupled.{graph}.png")
    fill(
        HERE / "decoupled.md",
        table="\n\n".join(elbo_table(graph, found) for graph, found in results.items()),
        kl="\n\n".join(kl_table(graph, found) for graph, found in results.items()),
        probes="\n\n".join(
            probe_table(graph, found[:2]) for graph, found in results.items()
        ),
        machine=f"{options.steps:,} steps of 64 images, seeds "
        f"{', '.join(map(str, options.seeds))}; {machine()}, one thread.",
    )


def study(graph: str, arm: Arm, steps: int, seeds: Sequence[int], out: Path) -> Result:
    """Train an arm with every seed and measure it on test images."""
    elbo: list[float] = []
    kl: dict[str, list[float]] = {}
    runs: list[Path] = []
    spec = read_spec(Path(f"specs/{graph}.dag"))
    source = open_source(spec.training.data or "")
    x = torch.from_numpy(source.held_out(EXAMPLES, "test").x)
    for seed in seeds:
        spec = read_spec(Path(f"specs/{graph}.dag"), arm.overrides(steps, seed))
        runs.append(trained(spec, out / graph / f"{arm.name}-{seed}"))
        model = dagspec.load_model(runs[-1])
        with torch.no_grad():
            found = model(x, model.noise(len(x), seed=0))
        elbo.append(-found.elbo.mean().item())
        for name, nats in found.kl.items():
            kl.setdefault(name, []).append(nats.mean().item())
        print(f"{graph}, {arm.title}, seed {seed}: {elbo[-1]:.1f} nats", flush=True)
    return Result(arm, sum(count_parts(spec).values()), elbo, kl, runs)


def elbo_table(graph: str, results: Sequence[Result]) -> str:
    """A row for each arm, and what the decoupled one of each pair is better by."""
    rows: list[list[str]] = []
    for coupled, decoupled in zip(results[::2], results[1::2], strict=True):
        rows += [
            [each.arm.title, f"{each.parameters:,}", spread(each.elbo)]
            for each in (coupled, decoupled)
        ]
        share = decoupled.parameters / coupled.parameters - 1
        better = np.subtract(coupled.elbo, decoupled.elbo)
        rows.append(["*difference*", f"{share:+.2%}", f"**{spread(list(better))}**"])
    head = [f"`{graph}`", "parameters", "-ELBO in nats, by seed"]
    return table(head, rows)


def kl_table(graph: str, results: Sequence[Result]) -> str:
    """KL of each concept, mean over the seeds."""
    names = list(results[0].kl)
    rows = [
        [each.arm.title, *(f"{np.mean(each.kl[name]):.2f}" for name in names)]
        for each in results
    ]
    return table([f"`{graph}`", *names], rows)


def probe_table(graph: str, results: Sequence[Result]) -> str:
    """What each layer of the way up still tells of each factor, first seed."""
    rows: list[list[str]] = []
    head: list[str] = []
    for each in results:
        found = probe_layers(graph, each.runs[0])
        for layer, scores in found.items():
            head = list(scores)
            rows.append([each.arm.title, layer, *(f"{s:.2f}" for s in scores.values())])
    return table([f"`{graph}`", "layer", *head], rows)


if __name__ == "__main__":
    main()
