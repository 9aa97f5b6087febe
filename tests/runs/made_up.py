"""Runs that nobody ran, with files as training leaves them."""

from __future__ import annotations

import math
import random
from pathlib import Path

from dagspec.runs import ConceptRow, Metrics, RunFolder, RunRecord, RunStatus

SPEC = """\
model dsprites "Five concepts | behind a `sprite` ∀"
observe image: bernoulli[1, 64, 64]
latent shape: categorical[3] { label = "shape" }
latent scale, pos_x, _odd_: normal[1]
shape -> scale
objective { beta = BETA }
training { data = dsprites, steps = 3_000, seed = SEED }
"""
CONCEPTS = ("shape", "scale", "pos_x", "_odd_")
FIXED = ("loss", "elbo", "log_prob", "kl", "beta", "lr", "gradient")
LABELS = ("shape.accuracy", "pos_x.rmse", "pos_x.r2")


def record(**changes: object) -> RunRecord:
    return RunRecord.model_validate(
        {
            "name": "dsprites",
            "description": "Five concepts | behind a `sprite` ∀",
            "data": "dsprites",
            "seed": 0,
            "batch": 64,
            "steps": 3000,
            "epoch": 11520.0,
            "parameters": 812345,
            "command": ("dagspec", "train", "specs/dsprites.dag", "--out", "my runs/a"),
            "versions": {"dagspec": "0.1.0", "torch": "2.9.0"},
            "machine": {"device": "cpu", "system": "Linux"},
            "settings": {"objective.warmup": "linear(10%)"},
            "started": "2025-01-02T03:04:05+00:00",
            **changes,
        }
    )


def status(**changes: object) -> RunStatus:
    concepts = {
        name: ConceptRow(
            kl=4.0 / 10**number,
            active=int(number < 3),
            units=1,
            dim=1,
            family="normal",
            mu_mean=0.01,
            mu_std=0.98,
            sigma_mean=0.0213,
        )
        for number, name in enumerate(CONCEPTS)
    }
    return RunStatus.model_validate(
        {
            "state": "finished",
            "step": 3000,
            "best": (2800, -58.231),
            "last": (3000, -58.904),
            "concepts": concepts,
            "labels": {"shape.accuracy": 0.934, "pos_x.rmse": 0.021, "pos_x.r2": 0.99},
            "warnings": ("`_odd_` has collapsed: its KL is 0.004 nats",),
            "goes_on": "dagspec train --continue-training --out 'my runs/a'",
            **changes,
        }
    )


def write_metrics(
    folder: RunFolder,
    concepts: tuple[str, ...] = CONCEPTS,
    steps: int = 3000,
    labels: tuple[str, ...] = LABELS,
    level: float = 58.0,
) -> None:
    """Curves as training draws them: huge losses first, noise, a warm-up."""
    noise = random.Random(0)
    columns = (*FIXED, *(f"kl.{name}" for name in concepts))
    columns += tuple(f"label.{name}" for name in labels)
    with Metrics(folder.metrics_file, columns) as metrics:
        for step in range(50, steps + 1, 50):
            done = step / steps
            beta = min(1.0, step / (0.3 * steps))
            kls = {
                f"kl.{name}": (6 / (1 + number) + 30 * math.exp(-30 * done))
                * (1 - math.exp(-8 * done / (1 + number % 5)))
                * noise.gauss(1, 0.03)
                for number, name in enumerate(concepts)
            }
            loss = level + 2800 * math.exp(-40 * done) + 60 * math.exp(-5 * done)
            values = {
                "loss": loss,
                "elbo": -loss + noise.gauss(0, 2),
                "log_prob": -loss + 12,
                "kl": sum(kls.values()),
                "beta": beta,
                "lr": 1e-3,
                "gradient": 12.5,
                **kls,
            }
            metrics.append(step, "train", values)
            if step % 200 == 0:
                to_go = 0.7 * math.exp(-6 * done)
                right = {
                    f"label.{name}": 0.02 + to_go
                    if name.endswith("rmse")
                    else 0.95 - to_go
                    for name in labels
                }
                metrics.append(step, "validation", {**values, "elbo": -loss, **right})


def make_run(
    path: Path, beta: float = 1, seed: int = 0, state: RunStatus | None = None
) -> RunFolder:
    folder = RunFolder.create(path)
    record(seed=seed).write(folder.record_file)
    text = SPEC.replace("BETA", str(beta)).replace("SEED", str(seed))
    folder.spec_file.write_text(text)
    (state or status()).write(folder.status_file)
    write_metrics(folder)
    return folder
