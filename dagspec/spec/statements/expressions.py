"""Expressions of a process: names that are known, functions, numbers that can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import cast

from dagspec.diagnostic import Diagnostic, Span, nearest
from dagspec.spec.process import (
    DRAWN,
    FUNCTIONS,
    Apply,
    Constant,
    Expression,
    Function,
    Operator,
    Reference,
)
from dagspec.spec.renderers import RENDERERS
from dagspec.spec.statements.edges import is_repaired
from dagspec.spec.values.arithmetic import compute
from dagspec.spec.values.forms import KINDS
from dagspec.spec.values.notes import error, shown
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.tree import Call, Identifier, Number, Operation, Value
from dagspec.syntax.tree import Sequence as Listed

# `-a` is an operator in a file; the others are called by their names.
CALLED: Mapping[str, tuple[int, int | None]] = {
    name: arity for name, arity in FUNCTIONS.items() if name != "negate"
}
# What other languages have, in terms of what there is.
_INSTEAD = {
    "sqrt": "x ** 0.5",
    "pow": "x ** y",
    "square": "x ** 2",
    "relu": "max(x, 0)",
    "sigmoid": "1 / (1 + exp(-x))",
    "tan": "sin(x) / cos(x)",
    "where": "(x > 0) * y + (x <= 0) * z",
    "clip": "min(max(x, low), high)",
    "fabs": "abs(x)",
    "maximum": "max(x, y)",
    "minimum": "min(x, y)",
}
_NUMBERS = {
    "pi": "3.141592653589793",
    "e": "2.718281828459045",
    "true": "1",
    "false": "0",
}


@dataclass(frozen=True)
class Term:
    """An expression that was read.

    Attributes:
        expression: What it means.
        span: Where it was written.
        constant: What it comes to, if that depends on no variable.
    """

    expression: Expression
    span: Span
    constant: float | None = None


@dataclass
class Expressions:
    """Reads the expressions of a process.

    Attributes:
        known: The variables.
        lost: Names that a line which could not be read may have been about.
        observed: The name of the observed node.
        found: What is wrong.
        names: Where each line names what it is made of, first places only.
    """

    known: Set[str]
    lost: Set[str]
    observed: str | None
    found: list[Diagnostic]
    names: dict[str, Span] = field(default_factory=dict[str, Span])

    def read(self, value: Value) -> Term | None:
        """An expression; None, and a diagnostic, if it is none."""
        match value:
            case Number():
                return Term(_constant(value.value), value.span, float(value.value))
            case Identifier():
                return self._reference(value)
            case Operation():
                return self._operation(value)
            case Call():
                return self._call(value)
            case _:
                return self._no_number(value)

    def _reference(self, name: Identifier) -> Term | None:
        span = name.span
        if name.text == self.observed:
            message = f"nothing is made of the observed node `{name.text}`"
            label = "of what it shows, not of it"
            help = "use the variables that it is made of"
            self.found.append(error("E908", message, span, label, help=help))
            return None
        if name.text not in self.known:
            if name.text not in self.lost and not is_repaired(name):
                self.found.append(self._unknown(name))
            return None
        self.names.setdefault(name.text, span)
        return Term(Reference(name=name.text), span)

    def _unknown(self, name: Identifier) -> Diagnostic:
        word = name.text
        help = did_you_mean(word, self.known)
        if word in CALLED:
            help = f"a function has its operands in parentheses: `{word}(…)`"
        elif word in _NUMBERS:
            help = f"write `{_NUMBERS[word]}`"
        elif not help:
            help = f"give it a line of its own, such as `{word} ~ normal(0, 1)`"
        message = f"the process has no variable `{word}`"
        return error("E901", message, name.span, "unknown name", help=help)

    def _operation(self, value: Operation) -> Term | None:
        terms = [self.read(operand) for operand in value.operands]
        if None in terms:
            return None
        return self._apply(
            value.operator if len(terms) == 2 else "negate",
            cast("list[Term]", terms),
            value.span,
            literal=isinstance(value.operands[0], Number),
        )

    def _apply(
        self,
        function: Operator | Function,
        terms: Sequence[Term],
        span: Span,
        *,
        literal: bool = False,
    ) -> Term | None:
        """A function of terms, if it can be computed at all."""
        constants = [term.constant for term in terms]
        if function == "/" and constants[1] == 0:
            message = "nothing can be divided by 0"
            self.found.append(error("E906", message, terms[1].span, "is 0"))
            return None
        constant = None
        if None not in constants:
            constant = compute(function, cast("list[float]", constants))
            if constant is None:
                message = f"{shown(span)} is no finite number"
                self.found.append(error("E906", message, span, "cannot be computed"))
                return None
        if function == "negate" and literal and constant is not None:
            return Term(_constant(constant), span, constant)
        operands = tuple(term.expression for term in terms)
        return Term(Apply(function=function, operands=operands), span, constant)

    def _call(self, call: Call) -> Term | None:
        name = call.name.text
        terms = [self.read(argument.value) for argument in call.arguments]
        if name not in CALLED:
            if name in self.known:
                message = f"`{name}` is a variable, not a function"
                span, help = call.name.span, f"write `{name} * (…)` for a product"
                self.found.append(error("E904", message, span, "a number", help=help))
            else:
                self.found.append(_no_function(call))
            return None
        named = next((a.name for a in call.arguments if a.name), None)
        if named:
            message = f"`{name}` has no argument `{named.text}`"
            help = f"its operands have no names: `{name}({_operands(name)})`"
            self.found.append(error("E905", message, named.span, "", help=help))
            return None
        least, most = CALLED[name]
        if len(terms) < least or (most is not None and len(terms) > most):
            count = f"{least} operand{'s' * (least != 1)}"
            message = f"`{name}` takes {count}{' or more' * (most is None)}"
            label = f"has {len(terms) or 'none'}"
            help = f"write `{name}({_operands(name)})`"
            self.found.append(error("E905", message, call.span, label, help=help))
            return None
        if None in terms:
            return None
        return self._apply(cast("Function", name), cast("list[Term]", terms), call.span)

    def _no_number(self, value: Value) -> None:
        kind = "a list" if isinstance(value, Listed) else KINDS[type(value)]
        message = f"an expression cannot hold {kind}"
        help = "write a number, the name of a variable, or a sum of such"
        self.found.append(error("E907", message, value.span, "no number", help=help))


def _constant(value: float) -> Constant:
    return Constant(value=float(value))


def _operands(name: str) -> str:
    return "x" if CALLED[name][1] == 1 else "x, y"


def _no_function(call: Call) -> Diagnostic:
    """What is wrong with a call within an expression whose name is no function's."""
    name, span = call.name.text, call.name.span
    if name in DRAWN:
        message = f"`{name}` is a distribution and cannot be a part of an expression"
        help = f"draw it on a line of its own, `noise ~ {name}(…)`, and use its name"
        return error("E907", message, span, "drawn from", help=help)
    if name in RENDERERS:
        message = f"`{name}` makes the observed node and cannot be a part of anything"
        help = "write it on the line of the observed node"
        return error("E907", message, span, "a renderer", help=help)
    message = f"there is no function `{name}`"
    instead = _INSTEAD.get(name)
    near = None if instead else nearest(name, CALLED)
    help = f"write `{instead}`" if instead else None
    help = f"did you mean `{near}`?" if near else help
    notes = () if help else (f"the functions are {listed(tuple(CALLED), 'and')}",)
    return error("E904", message, span, "no such function", help=help, notes=notes)
