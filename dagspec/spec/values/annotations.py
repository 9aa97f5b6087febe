"""From the annotations of the models to forms, ranges and options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dagspec.diagnostic import InternalError
from dagspec.spec.records import UNITS, Called, Quantity, Share, Units
from dagspec.spec.values.compounds import Either, Invocation, Many
from dagspec.spec.values.forms import Choice, Form, Quoted, Truth
from dagspec.spec.values.numerals import Length, Numeral, Percentage


@dataclass(frozen=True)
class OptionInfo:
    """One option of a node or a section.

    Attributes:
        name: What a file calls it.
        form: What its value looks like.
        meaning: One line for the docs.
        default: Its value where none is written.
        example: A value, as it is written.
    """

    name: str
    form: Form
    meaning: str
    default: object
    example: str


@cache
def options_of(model: type[BaseModel]) -> Mapping[str, OptionInfo]:
    """The options of a model by name: its fields that have a description."""
    return MappingProxyType(
        {
            name: _option(name, field)
            for name, field in model.model_fields.items()
            if field.description
        }
    )


def arguments_of(model: type[Called]) -> Mapping[str, OptionInfo]:
    """The arguments of the calls that make a model, by name."""
    return {
        name: _option(name, field)
        for name, field in model.model_fields.items()
        if name != model.tag
    }


def _option(name: str, field: FieldInfo) -> OptionInfo:
    form = form_of(field.annotation, tuple(field.metadata))
    if field.is_required():
        return OptionInfo(name, form, field.description or "", None, name.upper())
    written = field.examples[0] if field.examples else form.write(field.default)
    return OptionInfo(name, form, field.description or "", field.default, str(written))


def form_of(annotation: Any, metadata: tuple[object, ...] = ()) -> Form:  # noqa: ANN401
    """The form of the values of a field with this annotation and these constraints."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    marks = tuple(_flat(metadata))
    if origin is Annotated:
        return form_of(arguments[0], (*arguments[1:], *metadata))
    if origin in (Union, UnionType):
        return _form_of_union([arm for arm in arguments if arm is not NoneType], marks)
    if origin is Literal:
        return Choice(arguments)
    if origin is tuple:
        return _form_of_list(arguments[0], marks)
    if annotation in (int, float):
        if any(isinstance(mark, Share) for mark in marks):
            return Percentage()
        return Numeral(annotation is int, _range(marks))
    if annotation is bool:
        return Truth()
    if annotation is str:
        return Quoted(bare=True)
    if annotation is Quantity:
        return Length(next((m.names for m in marks if isinstance(m, Units)), UNITS))
    if isinstance(annotation, type) and issubclass(annotation, Called):
        return _form_of_call(annotation)
    raise InternalError(f"no form for a field of type {annotation}")


def _form_of_union(arms: list[Any], marks: tuple[object, ...]) -> Form:
    if len(arms) == 1:
        return form_of(arms[0], marks)
    words, others = sorted(map(form_of, arms), key=lambda f: not isinstance(f, Choice))
    return Either(words, others)


def _form_of_list(item: Any, marks: tuple[object, ...]) -> Form:  # noqa: ANN401
    low = cast("int | None", _constraint(marks, "min_length")) or 0
    high = cast("int | None", _constraint(marks, "max_length"))
    if item is str:
        return Many(Quoted(), low, high, single=True)
    return Many(form_of(item), low, high)


def _form_of_call(model: type[Called]) -> Form:
    fields = model.model_fields
    arguments = {
        name: form_of(field.annotation, tuple(field.metadata))
        for name, field in fields.items()
        if name != model.tag
    }
    required = frozenset(name for name in arguments if fields[name].is_required())
    return Invocation(model, MappingProxyType(arguments), required)


def _flat(metadata: tuple[object, ...]) -> Iterator[object]:
    """Constraints, those inside a nested `Field(…)` included."""
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
        else:
            yield mark


def _constraint(marks: tuple[object, ...], name: str) -> object:
    """What a `Field(…)` gave by this name, such as `ge`; None if nothing."""
    return next((getattr(mark, name) for mark in marks if hasattr(mark, name)), None)


def _range(marks: tuple[object, ...]) -> str:
    """The range in words, such as 'from 1 to 64', 'of 1 or more' or 'above 0'."""
    least, above = _constraint(marks, "ge"), _constraint(marks, "gt")
    most, below = _constraint(marks, "le"), _constraint(marks, "lt")
    if least is not None and most is not None:
        return f"from {least} to {most}"
    words = [f"of {least} or more"] if least is not None else []
    words += [f"above {above}"] if above is not None else []
    words += [f"at most {most}"] if most is not None else []
    words += [f"below {_power(below)}"] if below is not None else []
    return ", ".join(words)


def _power(number: object) -> str:
    """A number; one too long to be read at a glance as a power of two."""
    if isinstance(number, int) and number > 2**32 and number.bit_count() == 1:
        return f"2^{number.bit_length() - 1}"
    return str(number)
