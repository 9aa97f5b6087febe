"""What was meant: a checked model with no trace of how it was written.

Two texts with the same meaning give equal specs. Declaration order is kept, since it
decides how things are shown, and edges are sorted, since their order means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    model_validator,
)

from dagspec import geometry
from dagspec.graph import LatentGraph
from dagspec.spec.conditions import Conditions, bottom_up, conditions
from dagspec.spec.options import Features, Inference, Objective, Training
from dagspec.spec.process import Process
from dagspec.spec.records import (
    MOST_LAYERS,
    ArgumentsError,
    Called,
    Frozen,
    NotNegative,
    Positive,
    Share,
    Signature,
    Width,
)

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
EdgePair = tuple[Name, Name]


def _to_twelve_decimals(share: float) -> float:
    """A share as it survives being written in % and read again."""
    return round(share, 12)


def _in_order(edges: tuple[EdgePair, ...]) -> tuple[EdgePair, ...]:
    return tuple(sorted(edges))


class Observed(Frozen):
    """The observed node: exactly one image `(C, H, W)` or vector `(D,)`."""

    name: Name
    family: str
    shape: tuple[Width, ...]
    description: str = ""
    sigma: Positive | Literal["learned"] = Field(
        default="learned",
        description="standard deviation: one learned a channel, or a number",
        examples=["0.1"],
    )


class Mechanism(Called):
    """`linear` or `mlp(32, 32)`: from the values of the parents to p(z | parents)."""

    tag = "name"
    signatures = MappingProxyType(
        {"linear": Signature(), "mlp": Signature(rest="hidden")}
    )

    name: Literal["linear", "mlp"] = "mlp"
    hidden: Annotated[tuple[Width, ...], Field(max_length=MOST_LAYERS)] = Field(
        default=(32,), description="widths of the hidden layers, one argument each"
    )

    @model_validator(mode="wrap")
    @classmethod
    def _only_mlp_has_layers(
        cls, fields: object, build: ModelWrapValidatorHandler[Self]
    ) -> Self:
        if fields == {"name": "linear"}:
            fields = {"name": "linear", "hidden": ()}
        mechanism = build(fields)
        if mechanism.name == "mlp" and not mechanism.hidden:
            raise ArgumentsError("`mlp` needs the width of a layer")
        return mechanism


class Latent(Frozen):
    """A conceptual latent: a vector of `dim` numbers."""

    name: Name
    family: str
    dim: Width
    description: str = ""
    at: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="feature stage it is read from and written to; 1 is nearest the "
        "observed node",
        examples=["3"],
    )
    label: tuple[str, ...] = Field(
        default=(),
        description="column, or list of columns, of the data set",
        examples=['"scale"'],
    )
    weight: NotNegative = Field(default=1.0, description="weight of the label's term")
    labels: Annotated[
        float, Field(ge=0, le=1), AfterValidator(_to_twelve_decimals), Share()
    ] = Field(
        default=1.0,
        description="share of the examples whose label is used",
        examples=["10%"],
    )
    mechanism: Mechanism = Field(
        default=Mechanism(),
        description="from the parents' values to p(z | parents); not for a root",
        examples=["mlp(32, 32)"],
    )
    prior: Literal["standard", "learned"] = Field(
        default="standard", description="of a root: fixed or free"
    )
    kl_weight: NotNegative = Field(
        default=1.0, description="factor of this latent's KL"
    )
    free_bits: NotNegative | None = Field(
        default=None,
        description="nats of KL that are free; by default the objective's",
        examples=["0.1"],
    )
    temperature: Positive = Field(
        default=0.5, description="of the relaxation; relaxed families only"
    )

    @property
    def is_angle(self) -> bool:
        """Whether its label is an angle: two numbers, a point of the unit circle."""
        return (self.family, self.dim, len(self.label)) == ("normal", 2, 1)

    @property
    def has_units(self) -> bool:
        """Whether it is shown a label, which is what gives its values units."""
        return bool(self.label) and self.labels > 0 and self.weight > 0

    @property
    def variable(self) -> str | None:
        """The variable that it stands for in a known process, if that has one.

        It is the one that the label names, without a label the one of its own name;
        None if it is tied to several.
        """
        if len(self.label) > 1:
            return None
        return self.label[0] if self.label else self.name


class Spec(Frozen):
    """A whole model: what is observed, which concepts are latent, who causes whom.

    Attributes:
        name: The model's name.
        description: One line.
        observed: The observed node.
        latents: Concepts in the order declared.
        edges: Pairs (parent, child), sorted; a child may be the observed node.
        features: The feature hierarchy.
        inference: The form of the posterior.
        objective: The terms of the loss.
        training: Data, length, optimiser.
        process: Where the examples come from, if the file says it.
    """

    name: Name
    description: str = ""
    observed: Observed
    latents: tuple[Latent, ...]
    edges: Annotated[tuple[EdgePair, ...], AfterValidator(_in_order)] = ()
    features: Features = Features()
    inference: Inference = Inference()
    objective: Objective = Objective()
    training: Training = Training()
    process: Process | None = None

    def model_copy(
        self, *, update: Mapping[str, object] | None = None, deep: bool = False
    ) -> Self:
        """A copy with other fields; nothing that was worked out of the old ones."""
        copied = super().model_copy(update=update, deep=deep)
        for name in vars(copied).keys() - type(self).model_fields.keys():
            del vars(copied)[name]
        return copied

    @cached_property
    def graph(self) -> LatentGraph:
        """The graph among the concepts, the observed node left out."""
        names = [latent.name for latent in self.latents]
        edges = [edge for edge in self.edges if edge[1] != self.observed.name]
        return LatentGraph(names, edges)

    @cached_property
    def feeding(self) -> tuple[str, ...]:
        """Concepts that p(x | z) depends on, in the order declared.

        All of them where no edge into the observed node is written.
        """
        written = {
            parent for parent, child in self.edges if child == self.observed.name
        }
        names = (latent.name for latent in self.latents)
        return tuple(name for name in names if not written or name in written)

    @cached_property
    def dims(self) -> Mapping[str, int]:
        """Dimension of every concept, by name."""
        return {latent.name: latent.dim for latent in self.latents}

    @property
    def norm(self) -> str:
        """Normalisation, the block's own where none is written."""
        default = "batch" if self.features.block == "nvae" else "none"
        return self.features.norm or default

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Widths of the stages, the default where none are written."""
        return self.features.widths or geometry.default_widths(self.observed.shape)

    @cached_property
    def stage_shapes(self) -> tuple[geometry.Shape, ...]:
        """Shape of every feature stage, the one nearest the observed node first."""
        return geometry.stage_shapes(self.observed.shape, self.widths)

    @cached_property
    def stages(self) -> Mapping[str, int]:
        """Stage of every concept, chosen or by default."""
        at = {latent.name: latent.at for latent in self.latents if latent.at}
        return self.graph.stages(len(self.widths), at)

    @cached_property
    def posterior(self) -> Mapping[str, Conditions]:
        """What the posterior of every concept is conditioned on, by name."""
        return conditions(self)

    @cached_property
    def bottom_up(self) -> Mapping[int, int]:
        """Width of each generation's layer in a coupled network, the leaves' first."""
        return bottom_up(self)
