"""From a `.dag` file to a trained model, in a plain torch loop.

    python examples/quickstart.py                            # about a minute
    python examples/quickstart.py --steps 3000 --out runs/longer

Leaves in the output folder: the emitted module, three pictures of the model, its
weights, a grid of reconstructions and traversals, and a line that says how far the
ELBO came.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

import dagspec
from dagspec.bench.heap import keep_freed_memory
from dagspec.data import DATASETS, Batch, Source
from dagspec.nn.queries import ConceptVAE
from dagspec.pictures.grid import image_grid, save_image
from dagspec.pictures.saving import save

# What this loop does as the spec says; it refuses the rest rather than ignore it.
HONOURED = {
    "objective": {"beta", "warmup", "likelihood_weight"},
    "training": {"data", "batch", "steps", "optimizer", "seed", "ema"},
    "latent": {"label", "weight", "kl_weight"},
}
# What `build_model` has done already.
BUILT = {
    "name",
    "family",
    "dim",
    "description",
    "at",
    "mechanism",
    "prior",
    "temperature",
}


def main() -> None:
    """Compile, draw, train, measure."""
    parser = argparse.ArgumentParser(description="Train a compiled model.")
    parser.add_argument("spec", nargs="?", default="specs/dsprites.dag")
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--out", type=Path, default=Path("runs/demo"))
    options = parser.parse_args()

    # 1. The spec: what is observed, which concepts are latent, who causes whom.
    try:
        spec = dagspec.load(options.spec)
    except dagspec.DagSpecError as error:
        raise SystemExit(str(error)) from None
    dataset = DATASETS[data_of(spec)]
    refuse_what_is_not_honoured(spec)
    options.out.mkdir(parents=True, exist_ok=True)

    # 2. What it becomes: a module that needs torch alone, and pictures of it.
    (options.out / f"{spec.name}.py").write_text(dagspec.emit(dagspec.lower(spec)))
    for view in ("concept", "inference", "architecture"):
        save(dagspec.render(spec, view), options.out / f"{view}.svg")

    # 3. The model. It is an ordinary torch.nn.Module.
    keep_freed_memory()
    model = dagspec.build_model(spec)
    source = dataset.load()
    steps = options.steps
    model = train(model, spec, source, steps)

    # 4. What came of it, on images that training never saw.
    test = source.held_out(2000)
    elbo, kl = measure(model, test)
    torch.save(model.state_dict(), options.out / "weights.pt")
    show(model, spec, test, options.out / "reconstructions.png")
    nats = ", ".join(f"{name} {value:.2f}" for name, value in kl.items())
    line = f"-ELBO {-elbo:.1f} nats an image after {steps} steps; KL: {nats}"
    (options.out / "result.txt").write_text(line + "\n")
    print(line)
    print(
        f"Look at {options.out}/reconstructions.png and {options.out}/architecture.svg"
    )


def train(
    model: ConceptVAE, spec: dagspec.Spec, source: Source, steps: int
) -> ConceptVAE:
    """Minimise -E log p(x | z) + Σ w_i·beta(t)·KL_i + labels, in nats an image.

    Gives back the model with the moving average of its weights, where the spec asks for
    one: at a constant learning rate it is several nats better than the last weights.
    """
    settings = spec.training
    torch.manual_seed(settings.seed)
    draws = np.random.default_rng(settings.seed)
    optimizer = make_optimizer(model, spec)
    averaged = AveragedModel(model, avg_fn=moving_average(settings.ema or 0.0))
    bar = Progress(
        TextColumn("step {task.completed:>5}/{task.total}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("-ELBO {task.fields[loss]:7.1f}"),
    )
    with bar:
        task = bar.add_task("train", total=steps, loss=math.nan)
        for step in range(1, steps + 1):
            batch = source.draw(settings.batch, draws)
            out = model(torch.from_numpy(batch.images))
            weighted = (
                latent.kl_weight * out.kl[latent.name] for latent in spec.latents
            )
            loss = beta(spec, step, steps) * sum(weighted)
            loss = loss - spec.objective.likelihood_weight * out.log_prob
            loss = loss + label_loss(spec, out.posterior, batch)
            optimizer.zero_grad()
            loss.mean().backward()
            optimizer.step()
            averaged.update_parameters(model)
            bar.update(task, advance=1, loss=-out.elbo.mean().item())
    return cast("ConceptVAE", averaged.module)


def moving_average(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """An exponential moving average that forgets the first weights faster."""

    def update(average: Tensor, latest: Tensor, count: Tensor | int) -> Tensor:
        share = max(1 - decay, 9 / (10 + int(count)))
        return torch.lerp(average, latest, min(share, 1.0))

    return update


def beta(spec: dagspec.Spec, step: int, steps: int) -> float:
    """Weight of the KL: a ramp, never a switch, which would let concepts collapse."""
    warmup = spec.objective.warmup
    if warmup is None:
        return spec.objective.beta
    share = warmup.length.value / 100 * steps
    length = share if warmup.length.unit == "%" else warmup.length.value
    done = min(1.0, step / length)
    if warmup.shape == "cosine":
        done = (1 - math.cos(math.pi * done)) / 2
    return spec.objective.beta * done


def label_loss(
    spec: dagspec.Spec,
    posterior: dict[str, torch.distributions.Distribution],
    batch: Batch,
) -> Tensor:
    """-weight·log q(class | x) of every concept that has a label."""
    loss = torch.zeros(len(batch.images))
    for latent in spec.latents:
        for column in latent.label:
            classes = torch.from_numpy(batch.factors[column])
            one_hot = torch.nn.functional.one_hot(classes, latent.dim).float()
            loss = loss - latent.weight * posterior[latent.name].log_prob(one_hot)
    return loss


@torch.no_grad()
def measure(model: ConceptVAE, test: Batch) -> tuple[float, dict[str, float]]:
    """Mean ELBO at beta 1, and mean KL of each concept, in nats an image."""
    model.eval()
    outs = [model(part) for part in torch.from_numpy(test.images).split(500)]
    kl = {name: torch.cat([out.kl[name] for out in outs]) for name in outs[0].kl}
    means = {name: value.mean().item() for name, value in kl.items()}
    return torch.cat([out.elbo for out in outs]).mean().item(), means


@torch.no_grad()
def show(model: ConceptVAE, spec: dagspec.Spec, test: Batch, path: Path) -> None:
    """Images, their reconstructions, and each concept moved while the rest is held."""
    x = torch.from_numpy(test.images[:9])
    noise = model.noise(len(x))
    rows = {"image": x, "reconstruction": model.reconstruct(x, noise)}
    one = {name: value[:1] for name, value in model.noise(len(x)).items()}
    for latent in spec.latents:
        if latent.family == "categorical":
            values = [k % latent.dim for k in range(len(x))]
        elif latent.dim == 2:
            turns = [2 * math.pi * k / len(x) for k in range(len(x))]
            values = [[1.5 * math.cos(t), 1.5 * math.sin(t)] for t in turns]
        else:
            values = [[v] * latent.dim for v in np.linspace(-2, 2, len(x))]
        rows[f"{latent.name} moved"] = model.traverse(x[:1], latent.name, values, one).x
    images = torch.stack(list(rows.values())).numpy()
    save_image(image_grid(images, rows=list(rows)), path)


def make_optimizer(model: ConceptVAE, spec: dagspec.Spec) -> torch.optim.Optimizer:
    """The spec's optimiser, as torch has it."""
    chosen = spec.training.optimizer
    classes = {
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "adamax": torch.optim.Adamax,
    }
    if chosen.name == "sgd":
        return torch.optim.SGD(
            model.parameters(),
            lr=chosen.lr,
            momentum=chosen.momentum,
            weight_decay=chosen.weight_decay,
        )
    return classes[chosen.name](
        model.parameters(),
        lr=chosen.lr,
        betas=(chosen.beta1, chosen.beta2),
        eps=chosen.eps,
        weight_decay=chosen.weight_decay,
    )


