"""Where to attach concepts by default: the deepest stage, or a stage a generation?

    python docs/experiments/default_stage.py --steps 1000 --seeds 0 1

Trains specs/dsprites.dag, which attaches everything to the deepest stage, beside the
same spec with the second generation one stage nearer the image, and either of them
without normalisation. Prints the table of docs/experiments/default_stage.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

import dagspec
from dagspec.data import open_source

TEXT = Path("specs/dsprites.dag").read_text()
NEARER = {
    "latent scale:        normal[1]": "latent scale: normal[1] { at = 3 }",
    "latent orientation:  normal[2]": "latent orientation: normal[2] { at = 3 }",
}
PLAIN = {"norm   = group": "norm = none"}
VARIANTS: Mapping[str, Mapping[str, str]] = {
    "deepest stage": {},
    "a stage a generation": NEARER,
    "deepest stage, no norm": PLAIN,
    "a stage a generation, no norm": {**NEARER, **PLAIN},
}


def main() -> None:
    """Print a row for each variant."""
    parser = argparse.ArgumentParser(description="Compare default stages.")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    options = parser.parse_args()
    print("| attached to | parameters | -ELBO, by seed |\n|---|---|---|")
    for name, changes in VARIANTS.items():
        spec = dagspec.parse(rewrite(TEXT, changes))
        found = [train(spec, options.steps, seed) for seed in options.seeds]
        count = sum(dagspec.lower(spec).parameters.values())
        nats = ", ".join(f"{value:.1f}" for value in found)
        print(f"| {name} | {count:,} | {nats} |", flush=True)


def rewrite(text: str, changes: Mapping[str, str]) -> str:
    """The text with each of its parts replaced."""
    for old, new in changes.items():
        if old not in text:
            raise SystemExit(f"specs/dsprites.dag has no `{old}` any more")
        text = text.replace(old, new)
    return text


def train(spec: dagspec.Spec, steps: int, seed: int) -> float:
    """Mean -ELBO of the last 200 training batches, nats an image, without labels."""
    model = dagspec.build_model(spec, seed=seed)
    source = open_source("dsprites")
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses: list[float] = []
    for step in range(1, steps + 1):
        batch = source.load(source.choose(step - 1, 64, seed))
        out = model(torch.from_numpy(batch.x))
        loss = min(1.0, step / 500) * out.divergences.sum(0) - out.log_prob
        optimizer.zero_grad()
        loss.mean().backward()
        optimizer.step()
        losses.append(-out.elbo.mean().item())
    return float(np.mean(losses[-200:]))


if __name__ == "__main__":
    main()
