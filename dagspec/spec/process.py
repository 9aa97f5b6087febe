"""`process { … }`: the known process behind the examples, as it was meant.

Frozen plain data, like the rest of a spec. `dagspec.data.process` runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from dagspec.spec.records import Frozen

Operator = Literal["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!="]
Function = Literal["negate", "sin", "cos", "tanh", "exp", "abs", "min", "max"]
DrawnFamily = Literal["normal", "uniform", "bernoulli", "categorical"]
RendererName = Literal["blob", "bar", "sprite", "pendulum", "waterflow", "mlp"]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


@dataclass(frozen=True)
class RendererFacts:
    """What a renderer takes.

    Attributes:
        needed: Arguments that must be written.
        defaults: Arguments that may be left out, and what they then are.
        image: Whether it draws an image; else it makes a vector.
    """

    needed: tuple[str, ...]
    defaults: Mapping[str, float] = field(default_factory=dict[str, float])
    image: bool = True


# Places and lengths are shares of the image's side, y downwards; angles are in radians.
RENDERERS: Final[Mapping[RendererName, RendererFacts]] = MappingProxyType(
    {
        "blob": RendererFacts(
            ("x", "y"), MappingProxyType({"size": 0.1, "brightness": 1.0})
        ),
        "bar": RendererFacts(
            ("length",),
            MappingProxyType(
                {"x": 0.5, "y": 0.5, "width": 0.1, "angle": 0.0, "brightness": 1.0}
            ),
        ),
        "sprite": RendererFacts(
            ("x", "y"),
            MappingProxyType({"shape": 0.0, "scale": 1.0, "orientation": 0.0}),
        ),
        "pendulum": RendererFacts(
            ("pendulum_angle", "light_position", "shadow_length", "shadow_position")
        ),
        "waterflow": RendererFacts(
            ("ball_size", "hole_position", "water_level", "waterflow")
        ),
        # Any number of inputs; its options are checked like those of a section.
        "mlp": RendererFacts((), image=False),
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


class Computed(Frozen):
    """`name = expression`: a variable that follows from others."""

    kind: Literal["computed"] = "computed"
    name: VariableName
    expression: Expression


Variable: TypeAlias = Annotated[Drawn | Computed, Field(discriminator="kind")]


class Renderer(Frozen):
    """One renderer of the observed node, such as `blob(x = a, y = b)`.

    Attributes:
        name: Which renderer.
        arguments: An expression for each argument, by name; for `mlp` its inputs are
            named `0`, `1`, … in the order written.
        options: Numbers that are no expressions, such as the `noise`, `seed` and
            `hidden` of an `mlp`.
    """

    name: RendererName
    arguments: tuple[tuple[str, Expression], ...] = ()
    options: tuple[tuple[str, float | tuple[int, ...]], ...] = ()


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
