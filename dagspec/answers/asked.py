"""What was asked, as text: `scale=1.5, place=[1, 2]`, `-2:2:9`, `style[1]`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

Value: TypeAlias = float | tuple[float, ...]
Settings: TypeAlias = Mapping[str, Value]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TARGET = re.compile(rf"({_NAME.pattern})(?:\[(\d+)\])?")
# A comma that stands in no brackets.
_COMMA = re.compile(r",(?![^\[]*\])")
_MOST_VALUES = 10_000


class AnswerError(ValueError):
    """What was asked for cannot be had of this model or these files; one line."""


class Target(NamedTuple):
    """What `--latent` names.

    Attributes:
        name: The concept.
        number: Which of its numbers; None for all of them.
    """

    name: str
    number: int | None = None

    def __str__(self) -> str:
        """As it is written."""
        return self.name if self.number is None else f"{self.name}[{self.number}]"


def parse_settings(text: str) -> dict[str, Value]:
    """What `--do` says: `scale=1.5, place=[1, 2]`.

    Raises:
        ValueError: It says nothing, the same thing twice, or something else.
    """
    settings: dict[str, Value] = {}
    for part in _parts(text):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not equals or not _NAME.fullmatch(name):
            raise ValueError(
                f"'{part}' sets nothing: write NAME=VALUE, such as scale=1.5 or "
                "place=[1, 2]"
            )
        if name in settings:
            raise ValueError(f"'{name}' is set twice")
        settings[name] = _value(value)
    return settings


def parse_values(text: str) -> tuple[Value, ...]:
    """What `--values` says: `-2:2:9` (from, to, how many), or `0, 1, 2`.

    Raises:
        ValueError: It says something else.
    """
    if ":" not in text:
        return tuple(_value(part) for part in _parts(text))
    words = text.split(":")
    if len(words) != 3 or not re.fullmatch(r"\s*\d+\s*", words[2]):
        raise ValueError(f"'{text}' is no range: write FROM:TO:COUNT, such as -2:2:9")
    low, high, count = _number(words[0]), _number(words[1]), int(words[2])
    if not 2 <= count <= _MOST_VALUES:
        raise ValueError(f"a range has 2 to {_MOST_VALUES:,} values, not {count:,}")
    return spaced(low, high, count)


def parse_target(text: str) -> Target:
    """What `--latent` says: `scale`, or `style[1]` for one number of a vector.

    Raises:
        ValueError: It says something else.
    """
    found = _TARGET.fullmatch(text.strip())
    if not found:
        raise ValueError(f"'{text}' is no concept: write NAME, or NAME[NUMBER]")
    return Target(found[1], int(found[2]) if found[2] else None)


def spaced(low: float, high: float, count: int) -> tuple[float, ...]:
    """Numbers at equal distances, both ends included."""
    step = (high - low) / (count - 1)
    # Twelve decimals: -2 + 3·(4/10) is to be shown, and to be, -0.8.
    inner = [round(low + step * number, 12) for number in range(1, count - 1)]
    return (low, *inner, high)


def written(value: Value) -> str:
    """A value as it is written: `1.5`, `[1, 2]`."""
    if isinstance(value, tuple):
        return f"[{', '.join(f'{each:g}' for each in value)}]"
    return f"{value:g}"


def setting_words(settings: Settings) -> tuple[str, ...]:
    """Settings as they are written, a word each: `scale=1.5`."""
    return tuple(f"{name}={written(value)}" for name, value in settings.items())


def _parts(text: str) -> Sequence[str]:
    parts = [part.strip() for part in _COMMA.split(text)]
    if not all(parts):
        raise ValueError(f"'{text}' has nothing before or after a comma")
    return parts


def _value(text: str) -> Value:
    if not (text.startswith("[") and text.endswith("]")):
        return _number(text)
    return tuple(_number(part) for part in _parts(text[1:-1]))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        wanted = "a number (of a class: its own, from 0), or several: [1, 2]"
        raise ValueError(f"'{text.strip()}' is not {wanted}") from None
