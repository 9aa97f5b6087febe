"""The section `process`: its variables, and what the observed node is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from dagspec.diagnostic import Diagnostic, Span
from dagspec.spec.process import DRAWN, Computed, Drawn, Process, Renderer
from dagspec.spec.statements.drawing import read_drawn
from dagspec.spec.statements.expressions import CALLED, Expressions
from dagspec.spec.statements.nodes import Nodes
from dagspec.spec.statements.rendering import (
    RendererReader,
    example,
    renderers_of,
    renders,
)
from dagspec.spec.statements.sections import repeated_section
from dagspec.spec.values.notes import error, shown
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax import tree

# What others call the distributions.
_MEANT = {
    "gaussian": "normal",
    "gauss": "normal",
    "n": "normal",
    "randn": "normal",
    "unif": "uniform",
    "u": "uniform",
    "rand": "uniform",
    "choice": "categorical",
    "discrete": "categorical",
    "multinomial": "categorical",
    "flip": "bernoulli",
    "binary": "bernoulli",
    "coin": "bernoulli",
}


@dataclass(frozen=True)
class WrittenProcess:
    """What a file says of its process.

    Attributes:
        statement: The section, the first if there are more; None without one.
        value: What it means; None without one, or with an error.
        edges: From each variable to what is made of it, and where that is written.
        places: Where each renderer of the observed node is written.
        unread: Whether there may be one that could not be parsed.
    """

    statement: tree.Process | None = None
    value: Process | None = None
    edges: Mapping[tuple[str, str], Span] = field(
        default_factory=dict[tuple[str, str], Span]
    )
    places: Sequence[Span] = ()
    unread: bool = False


def read_process(
    file: tree.File,
    nodes: Nodes,
    tainted: Callable[[Span], bool],
    unread: Set[str],
    found: list[Diagnostic],
) -> WrittenProcess:
    """Check the lines of the process one by one.

    Args:
        file: What was written.
        nodes: What the file declares.
        tainted: Whether a syntax error lies within a span.
        unread: The words outside of all statements; a broken process is among them.
        found: Where diagnostics go.
    """
    written = [each for each in file.statements if isinstance(each, tree.Process)]
    if not written:
        return WrittenProcess(unread="process" in unread)
    first, *others = written
    found.extend(repeated_section(other.name, first.name) for other in others)
    own = {line.name.text for line in first.assignments}
    lines = [
        line
        for process in written
        for line in process.assignments
        if process is first or line.name.text not in own  # once is enough to say it
    ]
    lost = {word for each in written if tainted(each.span) for word in _unread(each)}
    lost |= unread
    reader = _Lines(lines, _observed(lines, nodes), lost, found)
    before = len(found)
    for line in lines:
        reader.read(line)
    reader.finish(first)
    value = None
    if len(found) == before and not lost and reader.renderers is not None:
        value = Process(variables=tuple(reader.variables), renderers=reader.renderers)
    return WrittenProcess(first, value, reader.edges, reader.places)


def _unread(process: tree.Process) -> set[str]:
    """The words of a process outside of the lines that could be read."""
    text, end = process.span.source.text, process.name.span.end
    gaps: list[str] = []
    for line in process.assignments:
        gaps.append(text[end : line.span.start])
        end = line.span.end
    gaps.append(text[end : process.span.end])
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", "\n".join(gaps))) | {""}


def _observed(lines: Sequence[tree.Assignment], nodes: Nodes) -> str | None:
    """The name of the observed node, or what must have been meant as one."""
    if nodes.observing:
        return nodes.observing.names[0].text
    return next((line.name.text for line in lines if renders(line)), None)


class _Lines:
    """Reads one line after the other."""

    def __init__(
        self,
        lines: Sequence[tree.Assignment],
        observed: str | None,
        lost: Set[str],
        found: list[Diagnostic],
    ) -> None:
        self.known = {line.name.text for line in lines} - {observed}
        self.bare = DRAWN.keys() - self.known
        self.observed = observed
        self.lost = lost
        self.found = found
        self.first: dict[str, tree.Assignment] = {}
        self.variables: list[Drawn | Computed] = []
        self.renderers: tuple[Renderer, ...] | None = None
        self.places: tuple[Span, ...] = ()
        self.edges: dict[tuple[str, str], Span] = {}

    def read(self, line: tree.Assignment) -> None:
        """Read one line."""
        name = line.name.text
        first = self.first.setdefault(name, line)
        if first is not line:
            message = f"`{name}` has two lines in the process"
            label = (first.name.span, "first here")
            help = "give one of them another name"
            self._report(
                "E902", message, line.name.span, "again here", label, help=help
            )
        expressions = Expressions(self.known, self.lost, self.observed, self.found)
        if name == self.observed:
            reader = RendererReader(name, expressions)
            renderers, places = reader.read(line)
            if first is line:
                self.renderers, self.places = renderers, places
            return
        variable = self._variable(line, expressions)
        if first is line:
            for cause, span in expressions.names.items():
                self.edges[cause, name] = span
            if variable:
                self.variables.append(variable)

    def finish(self, process: tree.Process) -> None:
        """Look for what has no line."""
        name = self.observed
        if name and name not in self.first and name not in self.lost:
            message = f"the process does not say what `{name}` is made of"
            help = example(name)
            span = process.name.span
            self._report("E908", message, span, f"no line for `{name}`", help=help)

    def _variable(
        self, line: tree.Assignment, expressions: Expressions
    ) -> Drawn | Computed | None:
        name, value = line.name.text, line.value
        word = value.name.text if isinstance(value, tree.Call) else None
        if renders(line):
            return self._misplaced(line)
        if isinstance(value, tree.Call) and word in DRAWN:
            if line.sign == "=":
                self._wrong_sign(line, "is drawn", "~")
            drawn = read_drawn(value, expressions)
            if drawn is None:
                return None
            return Drawn(name=name, family=drawn[0], arguments=drawn[1])
        if line.sign == "~" and isinstance(value, tree.Call) and word not in CALLED:
            self._no_distribution(value.name)
            return None
        if isinstance(value, tree.Identifier) and value.text in self.bare:
            # A distribution without its arguments lacks all of them.
            read_drawn(tree.Call(value, (), value.span), expressions)
            return None
        term = expressions.read(value)
        if term is None:
            return None
        if line.sign == "~":
            self._wrong_sign(line, "is computed", "=")
        return Computed(name=name, expression=term.expression)

    def _misplaced(self, line: tree.Assignment) -> None:
        """A renderer on the line of a variable."""
        call = renderers_of(line.value)[0]
        word = call.name.text if isinstance(call, tree.Call) else ""
        message = f"`{word}` makes the observed node `{self.observed}`, "
        message += f"not the variable `{line.name.text}`"
        help = f"write `{self.observed} = {word}(…)`"
        self._report("E908", message, line.name.span, "a variable", help=help)
        if self.observed is not None and self.observed not in self.first:
            self.lost = self.lost | {self.observed}

    def _wrong_sign(self, line: tree.Assignment, what: str, sign: str) -> None:
        message = f"`{line.name.text}` {what}, and that is written `{sign}`"
        text = shown(line.value.span).strip("`")
        help = f"write `{line.name.text} {sign} {text}`"
        label = (line.value.span, "drawn from" if sign == "~" else "no distribution")
        self._report("E907", message, line.place, f"must be `{sign}`", label, help=help)

    def _no_distribution(self, word: tree.Identifier) -> None:
        name = word.text
        meant = _MEANT.get(name.lower())
        help = f"did you mean `{meant}`?" if meant else did_you_mean(name, DRAWN)
        help = help or f"the distributions are {listed(tuple(DRAWN), 'and')}"
        message = f"there is no distribution `{name}`"
        self._report("E904", message, word.span, "no such distribution", help=help)

    def _report(
        self,
        code: str,
        message: str,
        span: Span,
        label: str,
        *labels: tuple[Span | None, str],
        help: str,
    ) -> None:
        self.found.append(error(code, message, span, label, *labels, help=help))
