"""Sweeps: which runs they ask for, where each of them is, how far it is.

Names of folders depend on nothing but the settings of the run, so that a sweep that is
started again, with more values or in another order, finds what it has done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from dagspec.runs.files import RunError
from dagspec.runs.folder import RunFolder
from dagspec.runs.record import RunStatus

_OPTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+")
# A quoted text, or one character; a quote that nothing closes is the latter.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|.', re.DOTALL)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
# Without capitals, which some file systems do not tell from small letters.
_PLAIN = re.compile(r"[a-z0-9+_-](?:[a-z0-9.+_-]{0,38}[a-z0-9])?")
_LONGEST_VALUE, _LONGEST_NAME = 32, 160
_EXAMPLE = "such as objective.beta=1,4,16"


class SweepError(ValueError):
    """What was given to `--sweep` asks for no set of runs; one line."""


@dataclass(frozen=True)
class Sweep:
    """One option and the values that it goes through.

    Attributes:
        option: Dotted name, such as `objective.beta`.
        values: As a file writes them, at least one.
    """

    option: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Combination:
    """One run of a sweep.

    Attributes:
        folder: Name of its folder, such as `objective.beta=4,training.seed=1`.
        settings: Its options, each as `--set` takes it.
    """

    folder: str
    settings: tuple[str, ...]


def parse_sweep(text: str) -> Sweep:
    """Read `objective.beta=1,4,16`; commas in brackets and quotes part no values.

    Raises:
        SweepError: No option, a value that is empty or comes twice, a bracket or a
            quote that stays open.
    """
    option, equals, rest = (part.strip() for part in text.partition("="))
    if not equals or not _OPTION.fullmatch(option):
        raise SweepError(f"`{text}` is no option with its values, {_EXAMPLE}")
    values = tuple(_split(rest, text))
    seen: dict[float | str, str] = {}
    for value in values:
        if not value:
            raise SweepError(f"`{text}` has an empty value; write values, {_EXAMPLE}")
        meaning = _meaning(value)
        if meaning in seen:
            twice = f"{seen[meaning]} and {value}"
            raise SweepError(f"`{text}` has one value twice: {twice}")
        seen[meaning] = value
    return Sweep(option, values)


def combine(sweeps: Sequence[Sweep]) -> tuple[Combination, ...]:
    """Every combination of values; those of the last sweep change fastest.

    Raises:
        SweepError: Two sweeps are of one option.
    """
    options = [sweep.option for sweep in sweeps]
    for option in options:
        if options.count(option) > 1:
            raise SweepError(
                f"{option} is swept twice; give all its values at once, {_EXAMPLE}"
            )
    rows = product(*(sweep.values for sweep in sweeps))
    return tuple(
        Combination(
            _folder_name(tuple(zip(options, values, strict=True))),
            tuple(f"{o}={v}" for o, v in zip(options, values, strict=True)),
        )
        for values in rows
    )


def is_finished(folder: RunFolder) -> bool:
    """Whether a folder holds a run that came to its end; one without a run does not.

    Raises:
        RunError: The folder holds something else, or the run's status is damaged.
    """
    if not folder.record_file.exists():
        content = folder.content()
        if content:
            raise RunError(f"{folder.path} holds other things, such as {content[0]}")
        return False
    if not folder.status_file.exists():
        return False
    return RunStatus.read(folder.status_file).state == "finished"


def _split(values: str, text: str) -> Iterator[str]:
    """The values, parted at the commas outside of everything."""
    open_brackets: list[str] = []
    value = ""
    for piece in _PIECE.findall(values):
        if piece == '"':
            raise SweepError(f"`{text}` opens a quote that nothing closes")
        if piece == "," and not open_brackets:
            yield value.strip()
            value = ""
            continue
        if piece in _CLOSING:
            open_brackets.append(_CLOSING[piece])
        elif piece in _CLOSING.values() and (
            not open_brackets or open_brackets.pop() != piece
        ):
            raise SweepError(f"`{text}` closes a `{piece}` that nothing opened")
        value += piece
    if open_brackets:
        raise SweepError(f"`{text}` lacks a `{open_brackets[-1]}`")
    yield value.strip()


def _meaning(value: str) -> float | str:
    """A value as another spelling of it compares: `4`, `4.0` and `4e0` are one."""
    try:
        return float(value)
    except ValueError:
        return " ".join(value.split())


def _folder_name(settings: Sequence[tuple[str, str]]) -> str:
    name = ",".join(f"{option}={_file_safe(value)}" for option, value in settings)
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[:_LONGEST_NAME]}-{_digest(name)}"


def _file_safe(value: str) -> str:
    """A value as part of a name; one that had to change is told apart by a digest."""
    if _PLAIN.fullmatch(value):
        return value
    rough = re.sub(r"[^A-Za-z0-9.+_-]+", "_", value)[:_LONGEST_VALUE].strip("_.")
    return f"{rough}-{_digest(value)}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:6]
