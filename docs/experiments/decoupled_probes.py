"""Where the information was lost: what each layer still tells of each factor."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

import dagspec
from dagspec.data import Batch, open_source
from dagspec.nn.coupled import Coupled
from dagspec.nn.queries import ConceptVAE

FITTED, TESTED = 8_000, 4_000
# A square looks the same after a quarter of a turn, an ellipse after half of one.
PERIODS = np.array([math.pi / 2, math.pi, 2 * math.pi])
TARGETS = {"shape": 3, "scale": 1, "orientation": 2, "pos_x": 1, "pos_y": 1}


def probe_layers(graph: str, run: Path) -> dict[str, dict[str, float]]:
    """Score of a small MLP from each layer to each factor, on images it has not seen.

    Returns:
        By layer and factor: accuracy for the shape, R² for all others; the orientation
        as a point of the circle, of the period of its shape.
    """
    model = dagspec.load_model(run)
    source = open_source(graph)
    fitted = source.held_out(FITTED, "validation")
    tested = source.held_out(TESTED, "test")
    before, after = layers(model, fitted.x), layers(model, tested.x)
    y, truth = targets(fitted), targets(tested)
    return {name: score(before[name], y, after[name], truth) for name in before}


@torch.no_grad()
def layers(model: ConceptVAE, x: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Numbers of every layer of the way up, `(N, D)`; a map is pooled to 4x4."""
    found: dict[str, list[torch.Tensor]] = {}
    for part in torch.from_numpy(x).split(500):
        features = model.encoder(part)
        for number, feature in enumerate(features, start=1):
            pooled = F.adaptive_avg_pool2d(feature, 4).flatten(1)
            found.setdefault(f"F{number}", []).append(pooled)
        letter = "d" if isinstance(model.readouts, Coupled) else "r"
        if isinstance(model.readouts, Coupled):
            hidden = model.readouts.activation(
                model.readouts.linear(features[-1].flatten(1))
            )
            found.setdefault("h", []).append(hidden)
        for number, summary in model.readouts(features).items():
            found.setdefault(f"{letter}{number}", []).append(summary.T)
    return {name: torch.cat(parts).numpy() for name, parts in found.items()}


def targets(batch: Batch) -> NDArray[np.float64]:
    """What is to be told, `(N, 8)`: one-hot shape, scale, sin and cos, position."""
    shape = batch.factors["shape"].astype(int)
    turn = 2 * math.pi * batch.factors["orientation"] / PERIODS[shape]
    columns = [
        *np.eye(3)[shape].T,
        batch.factors["scale"],
        np.sin(turn),
        np.cos(turn),
        batch.factors["pos_x"],
        batch.factors["pos_y"],
    ]
    return np.stack(columns, axis=1).astype(np.float64)


def score(
    x: NDArray[np.float32],
    y: NDArray[np.float64],
    unseen: NDArray[np.float32],
    truth: NDArray[np.float64],
) -> dict[str, float]:
    """Accuracy or R² for each factor."""
    mean, std = y.mean(0), y.std(0)
    scaler = StandardScaler().fit(x)
    network = MLPRegressor(
        hidden_layer_sizes=(128,), early_stopping=True, max_iter=40, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(scaler.transform(x), (y - mean) / std)
    told = network.predict(scaler.transform(unseen)) * std + mean
    scores: dict[str, float] = {}
    start = 0
    for name, width in TARGETS.items():
        own = slice(start, start + width)
        start += width
        if name == "shape":
            right = told[:, own].argmax(1) == truth[:, own].argmax(1)
            scores[name] = float(right.mean())
        else:
            missed = np.square(told[:, own] - truth[:, own]).sum()
            spread = np.square(truth[:, own] - truth[:, own].mean(0)).sum()
            scores[name] = float(1 - missed / spread)
    return scores