def data_of(spec: dagspec.Spec) -> str:
    """Name of the data set that the spec trains on."""
    name = spec.training.data
    if name is None or name not in DATASETS:
        known = " and ".join(DATASETS)
        raise SystemExit(f"quickstart.py draws {known}; the spec's data is {name}")
    return name


def refuse_what_is_not_honoured(spec: dagspec.Spec) -> None:
    """Stop at the first option that this loop would have to ignore."""
    for section in ("objective", "training"):
        written = getattr(spec, section).model_dump(exclude_defaults=True)
        for option in written.keys() - HONOURED[section]:
            raise SystemExit(f"quickstart.py does not do `{section} {{ {option} }}`")
    for latent in spec.latents:
        written = latent.model_dump(exclude_defaults=True)
        for option in written.keys() - HONOURED["latent"] - BUILT:
            raise SystemExit(
                f"quickstart.py does not do `{latent.name} {{ {option} }}`"
            )
        if latent.label and latent.family != "categorical":
            raise SystemExit(
                f"quickstart.py knows labels of classes only: `{latent.name}`"
            )
    warmup = spec.objective.warmup
    if warmup is not None and warmup.length.unit == "epochs":
        raise SystemExit("quickstart.py counts steps: its images are drawn without end")


if __name__ == "__main__":
    main()
