"""The terms of labels: what pulls a concept to the column that it is tied to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dagspec.nn.distributions.family import Parameters
from dagspec.nn.label_kinds import BinaryLabel, ClassLabel, Label
from dagspec.nn.queries import ConceptVAE
from dagspec.objective.chosen import hashed, salt, threshold
from dagspec.spec import Latent, Spec


class LabelTerms(nn.Module):
    """Of each labelled concept, the mean over the batch of weight·cost.

    The cost of an example is ½·|mu_q - z(y)|² of a real label or an angle, where z(y)
    is the label in the concept's units, and -log q(y | x) of a class. It is 0 for an
    example whose label is missing or not among the share that is used; of several
    columns each may be missing. Concepts with one kind of label are computed together.

    Args:
        spec: Says which concepts are labelled, how strongly and how often.
        model: Has the concepts and the scales of their labels.
    """

    def __init__(self, spec: Spec, model: ConceptVAE) -> None:
        super().__init__()
        latents = {latent.name: latent for latent in spec.latents}
        groups: list[_Group] = []
        for label, names in model.labels.names.items():
            for number, kind in enumerate(model.comparison.kinds):
                own = [latents[name] for name in kind.names if name in names]
                if own:
                    rows = [kind.names.index(latent.name) for latent in own]
                    groups.append(_Group(own, rows, number, label, spec, model))
        self.groups = nn.ModuleList(groups)
        self.names = tuple(name for group in groups for name in group.names)

    def forward(
        self, q: Sequence[Parameters], factors: Mapping[str, Tensor], keys: Tensor
    ) -> Tensor:
        """Each concept's term in nats, `(N,)`, in the order of `names`.

        Args:
            q: Parameters `(L, dim, B)` of the posterior, by kind of concept.
            factors: A tensor `(B,)` a column; NaN, or -1 of a class, where missing.
            keys: What each example is known by, int64 `(B,)`.
        """
        terms = [group(q, factors, keys) for group in self.groups]
        return torch.cat(terms)


class _Group(nn.Module):
    """Concepts of one family, dimension and kind of label."""

    rows: Tensor
    places: Tensor
    weights: Tensor
    salts: Tensor
    thresholds: Tensor

    def __init__(
        self,
        latents: Sequence[Latent],
        rows: Sequence[int],
        number: int,
        label: Label,
        spec: Spec,
        model: ConceptVAE,
    ) -> None:
        super().__init__()
        self.names = tuple(latent.name for latent in latents)
        self.columns = [column for latent in latents for column in latent.label]
        self.number, self.label = number, label
        # In a tuple the scales stay a part of the model and not of this.
        self._scales = (model.labels,)
        self.all_shown = all(latent.labels == 1 for latent in latents)
        order = model.labels.names[label]
        places = [order.index(name) for name in self.names]
        salts = [salt(spec.training.seed, name) for name in self.names]
        shares = [threshold(latent.labels) for latent in latents]
        like = model.decoder.constant
        weights = like.new_tensor([latent.weight for latent in latents])
        self.register_buffer("weights", weights, persistent=False)
        whole = {"rows": rows, "places": places, "salts": salts, "thresholds": shares}
        for name, numbers in whole.items():
            value = torch.tensor(numbers, device=like.device)
            self.register_buffer(name, value, persistent=False)

    def forward(
        self, q: Sequence[Parameters], factors: Mapping[str, Tensor], keys: Tensor
    ) -> Tensor:
        """Each concept's term, `(N,)`."""
        own = q[self.number][0].index_select(0, self.rows).permute(2, 0, 1)
        own = own.to(torch.promote_types(own.dtype, torch.float32))
        y = torch.stack([factors[column] for column in self.columns], 1)
        y = y.view(len(y), len(self.names), self.label.width)
        constants = self._scales[0].constants(self.label).index_select(0, self.places)
        cost = _cost(self.label, own, y, constants)
        if not self.all_shown:
            shown = hashed(self.salts, keys[:, None]) < self.thresholds
            cost = torch.where(shown, cost, 0.0)
        return self.weights * cost.mean(0)


def _cost(label: Label, own: Tensor, y: Tensor, constants: Tensor) -> Tensor:
    """Cost `(B, N)` of means or logits `(B, N, dim)` at labels `(B, N, width)`.

    What is missing is replaced before anything is computed of it: a NaN that is masked
    afterwards would still reach the gradient.
    """
    is_class = isinstance(label, ClassLabel | BinaryLabel)
    present = y >= 0 if is_class else ~y.isnan()
    y = torch.where(present, y, 0)
    if isinstance(label, ClassLabel):
        cost = -torch.log_softmax(own, -1).gather(-1, y.long())
    elif isinstance(label, BinaryLabel):
        cost = F.softplus(own) - y * own
    else:
        target = label.to_latent(y.to(constants), constants)
        cost = (own - target).square() / 2
    return torch.where(present, cost, 0.0).sum(-1)
