"""The options of every section: names, types, defaults, ranges, meanings.

These models check a spec, and the tables of docs/language.md are made from them.
A field with a description is an option; its annotation says how a file writes it:
`dagspec.spec.values.annotations` reads that.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from dagspec.spec.records import (
    MOST_LAYERS,
    Called,
    Fraction,
    Frozen,
    NotNegative,
    Positive,
    Quantity,
    Signature,
    Units,
    Width,
)


class Features(Frozen):
    """`features { … }`: the image's own hierarchy. No latent decides any of it."""

    widths: (
        Annotated[tuple[Width, ...], Field(min_length=1, max_length=MOST_LAYERS)] | None
    ) = Field(
        default=None,
        description="channels of each stage (units, for a vector), the one nearest the "
        "observed node first; every stage halves an image",
        examples=["[32, 32, 64, 64]"],
    )
    block: Literal["conv", "residual", "nvae"] = Field(
        default="conv", description="what a stage is made of"
    )
    norm: Literal["none", "batch", "group"] | None = Field(
        default=None,
        description="normalisation; by default `batch` for `nvae`, else `none`",
        examples=["batch"],
    )
    activation: Literal["silu", "relu"] = Field(
        default="silu", description="non-linearity"
    )
    readout: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4,
        description="side of the grid that a stage is pooled to for its heads",
    )


class Inference(Frozen):
    """`inference { … }`: how the posterior q(z | x) is made."""

    structure: Literal["top_down", "mean_field", "faithful", "coupled"] = Field(
        default="top_down",
        description="what each concept is inferred from: x and its parents "
        "(`top_down`), x alone (`mean_field`), its parents in a minimal faithful "
        "inverse of the graph with x (`faithful`), or x and its parents by way of a "
        "network whose layers follow the graph (`coupled`, a baseline to beat)",
    )
    combine: Literal["independent", "residual", "precision"] = Field(
        default="independent",
        description="how a head and the prior make a posterior: the head alone, the "
        "head as a shift of the prior, or the product of both, weighted by precision",
    )
    hidden: Annotated[tuple[Width, ...], Field(max_length=MOST_LAYERS)] = Field(
        default=(32,),
        description="hidden layers of each concept's own head; `[]` for a linear one",
    )


class Ramp(Called):
    """`linear(30%)` or `cosine(500 steps)`: from 0 to 1 over a length."""

    tag = "shape"
    signatures = MappingProxyType(
        {"linear": Signature(("length",)), "cosine": Signature(("length",))}
    )

    shape: Literal["linear", "cosine"]
    length: Quantity = Field(description="from the start of the run to the full value")


class Capacity(Called):
    """`linear(0, 25, 10_000 steps)`: a target for the KL.

    Burgess et al. 2018, arXiv 1804.03599.
    """

    signatures = MappingProxyType({"linear": Signature(("start", "end", "length"))})

    start: NotNegative = Field(description="target at the start of the run")
    end: NotNegative = Field(description="target from the end of `length` on")
    length: Quantity = Field(description="how long the target moves")


class Objective(Frozen):
    """`objective { … }`: the terms of the loss and their weights."""

    beta: NotNegative = Field(default=1.0, description="final weight of the KL")
    warmup: Ramp | None = Field(
        default=None, description="ramp of `beta` from 0", examples=["linear(30%)"]
    )
    balance: Literal["none", "nvae"] = Field(
        default="none", description="KL balancing among the groups of a ladder"
    )
    free_bits: NotNegative = Field(
        default=0.0,
        description="nats of KL that each latent has free, on the batch's mean",
    )
    capacity: Capacity | None = Field(
        default=None,
        description="a moving target for the whole KL, in nats, in place of `beta`",
        examples=["linear(0, 25, 10_000 steps)"],
    )
    spectral: NotNegative = Field(
        default=0.0, description="weight of the spectral norms of the convolutions"
    )
    likelihood_weight: Positive = Field(
        default=1.0, description="weight of the log-likelihood"
    )


MOMENTS = ("lr", "weight_decay", "eps", "beta1", "beta2")


class Optimizer(Called):
    """`adam(lr = 1e-3)` and its like."""

    tag = "name"
    signatures = MappingProxyType(
        {
            "adam": Signature(MOMENTS),
            "adamw": Signature(MOMENTS),
            "adamax": Signature(MOMENTS),
            "sgd": Signature(("lr", "weight_decay", "momentum")),
        }
    )

    name: Literal["adam", "adamw", "adamax", "sgd"]
    lr: Positive = Field(default=1e-3, description="learning rate")
    weight_decay: NotNegative = Field(default=0.0, description="decay of the weights")
    eps: Positive = Field(default=1e-8, description="added to the denominator")
    beta1: Fraction = Field(default=0.9, description="decay of the first moment")
    beta2: Fraction = Field(default=0.999, description="decay of the second moment")
    momentum: Fraction = Field(
        default=0.0, description="share of the last step that is kept"
    )


class Schedule(Called):
    """`constant` or `cosine(warmup = 5%)`: the learning rate over the run."""

    tag = "name"
    signatures = MappingProxyType(
        {"constant": Signature(("warmup",)), "cosine": Signature(("warmup", "final"))}
    )

    name: Literal["constant", "cosine"] = "constant"
    warmup: Quantity | None = Field(
        default=None,
        description="linear rise from 0 at the start",
        examples=["5%"],
    )
    final: NotNegative = Field(default=0.0, description="learning rate at the end")


Every = Annotated[Quantity, Units(("steps", "epochs"))]


class Training(Frozen):
    """`training { … }`: data, length, optimiser. Building a model needs none of it."""

    data: str | None = Field(
        default=None, description="a data set's name or source", examples=["dsprites"]
    )
    batch: Annotated[int, Field(ge=1)] = Field(
        default=64, description="examples a step"
    )
    steps: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="length of the run in steps", examples=["20_000"]
    )
    epochs: Positive | None = Field(
        default=None, description="length of the run in epochs", examples=["30"]
    )
    optimizer: Optimizer = Field(
        default=Optimizer(name="adam"),
        description="how the weights are stepped",
        examples=["adam(lr = 1e-3)"],
    )
    schedule: Schedule = Field(
        default=Schedule(),
        description="the learning rate over the run",
        examples=["cosine(warmup = 5%)"],
    )
    clip: Positive | None = Field(
        default=None, description="largest norm of the gradient", examples=["100"]
    )
    ema: Fraction | None = Field(
        default=None, description="decay of the averaged weights", examples=["0.999"]
    )
    precision: Literal["32", "bf16"] = Field(
        default="32", description="of the arithmetic"
    )
    channels_last: bool = Field(
        default=False,
        description="keep the channels of a pixel together in memory: faster for some "
        "networks and machines, slower for others",
        examples=["true"],
    )
    workers: Annotated[int, Field(ge=0, le=256)] = Field(
        default=0, description="processes that read ahead; 0 reads between the steps"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        default=0, description="decides the first weights, the examples and the noise"
    )
    log_every: Annotated[int, Field(ge=1)] = Field(
        default=50, description="steps that a row of metrics.csv is the mean of"
    )
    validate_every: Every | None = Field(
        default=None,
        description="time between validations; 500 steps if it is not said",
        examples=["1 epochs"],
    )
    validate_on: Annotated[int, Field(ge=1)] = Field(
        default=1000, description="held-out examples of a validation, at most"
    )
    patience: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="stop after so many validations in a row without a better ELBO",
        examples=["10"],
    )
    checkpoint_every: Every | None = Field(
        default=None,
        description="time between checkpoints; 500 steps if it is not said",
        examples=["1_000 steps"],
    )
