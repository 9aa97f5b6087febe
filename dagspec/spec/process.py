"""`process { … }`: the known process behind the examples, as it was meant.

Frozen plain data, like the rest of a spec. `dagspec.data.process` runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from dagspec.spec.records import (
    MOST_LAYERS,
    ArgumentsError,
    Frozen,
    NotNegative,
    Width,
)
from dagspec.spec.renderers import RendererName

Operator = Literal["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!="]
Function = Literal["negate", "sin", "cos", "tanh", "exp", "abs", "min", "max"]
DrawnFamily = Literal["normal", "uniform", "bernoulli", "categorical"]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

# Arguments of each distribution; `categorical` takes as many weights as it has classes.
DRAWN: Final[Mapping[DrawnFamily, tuple[str, ...]]] = MappingProxyType(
    {
        "normal": ("mean", "std"),
        "uniform": ("low", "high"),
        "bernoulli": ("p",),
        "categorical": (),
    }
)
# How many operands each function takes, at least and at most.
FUNCTIONS: Final[Mapping[Function, tuple[int, int | None]]] = MappingProxyType(
    {
        **dict.fromkeys(("negate", "sin", "cos", "tanh", "exp", "abs"), (1, 1)),
        "min": (2, None),
        "max": (2, None),
    }
)


class Constant(Frozen):
    """A number."""

    kind: Literal["constant"] = "constant"
    value: Annotated[float, Field(allow_inf_nan=False)]


class Reference(Frozen):
    """The value of another variable."""

    kind: Literal["reference"] = "reference"
    name: VariableName


class Apply(Frozen):
    """An operator or a function of expressions; a comparison is 1 or 0."""

    kind: Literal["apply"] = "apply"
    function: Operator | Function
    operands: tuple[Expression, ...]

    @model_validator(mode="after")
    def _has_its_operands(self) -> Self:
        least, most = FUNCTIONS.get(self.function, (2, 2))  # pyright: ignore
        count = len(self.operands)
        if count < least or (most is not None and count > most):
            raise ArgumentsError(f"`{self.function}` cannot have {count} operands")
        first = self.operands[0]
        literal = isinstance(first, Constant) and first.value >= 0
        if self.function == "negate" and literal:
            raise ArgumentsError("a negative number is a constant")
        return self


Expression: TypeAlias = Annotated[
    Constant | Reference | Apply, Field(discriminator="kind")
]


class Drawn(Frozen):
    """`name ~ normal(0.8 * cause, 0.6)`: a variable with noise of its own.

    Attributes:
        name: The variable.
        family: `normal(mean, std)`, `uniform(low, high)`, `bernoulli(p)`, or
            `categorical(p_0, p_1, …)`, whose weights are divided by their sum.
        arguments: Expressions, as many as the family takes.
    """

    kind: Literal["drawn"] = "drawn"
    name: VariableName
    family: DrawnFamily
    arguments: tuple[Expression, ...]

    @model_validator(mode="after")
    def _has_its_arguments(self) -> Self:
        needed, count = len(DRAWN[self.family]), len(self.arguments)
        if count < 2 if self.family == "categorical" else count != needed:
            raise ArgumentsError(f"`{self.family}` cannot have {count} arguments")
        return self


class Computed(Frozen):
    """`name = expression`: a variable that follows from others."""

    kind: Literal["computed"] = "computed"
    name: VariableName
    expression: Expression


Variable: TypeAlias = Annotated[Drawn | Computed, Field(discriminator="kind")]


class MlpOptions(Frozen):
    """The options of an `mlp`, a fixed random network that makes a vector."""

    hidden: Annotated[
        tuple[Width, ...], Field(min_length=1, max_length=MOST_LAYERS)
    ] = Field(default=(64, 64), description="widths of its hidden layers")
    noise: NotNegative = Field(
        default=0.05, description="standard deviation of the noise on every number"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        default=0, description="decides its weights, and nothing else does"
    )


Options: TypeAlias = tuple[tuple[str, int | float | tuple[int, ...]], ...]


def _without_defaults(options: Options) -> Options:
    """Options in their order, those left out that are as they would be anyway."""
    given = dict(options)
    MlpOptions.model_validate(given)
    return tuple(
        (name, given[name])
        for name, field in MlpOptions.model_fields.items()
        if given.get(name, field.default) != field.default
    )


class Renderer(Frozen):
    """One renderer of the observed node, such as `blob(x = a, y = b)`.

    Attributes:
        name: Which renderer.
        arguments: An expression for each argument, by name; for `mlp` its inputs are
            named `0`, `1`, … in the order written.
        options: Those of an `mlp` that differ from their defaults, see `MlpOptions`.
    """

    name: RendererName
    arguments: tuple[tuple[str, Expression], ...] = ()
    options: Annotated[Options, AfterValidator(_without_defaults)] = ()

    @property
    def mlp(self) -> MlpOptions:
        """The options of an `mlp`, defaults filled in."""
        return MlpOptions.model_validate(dict(self.options))


class Process(Frozen):
    """A whole process.

    Attributes:
        variables: In the order written.
        renderers: What the observed node is made of, drawn over one another.
    """

    variables: tuple[Variable, ...]
    renderers: tuple[Renderer, ...]


def references(expression: Expression) -> frozenset[str]:
    """The variables that an expression reads."""
    if isinstance(expression, Reference):
        return frozenset((expression.name,))
    if isinstance(expression, Apply):
        return frozenset[str]().union(*map(references, expression.operands))
    return frozenset()


def causes(variable: Drawn | Computed) -> frozenset[str]:
    """The variables that a variable is made of."""
    if isinstance(variable, Computed):
        return references(variable.expression)
    return frozenset[str]().union(*map(references, variable.arguments))
