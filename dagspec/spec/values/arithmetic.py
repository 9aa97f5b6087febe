"""Expressions of a process: what a constant one comes to, and how one is written."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from types import MappingProxyType
from typing import Final

from dagspec.spec.process import Apply, Constant, Expression, Reference
from dagspec.spec.values.numerals import write_number

_UNARY: Final[Mapping[str, Callable[[float], float]]] = {
    "negate": operator.neg,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "exp": math.exp,
    "abs": abs,
}
_BINARY: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": float.__truediv__,
    "**": math.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "min": min,
    "max": max,
}
# How tightly operators bind, as in Python: the level of what they make, and the levels
# that their operands need to stand without parentheses.
_COMPARED, _SUM, _PRODUCT, _NEGATIVE, _POWER, _WHOLE = range(6)
_LEVELS: Final[Mapping[str, tuple[int, int, int]]] = MappingProxyType(
    {
        **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), (_COMPARED, _SUM, _SUM)),
        **dict.fromkeys(("+", "-"), (_SUM, _SUM, _PRODUCT)),
        **dict.fromkeys(("*", "/"), (_PRODUCT, _PRODUCT, _NEGATIVE)),
        "**": (_POWER, _WHOLE, _NEGATIVE),
    }
)


def compute(function: str, operands: Sequence[float]) -> float | None:
    """What a function of numbers comes to; None where it is no finite number."""
    try:
        if function in _UNARY:
            value = _UNARY[function](*operands)
        else:
            value = float(reduce(_BINARY[function], operands))
    except (ArithmeticError, ValueError):
        return None
    return value if math.isfinite(value) else None


def write_expression(expression: Expression) -> str:
    """The text that reads as an expression, with no more parentheses than it needs."""
    return _written(expression, _COMPARED)


def _written(expression: Expression, least: int) -> str:
    """The text, in parentheses where it binds less tightly than `least`."""
    text, level = _text(expression)
    return text if level >= least else f"({text})"


def _text(expression: Expression) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    match expression:
        case Reference():
            return expression.name, _WHOLE
        case Constant():
            value = expression.value
            if value < 0:
                return f"-{write_number(-value)}", _NEGATIVE
            return write_number(value), _WHOLE
        case Apply(function="negate"):
            return f"-{_written(expression.operands[0], _POWER)}", _NEGATIVE
        case Apply(function=sign) if sign in _LEVELS:
            level, *needed = _LEVELS[sign]
            left, right = map(_written, expression.operands, needed)
            return f"{left} {sign} {right}", level
        case Apply():
            operands = ", ".join(map(write_expression, expression.operands))
            return f"{expression.function}({operands})", _WHOLE
