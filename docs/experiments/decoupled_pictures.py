"""Curves and reconstructions of docs/experiments/decoupled.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import torch
from matplotlib.figure import Figure

import dagspec
from dagspec.data import open_source
from dagspec.pictures.grid import image_grid
from dagspec.runs import RunFolder, read_metrics

SHOWN = 8
COLOURS = ("#d55e00", "#0072b2", "#e69f00", "#cc79a7", "#56b4e9")


def draw_curves(
    arms: Mapping[str, Sequence[tuple[str, Sequence[Path]]]], out: Path
) -> None:
    """-ELBO over the steps: a panel a graph, a colour an arm, a line a seed."""
    mpl.rcParams["svg.hashsalt"] = "dagspec"
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    for axes, (graph, found) in zip(
        figure.subplots(1, len(arms)), arms.items(), strict=True
    ):
        for (title, runs), colour in zip(found, COLOURS, strict=False):
            for number, run in enumerate(runs):
                metrics = read_metrics(RunFolder.open(run).metrics_file)
                series = metrics.get("train", "elbo")
                label = title if number == 0 else None
                values = -np.array(series.values)
                axes.plot(series.steps, values, color=colour, label=label, lw=0.8)
        axes.set(title=graph, xlabel="step", ylim=(60, 500), yscale="log")
        axes.set_yticks([75, 100, 150, 200, 300, 400], minor=False)
        axes.yaxis.set_major_formatter("{x:.0f}")
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("-ELBO in nats, training")
    figure.axes[0].legend(fontsize=8)
    figure.savefig(out, metadata={"Date": None})


@torch.no_grad()
def draw_reconstructions(
    graph: str, runs: Sequence[tuple[str, Path]], out: Path
) -> None:
    """Test images, and below them what each arm makes of them."""
    x = torch.from_numpy(open_source(graph).held_out(SHOWN, "test").x)
    rows = [x]
    for _, run in runs:
        model = dagspec.load_model(run)
        rows.append(model.reconstruct(x, model.noise(SHOWN, seed=0)))
    names = ["test images", *(title for title, _ in runs)]
    image_grid(torch.stack(rows).numpy(), rows=names).save(out)
