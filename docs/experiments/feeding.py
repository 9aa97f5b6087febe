"""How fast data is fed, what a large folder costs, what a checkpoint takes.

    python docs/experiments/feeding.py

Prints the tables of docs/experiments/feeding.md: one thread, nothing trained. The
folders are links to a few JPEGs of the size of CelebA's, in a temporary place.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from PIL import Image

import dagspec
from dagspec.data import Request, Source, open_data, open_source

# What imports torch is imported where it is used, so that the memory of a process that
# measures a folder has no torch in it.
BATCH, ROUNDS = 64, 20
DRAWN = (
    "dsprites",
    "dsprites_correlated",
    "toydata",
    "pendulum",
    "waterflow",
    "digits",
)
# Known processes: twenty numbers of three causes, and 16x16 pixels of them.
PROCESSES = ("toynet", "toynet_image")


def main() -> None:
    """Print every table, or what a process of its own measures of a folder."""
    parser = argparse.ArgumentParser(description="Measure how data is fed.")
    parser.add_argument("--images", type=int, default=200_000)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--folder", help="measure this one and print its row")
    options = parser.parse_args()
    if options.folder:
        print(measure_folder(options.folder))
        return
    print("| data set | ms a batch of 64 | examples a second |\n|---|---:|---:|")
    for name in DRAWN:
        seconds = seconds_of_a_batch(open_source(name))
        print(f"| {name} | {1000 * seconds:.2f} | {BATCH / seconds:,.0f} |", flush=True)
    for name in PROCESSES:
        spec = dagspec.load(f"specs/{name}.dag")
        seconds = seconds_of_a_batch(open_data(spec, "process"))
        print(f"| process of specs/{name}.dag | {1000 * seconds:.2f} |", end="")
        print(f" {BATCH / seconds:,.0f} |", flush=True)
    print("\n| folder | to open, s | MB, opened | MB, 2,560 images later |", end="")
    print(" MB, 12,800 later | images a second |\n|---|---:|---:|---:|---:|---:|")
    with TemporaryDirectory() as place:
        for name, folder in make_folders(Path(place), options.images, options.files):
            print(f"| {name} | {measured_apart(folder)} |", flush=True)
        print(f"\ncheckpoint of specs/dsprites.dag: {checkpoint(Path(place))}")


def seconds_of_a_batch(source: Source) -> float:
    """Median seconds to choose and load a batch."""
    from dagspec.bench.timing import time_by_turns

    steps = iter(range(10_000))

    def feed() -> None:
        source.load(source.choose(next(steps), BATCH, seed=0))

    return time_by_turns({"feed": feed}, ROUNDS).median("feed")


def make_folders(place: Path, images: int, files: int) -> Iterator[tuple[str, Path]]:
    """A folder without labels, and one with 40 attributes and a split."""
    draws = np.random.default_rng(0)
    jpegs = place / "jpegs"
    jpegs.mkdir()
    for number in range(files):
        small = draws.integers(0, 256, (24, 20, 3), np.uint8)
        picture = Image.fromarray(small).resize((178, 218))
        picture.save(jpegs / f"{number}.jpg", quality=90)
    plain, labelled = place / "plain", place / "labelled"
    names = [f"{number:06}.jpg" for number in range(images)]
    for folder in (plain, labelled):
        folder.mkdir()
        for number, name in enumerate(names):
            os.link(jpegs / f"{number % files}.jpg", folder / name)
    yield f"{images:,} names", plain
    attributes = draws.choice((-1, 1), (images, 40))
    rows = (" ".join(map(str, (n, *r))) for n, r in zip(names, attributes, strict=True))
    head = [str(images), " ".join(f"attribute_{i}" for i in range(40))]
    (labelled / "list_attr_celeba.txt").write_text("\n".join([*head, *rows, ""]))
    split = "".join(f"{name} {i % 10 // 8}\n" for i, name in enumerate(names))
    (labelled / "list_eval_partition.txt").write_text(split)
    with (labelled / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "size", "kind", "turn:angle(360)"])
        writer.writerows([n, i / 7, i % 3, i % 360] for i, n in enumerate(names))
    yield f"{images:,} names, 43 columns, a split", labelled


def measured_apart(folder: Path) -> str:
    """`measure_folder` in a process of its own, whose memory is its alone."""
    command = [sys.executable, __file__, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def measure_folder(folder: str) -> str:
    """Seconds to open, megabytes opened and later, images a second."""
    start = perf_counter()
    source = open_source(f"folder:{folder}", Request(shape=(3, 64, 64)))
    found = [f"{perf_counter() - start:.1f}", f"{megabytes():.0f}"]
    start = perf_counter()
    for step in range(12_800 // BATCH):
        source.load(source.choose(step, BATCH, seed=0))
        if (step + 1) * BATCH in (2560, 12_800):
            found.append(f"{megabytes():.0f}")
    found.append(f"{12_800 / (perf_counter() - start):,.0f}")
    return " | ".join(found)


def megabytes() -> float:
    """Memory of this process that is in use now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def checkpoint(place: Path) -> str:
    """Size of a checkpoint with Adam and averaged weights, and time to write it."""
    import torch

    from dagspec.bench.timing import time_by_turns
    from dagspec.checkpoint import Checkpoint, pack_optimizer, write
    from dagspec.compiler import build_model, load
    from dagspec.objective import make_optimizer
    from dagspec.spec import write_spec

    torch.set_num_threads(1)
    spec = load("specs/dsprites.dag")
    model = build_model(spec)
    optimizer = make_optimizer(spec.training.optimizer, model.parameters())
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    moments, record = pack_optimizer(optimizer)
    weights = model.state_dict()
    parts = {
        f"{part}/{k}": v for part in ("model", "average") for k, v in weights.items()
    }
    whole = Checkpoint(1, write_spec(spec), {**parts, **moments}, {"optimizer": record})
    path = place / "checkpoint.safetensors"
    timings = time_by_turns({"write": lambda: write(path, whole)}, ROUNDS)
    size = path.stat().st_size / 1e6
    return f"{size:.1f} MB, {1000 * timings.median('write'):.0f} ms"


if __name__ == "__main__":
    main()
