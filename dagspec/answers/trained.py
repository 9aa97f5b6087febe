"""A run whose model is asked."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dagspec.answers.asked import AnswerError
from dagspec.checkpoint import load_model
from dagspec.nn.labels import Labels
from dagspec.nn.queries import ConceptVAE
from dagspec.runs import RunFolder, find_runs
from dagspec.spec import Latent, Spec
from dagspec.spec.values.suggest import did_you_mean, listed


@dataclass(frozen=True)
class Trained:
    """A trained model and where it comes from.

    Attributes:
        folder: The run's folder.
        model: In evaluation mode, on the CPU.
        spec: What the model was built from.
    """

    folder: RunFolder
    model: ConceptVAE
    spec: Spec

    @property
    def labels(self) -> Labels:
        """The model's labels, without those that a concept was never shown."""
        found = copy(self.model.labels)
        units = {latent.name for latent in self.spec.latents if latent.has_units}
        found.kinds = {n: label for n, label in found.kinds.items() if n in units}
        return found

    def latent(self, name: str) -> Latent:
        """The concept of this name.

        Raises:
            AnswerError: There is none.
        """
        concepts = {latent.name: latent for latent in self.spec.latents}
        if name not in concepts:
            raise AnswerError(self._unknown(name, concepts))
        return concepts[name]

    def _unknown(self, name: str, concepts: Collection[str]) -> str:
        if name == self.spec.observed.name:
            return f"`{name}` is what is observed, not a concept"
        hint = did_you_mean(name, concepts)
        return f"there is no concept `{name}`; {hint or _there_are(concepts)}"


def open_run(path: Path, weights: Literal["average", "last"]) -> Trained:
    """The model of a run.

    Args:
        path: The run's folder.
        weights: See `load_model`.

    Raises:
        AnswerError: The folder holds runs and is none itself.
        RunError: It is no run.
        CheckpointError: It has no whole checkpoint.
    """
    inside = find_runs([path])
    if inside and inside[0].path != path:
        raise AnswerError(f"{path} holds runs: name one, such as {inside[0].path}")
    folder = RunFolder.open(path)
    model = load_model(path, weights)
    spec = model.spec
    if not isinstance(spec, Spec):
        raise TypeError(f"the model's spec is a {type(spec).__name__}")
    return Trained(folder, model, spec)


def _there_are(concepts: Collection[str]) -> str:
    verb = "is" if len(concepts) == 1 else "are"
    return f"there {verb} {listed(concepts, 'and')}"
