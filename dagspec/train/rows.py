"""Rows of metrics.csv: means over the steps since the row before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from dagspec.nn.label_kinds import AngleLabel, RealLabel
from dagspec.nn.labels import Labels
from dagspec.nn.queries import ConceptVAE
from dagspec.objective import Loss

# What a row has beside the KL of each concept and the terms of the loss.
COMMON = ("loss", "elbo", "log_prob", "kl", "gradient")
AT_THE_END = ("beta", "lr")


class Row:
    """Sums of what the next row is the mean of.

    Args:
        names: Concepts, in the order of `Loss.kl`.
        terms: Terms of the loss.
        mean: Averages a vector over processes.

    Attributes:
        sums: In double precision, `(columns + 1,)`; the last is the number of steps.
    """

    def __init__(
        self,
        names: Sequence[str],
        terms: Sequence[str],
        mean: Callable[[Tensor], Tensor],
    ) -> None:
        concepts = tuple(f"kl.{name}" for name in names)
        # The term of the KL is written concept by concept; a capacity has none.
        weighted = (f"term.{each}" for each in concepts if "kl" in terms)
        self.terms = tuple(name for name in terms if name != "kl")
        own = (f"term.{name}" for name in self.terms)
        self.columns = (*COMMON, *concepts, *weighted, *own)
        self.mean = mean
        self.sums = torch.zeros(len(self.columns) + 1, dtype=torch.float64)

    def add(self, loss: Loss, gradient: Tensor) -> None:
        """Add one step."""
        total = loss.total.detach()
        common = [total, loss.elbo, loss.log_prob, loss.kl.sum(), gradient]
        terms = [loss.terms[name] for name in self.terms]
        one = total.new_ones(())
        first, last = torch.stack(common).float(), torch.stack([*terms, one]).float()
        kls = [each.float() for each in (loss.kl, loss.weighted_kl) if each is not None]
        step = torch.cat([first, *kls, last])
        # At once: a checkpoint may come before the row is complete.
        self.sums = self.sums.to(step.device) + self.mean(step.double())

    def take(self) -> dict[str, float]:
        """The means since the row before, by column."""
        means = self.sums[:-1] / self.sums[-1]
        self.sums = torch.zeros_like(self.sums)
        return {
            name: value.item()
            for name, value in zip(self.columns, means.unbind(), strict=True)
        }


def columns_of(row: Row, model: ConceptVAE) -> tuple[str, ...]:
    """Columns of metrics.csv after `step` and `split`."""
    return (*row.columns, *AT_THE_END, *_label_columns(model.labels))


def _label_columns(labels: Labels) -> Iterator[str]:
    """Columns of all metrics that `label_metrics` may give."""
    for name, label in labels.kinds.items():
        if isinstance(label, RealLabel):
            metrics = ("rmse", "r2")
        else:
            metrics = ("error" if isinstance(label, AngleLabel) else "accuracy",)
        yield from (f"label.{name}.{metric}" for metric in metrics)
