"""A trained model from a `.dag` file, in a plain torch loop to learn from.

    python examples/quickstart.py                               # about a minute
    python examples/quickstart.py specs/digits.dag --steps 2000

The real trainer is `dagspec train`, which validates, draws, saves and goes on. This
loop comes to the same weights to the last bit, since every step is decided by (seed,
step) alone; only `precision` and `channels_last` are left out here.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

import dagspec
from dagspec.data import Batch, DataError, Request, Source, open_source
from dagspec.data.match import mismatches
from dagspec.heap import keep_freed_memory
from dagspec.monitor import measure, overview
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import (
    Average,
    Horizon,
    Objective,
    learning_rate,
    make_optimizer,
)
from dagspec.pictures.grid import save_image
from dagspec.train.module import noise_seed
from dagspec.train.prepare import fit_labels


def main(spec_file: str | Path, steps: int, out: Path) -> None:
    """Read, build, train, look."""
    # What is observed, which concepts are behind it, who causes whom, how to train.
    spec = dagspec.load(spec_file)
    asked = Request(shape=spec.observed.shape, process=spec.process)
    source = open_source(spec.training.data or "dsprites", asked)
    if found := mismatches(spec, source.shape, source.columns):
        raise dagspec.DagSpecError(found)

    # An ordinary torch.nn.Module. The data decide the units of its real labels.
    model = dagspec.build_model(spec)
    fit_labels(model, spec, source)
    model = train(model, spec, source, steps)

    test = source.held_out(1000, "test")
    found = measure(model, torch.from_numpy(test.x), spec)
    nats = ", ".join(f"{name} {kl:.2f}" for name, kl in found.kl.items())
    print(f"-ELBO {-found.elbo:.2f} nats an example after {steps} steps; KL: {nats}")
    out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), out / "weights.pt")
    if len(source.shape) == 3:
        save_image(overview(model, torch.from_numpy(test.x), spec), out / "images.png")


def train(
    model: ConceptVAE, spec: dagspec.Spec, source: Source, steps: int
) -> ConceptVAE:
    """Minimise the objective of a spec; the averaged weights, where it wants any."""
    settings = spec.training
    horizon = Horizon(steps, source.size / settings.batch)  # what 10% or 2 epochs mean
    objective = Objective(spec, model)  # ELBO, beta's schedule, labels, free bits, …
    optimizer = make_optimizer(settings.optimizer, model.parameters())
    average = None if settings.ema is None else Average(model, settings.ema)
    for step in range(steps):
        torch.manual_seed(noise_seed(settings.seed, step))
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(settings, step, horizon)
        batch = source.load(source.choose(step, settings.batch, settings.seed))
        x, factors, keys = tensors(batch)
        loss = objective(model(x), factors, keys, step, horizon)
        optimizer.zero_grad()
        loss.total.backward()
        if settings.clip is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimizer.step()
        if average is not None:
            average.update(step + 1)
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}: -ELBO {-loss.elbo.item():.2f} nats an example")
    return model if average is None else average.model


def tensors(
    batch: Batch,
) -> tuple[torch.Tensor, dict[str, torch.Tensor], torch.Tensor]:
    """Examples, their factors by name, and what each example is known by."""
    factors = {name: torch.from_numpy(values) for name, values in batch.factors.items()}
    return torch.from_numpy(batch.x), factors, torch.from_numpy(batch.keys)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train a compiled model.")
    parser.add_argument("spec", nargs="?", default="specs/dsprites.dag")
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--out", type=Path, default=Path("runs/quickstart"))
    options = parser.parse_args()
    keep_freed_memory()
    try:
        main(options.spec, options.steps, options.out)
    except (dagspec.DagSpecError, DataError) as error:
        raise SystemExit(str(error)) from None
