"""Where in a process a value is computed, and where a file says so."""

from __future__ import annotations

from dataclasses import dataclass

from dagspec.data.source import DataError
from dagspec.diagnostic import Span
from dagspec.spec.process import DRAWN
from dagspec.spec.renderers import RENDERERS
from dagspec.syntax.tree import Assignment, Call, File, Process, Sequence, Value


@dataclass(frozen=True)
class Place:
    """Whose value is computed.

    Attributes:
        text: As an error begins with it.
        variable: The variable; None for the observed node.
        renderer: Which of the observed node's renderers, from 0.
        argument: Which argument of a distribution or an `mlp`, from 0, or the name of
            another renderer's; None for all of it.
    """

    text: str
    variable: str | None
    renderer: int = 0
    argument: int | str | None = None

    def __str__(self) -> str:
        """As an error begins with it."""
        return self.text

    def error(self, text: str) -> ProcessDataError:
        """An error about this place."""
        error = ProcessDataError(f"{self} {text}")
        error.place = self
        return error

    def span(self, file: File, observed: str) -> Span | None:
        """Where a file says what is computed here; None if it does not.

        Args:
            file: What was written.
            observed: The name of the observed node.
        """
        name = self.variable or observed
        line = next((each for each in _lines(file) if each.name.text == name), None)
        if line is None:
            return None
        value = line.value
        if self.variable is None:
            parts = value.items if isinstance(value, Sequence) else (value,)
            value = parts[self.renderer]
        if isinstance(value, Call) and self.argument is not None:
            value = _written(value, self.argument) or value
        return value.span


class ProcessDataError(DataError):
    """A value of a process that cannot be.

    Attributes:
        place: Where; None where the error comes from another process of the computer,
            which hands on its text alone.
    """

    place: Place | None = None


def _lines(file: File) -> list[Assignment]:
    processes = [each for each in file.statements if isinstance(each, Process)]
    return [line for each in processes for line in each.assignments]


def _written(call: Call, argument: int | str) -> Value | None:
    """What was written for an argument; None if that was left out."""
    name = call.name.text
    if name == "mlp":  # what has a name there is an option
        inputs = [each.value for each in call.arguments if each.name is None]
        return inputs[int(argument)]
    words = _words(name)
    number = argument if isinstance(argument, int) else words.index(argument)
    for position, each in enumerate(call.arguments):
        known = each.name.text if each.name else None
        if (position if known is None else words.index(known)) == number:
            return each.value
    return None


def _words(name: str) -> tuple[str, ...]:
    """The names of a call's arguments in their order; none of a class's weights."""
    for family, words in DRAWN.items():
        if family == name:
            return words
    facts = {str(key): facts for key, facts in RENDERERS.items()}[name]
    return (*facts.needed, *facts.defaults)
