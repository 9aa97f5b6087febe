"""What is said of labels beside plain numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.distributions import (
    Bernoulli,
    Distribution,
    Independent,
    Laplace,
    Normal,
    OneHotCategorical,
)

from dagspec.objective import label_metrics
from tests.objective.models import MISSING, labels, model_of, spec_of


def normal(*rows: tuple[float, ...]) -> Distribution:
    return Independent(Normal(torch.tensor(rows), 0.1), 1)


def posterior() -> dict[str, Distribution]:
    """Six examples; sizes are (y - 3)/2, places (y - 0.5)/0.1 and (y - 0.25)/0.2."""
    angles = [0.0, 100.0, 33.0, 1.0, 175.0, 310.0]
    radians = [math.radians(a) for a in angles]
    turns = [(0.5 * math.cos(r), 0.5 * math.sin(r)) for r in radians]
    logits = torch.eye(3)[torch.tensor([0, 2, 1, 0, 1, 1])]
    lamp = torch.tensor([[3.0], [2.0], [-1.0], [-0.5], [-2.0], [0.1]])
    heavy = torch.tensor([[0.0, 0.0]] * 6)
    return {
        "kind": OneHotCategorical(logits=logits),
        "lamp": Independent(Bernoulli(logits=lamp), 1),
        "free": normal(*[(0.0,)] * 6),
        "size": normal((-1.0,), (0.0,), (0.5,), (0.0,), (0.5,), (-1.0,)),
        "heavy": Independent(Laplace(heavy, 1.0), 1),
        "turn": normal(*turns),
        "place": normal(*[(0.0, 0.0)] * 6),
    }


def found(**changed: torch.Tensor) -> dict[str, float]:
    spec = spec_of()
    return label_metrics(spec, model_of(spec), posterior(), {**labels(), **changed})


def test_of_classes_the_share_that_is_right() -> None:
    metrics = found()
    assert metrics["kind.accuracy"] == 3 / 4
    assert metrics["lamp.accuracy"] == 3 / 5


def test_of_a_real_label_errors_in_its_units() -> None:
    guess = np.array([1.0, 4.0, 3.0, 4.0, 1.0])
    y = np.array([1.0, 4.0, 2.5, 3.0, 0.0])
    left, whole = ((y - guess) ** 2).sum(), ((y - y.mean()) ** 2).sum()
    metrics = found()
    assert metrics["size.rmse"] == pytest.approx(math.sqrt(left / 5))
    assert metrics["size.r2"] == pytest.approx(1 - left / whole)


def test_of_several_columns_all_errors_and_the_mean_r2() -> None:
    metrics = found()
    c, d = np.array([0.1, 0.2, 0.3, 0.4, 0.6]), np.array([0.6, 0.4, 0.3, 0.2, 0.1])
    errors = np.concatenate([c - 0.5, d - 0.25])
    assert metrics["place.rmse"] == pytest.approx(np.sqrt((errors**2).mean()), 1e-5)
    shares = [
        1 - ((y - guess) ** 2).sum() / ((y - y.mean()) ** 2).sum()
        for y, guess in ((c, 0.5), (d, 0.25))
    ]
    assert metrics["place.r2"] == pytest.approx(np.mean(shares), 1e-5)


def test_of_an_angle_the_shorter_way_round() -> None:
    # 0 and 0, 100 and 90, missing, 1 and 359, 175 and 181, 310 and -45.
    expected = (0 + 10 + 2 + 6 + 5) / 5
    assert found()["turn.error"] == pytest.approx(expected, abs=1e-3)


def test_where_nothing_is_labelled_nothing_is_said() -> None:
    nothing = torch.full((6,), MISSING)
    metrics = found(
        kind=torch.full((6,), -1), lamp=torch.full((6,), -1), size=nothing, turn=nothing
    )
    assert sorted(metrics) == ["heavy.r2", "heavy.rmse", "place.r2", "place.rmse"]


def test_a_column_that_does_not_vary_has_no_r2() -> None:
    metrics = found(size=torch.full((6,), 0.1))
    assert "size.rmse" in metrics
    assert "size.r2" not in metrics
    one = torch.tensor([MISSING, 2.0, MISSING, MISSING, MISSING, MISSING])
    assert "size.r2" not in found(size=one)


def test_a_column_that_does_not_vary_leaves_the_others_r2() -> None:
    alone = found(d=torch.full((6,), 0.3))["place.r2"]
    y = np.array([0.1, 0.2, 0.3, 0.4, 0.6])
    share = 1 - ((y - 0.5) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    assert alone == pytest.approx(share, 1e-5)
