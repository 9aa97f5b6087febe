"""Renderers: what the observed node of a process is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from dagspec.diagnostic import Span, nearest
from dagspec.spec.process import DRAWN, Expression, MlpOptions, Options, Renderer
from dagspec.spec.renderers import RENDERERS, RendererName
from dagspec.spec.statements.arguments import bind
from dagspec.spec.statements.checked import check_options
from dagspec.spec.statements.expressions import Expressions
from dagspec.spec.values.annotations import options_of
from dagspec.spec.values.notes import Notebook, error
from dagspec.spec.values.suggest import listed
from dagspec.syntax.tree import (
    Assignment,
    Call,
    Identifier,
    Number,
    Operation,
    Option,
    Value,
)
from dagspec.syntax.tree import Sequence as Listed

# What others call the renderers.
_MEANT: Mapping[str, str] = {
    "gaussian": "blob",
    "circle": "blob",
    "disc": "blob",
    "spot": "blob",
    "ball": "blob",
    "line": "bar",
    "rectangle": "bar",
    "rect": "bar",
    "dsprites": "sprite",
    "network": "mlp",
    "nn": "mlp",
    "linear": "mlp",
}


def renderers_of(value: Value) -> tuple[Value, ...]:
    """The parts of what is written behind the observed node's `=`."""
    return value.items if isinstance(value, Listed) else (value,)


def renders(line: Assignment) -> bool:
    """Whether nothing but renderers stands to the right of the sign."""
    parts = renderers_of(line.value)
    return bool(parts) and all(
        isinstance(part, Call) and part.name.text in RENDERERS for part in parts
    )


def usage(name: str) -> str:
    """How a renderer is written, such as `blob(x = …, y = …)`."""
    needed = RENDERERS[cast("RendererName", name)].needed
    return f"{name}({', '.join(f'{argument} = …' for argument in needed) or '…'})"


def example(observed: str) -> str:
    """A help that says how the line of the observed node is written."""
    return (
        f"write `{observed} = blob(…)` for an image, `{observed} = mlp(…)` for a vector"
    )


def _literal(value: Value) -> Value:
    """A negative number as one value, which it is for an option."""
    match value:
        case Operation(operator="-", operands=(Number() as number,)):
            return Number(-number.value, None, value.span)
        case _:
            return value


class RendererReader:
    """Reads the line of the observed node."""

    def __init__(self, observed: str, expressions: Expressions) -> None:
        self.observed = observed
        self.expressions = expressions
        self.found = expressions.found

    def read(
        self, line: Assignment
    ) -> tuple[tuple[Renderer, ...] | None, tuple[Span, ...]]:
        """The renderers and their places; None, and diagnostics, if one is wrong."""
        parts = renderers_of(line.value)
        if line.sign == "~" and renders(line):
            message = (
                f"`{self.observed}` is made by a renderer, and that is written `=`"
            )
            help = f"write `{self.observed} = …`; the noise of an `mlp` is its `noise`"
            self._refuse("E907", message, line.place, "must be `=`", help)
        if not parts:
            message = f"`{self.observed}` is made of nothing"
            help = example(self.observed)
            self._refuse("E908", message, line.value.span, "an empty list", help)
        renderers = [self._part(part) for part in parts]
        places = tuple(part.span for part in parts)
        if None in renderers or not parts:
            return None, places
        return tuple(cast("list[Renderer]", renderers)), places

    def _part(self, part: Value) -> Renderer | None:
        if not isinstance(part, Call):
            return self._no_renderer(part)
        name = part.name.text
        if name not in RENDERERS:
            return self._unknown(part)
        if name == "mlp":
            return self._mlp(part)
        facts = RENDERERS[cast("RendererName", name)]
        bound = bind(part, facts.needed, tuple(facts.defaults), usage(name), self.found)
        arguments = self._arguments(
            {word: argument.value for word, argument in (bound or {}).items()}
        )
        if bound is None or arguments is None:
            return None
        return Renderer(name=cast("RendererName", name), arguments=arguments)

    def _mlp(self, call: Call) -> Renderer | None:
        """`mlp(a, b, noise = 0.1)`: what has no name goes in, what has one is set."""
        inputs = [each.value for each in call.arguments if each.name is None]
        options = tuple(
            Option(each.name, _literal(each.value), each.span)
            for each in call.arguments
            if each.name
        )
        notes = Notebook()
        span = call.span
        checked = check_options(
            MlpOptions, "mlp", options, {}, notes, span=span, tainted=False
        )
        self.found.extend(notes.found)
        if not inputs:
            message, help = (
                "`mlp` needs something to make a vector of",
                "write `mlp(a)`",
            )
            self._refuse("E905", message, span, "no inputs", help)
        arguments = self._arguments({str(i): value for i, value in enumerate(inputs)})
        if notes.found or not inputs or arguments is None:
            return None
        values: Options = tuple(
            (name, getattr(checked.value, name)) for name in options_of(MlpOptions)
        )
        return Renderer(name="mlp", arguments=arguments, options=values)

    def _arguments(
        self, values: Mapping[str, Value]
    ) -> tuple[tuple[str, Expression], ...] | None:
        """Expressions by name, None if one is at fault."""
        terms = {name: self.expressions.read(value) for name, value in values.items()}
        sound = {name: term.expression for name, term in terms.items() if term}
        return tuple(sound.items()) if len(sound) == len(terms) else None

    def _no_renderer(self, part: Value) -> None:
        message = f"`{self.observed}` is made by renderers and by nothing else"
        help = example(self.observed)
        if isinstance(part, Identifier) and part.text in RENDERERS:
            help = f"write `{usage(part.text)}`"
        self._refuse("E908", message, part.span, "no renderer", help)

    def _unknown(self, call: Call) -> None:
        name = call.name.text
        if name in DRAWN:
            self._no_renderer(call)
            return
        meant = _MEANT.get(name.lower()) or nearest(name, RENDERERS)
        help = f"the renderers are {listed(tuple(RENDERERS), 'and')}"
        message = f"there is no renderer `{name}`"
        help = f"did you mean `{meant}`?" if meant else help
        self._refuse("E904", message, call.name.span, "no such renderer", help)

    def _refuse(
        self, code: str, message: str, span: Span, label: str, help: str
    ) -> None:
        self.found.append(error(code, message, span, label, help=help))
