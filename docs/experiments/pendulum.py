"""Does moving the lamp move the shadow, and leave the pendulum alone?

    python docs/experiments/pendulum.py

Trains specs/pendulum.dag and writes the figures and the picture of
docs/experiments/pendulum.md. What is trained already, in runs/pendulum-study/, stays.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from study import HERE, fill, machine, read_spec, table, trained

import dagspec
from dagspec.data import open_data
from dagspec.evaluate import Evaluation, evaluate
from dagspec.pictures.grid import image_grid

SPEC = Path("specs/pendulum.dag")
EXAMPLES = 500
LAMPS = (4.0, 8.0, 12.0, 16.0, 20.0)


def main() -> None:
    """Train what is not trained, measure, and write the page."""
    parser = argparse.ArgumentParser(description="The lamp and the pendulum.")
    parser.add_argument("--steps", type=int, help="default: those of the spec")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=Path("runs/pendulum-study"))
    options = parser.parse_args()
    length = [f"training.steps={options.steps}"] if options.steps else []
    runs = [
        trained(
            read_spec(SPEC, [*length, f"training.seed={seed}"]),
            options.out / f"seed-{seed}",
        )
        for seed in options.seeds
    ]
    found = [
        evaluate(run, ("diagonal",), samples=EXAMPLES, bound_examples=0) for run in runs
    ]
    draw_counterfactuals(runs[0], HERE / "pendulum.lamp.png")
    spec = read_spec(SPEC, length)
    fill(
        HERE / "pendulum.md",
        machine=f"{spec.training.steps:,} steps of {spec.training.batch} images, seeds "
        f"{', '.join(map(str, options.seeds))}; {machine()}, one thread.",
        table=result_table(found),
    )


def result_table(found: list[Evaluation]) -> str:
    """What was asked for, a column a seed."""
    rows: list[list[str]] = []
    for concept, change in found[0].non_descendants.items():
        others = [one.non_descendants[concept] for one in found]
        assert change == 0
        rows.append(
            [
                f"largest change in a concept that `{concept}` does not cause",
                *(f"{other:g}" for other in others),
                "exactly 0",
            ]
        )
    results = [one.pendulum for one in found]
    ratios = [f"{result.ratio:.2%}" for result in results if result is not None]
    rows.append(
        ["variance inside the pendulum: the lamp's / the pendulum's own", *ratios, "2%"]
    )
    for concept in found[0].metrics["diagonal"].parts:
        parts = [one.metrics["diagonal"].parts[concept] for one in found]
        rows.append(
            [f"diagonal MCC of `{concept}`", *(f"{part:.3f}" for part in parts), ""]
        )
    return table(["", *(f"seed {one.run[5:]}" for one in found), "target"], rows)


@torch.no_grad()
def draw_counterfactuals(run: Path, out: Path) -> None:
    """Test images, and what they would be with the lamp elsewhere."""
    model = dagspec.load_model(run)
    x = torch.from_numpy(open_data(read_spec(SPEC), "pendulum").held_out(4, "test").x)
    noise = model.noise(len(x), seed=0)
    answers = [
        model.counterfactual(x, {"light_position": lamp}, "label", noise).x
        for lamp in LAMPS
    ]
    images = torch.stack([x, model.reconstruct(x, noise), *answers], 1)
    heads = ["image", "reconstruction", *(f"lamp at {lamp:g}" for lamp in LAMPS)]
    image_grid(images.numpy(), columns=heads).save(out)


if __name__ == "__main__":
    main()
