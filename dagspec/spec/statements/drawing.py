"""Distributions that the variables of a process are drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from dagspec.diagnostic import Diagnostic
from dagspec.spec.process import DRAWN, DrawnFamily, Expression
from dagspec.spec.statements.arguments import bind
from dagspec.spec.statements.expressions import Expressions, Term
from dagspec.spec.values.notes import error, shown
from dagspec.syntax.tree import Argument, Call

_EXAMPLES: Mapping[str, str] = {
    "normal": "normal(0, 1)",
    "uniform": "uniform(0, 1)",
    "bernoulli": "bernoulli(0.5)",
    "categorical": "categorical(0.2, 0.3, 0.5)",
}


def read_drawn(
    call: Call, expressions: Expressions
) -> tuple[DrawnFamily, tuple[Expression, ...]] | None:
    """The distribution that a call means; None, and diagnostics, if it is at fault."""
    family = cast("DrawnFamily", call.name.text)
    found = expressions.found
    if family == "categorical":
        arguments = _weights(call, found)
    else:
        bound = bind(call, DRAWN[family], (), _EXAMPLES[family], found)
        arguments = None if bound is None else list(bound.values())
    values = [a.value for a in (call.arguments if arguments is None else arguments)]
    terms = [expressions.read(value) for value in values]
    if arguments is None or None in terms:
        return None
    sound = cast("list[Term]", terms)
    wrong = list(_out_of_domain(family, sound))
    found.extend(wrong)
    return None if wrong else (family, tuple(term.expression for term in sound))


def _weights(call: Call, found: list[Diagnostic]) -> Sequence[Argument] | None:
    """The weights of the classes: two or more, without names."""
    named = next((a for a in call.arguments if a.name), None)
    if named is not None:
        message = "the weights of `categorical` have no names"
        help = f"write `{_EXAMPLES['categorical']}`; the classes are 0, 1 and 2"
        span, label = named.span, "a weight with a name"
    elif len(call.arguments) < 2:
        message = "`categorical` needs a weight for each of its classes"
        help = f"write for example `{_EXAMPLES['categorical']}`"
        span, label = call.span, "fewer than two classes"
    else:
        return call.arguments
    found.append(error("E905", message, span, label, help=help))
    return None


def _out_of_domain(family: DrawnFamily, terms: Sequence[Term]) -> Iterator[Diagnostic]:
    """What is wrong with those arguments that are the same for every example."""

    def refuse(term: Term, what: str, must: str) -> Diagnostic:
        message = f"{what} must be {must}, not {shown(term.span)}"
        help = f"write for example `{_EXAMPLES[family]}`"
        return error("E906", message, term.span, "out of range", help=help)

    numbers = [term.constant for term in terms]
    last = terms[-1]
    if family == "normal" and numbers[1] is not None and numbers[1] <= 0:
        yield refuse(last, "the `std` of `normal`", "above 0")
    elif family == "bernoulli" and numbers[0] is not None:
        if not 0 <= numbers[0] <= 1:
            yield refuse(last, "the probability of `bernoulli`", "from 0 to 1")
    elif family == "uniform" and None not in numbers:
        low, high = cast("list[float]", numbers)
        if low >= high:
            yield refuse(last, "the `high` of `uniform`", f"above its `low`, {low:g}")
    elif family == "categorical":
        for term in terms:
            if term.constant is not None and term.constant < 0:
                yield refuse(term, "a weight of `categorical`", "0 or more")
        if not any(number != 0 for number in numbers):
            yield refuse(last, "one weight of `categorical`", "above 0")
