"""From text to tree: every syntax error of a text in one run, each once."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import Lock

from lark import Lark
from lark.exceptions import UnexpectedInput

from dagspec.diagnostic import Diagnostic, Source
from dagspec.syntax.bounds import TooMuchError
from dagspec.syntax.build import Builder
from dagspec.syntax.layout import Layout
from dagspec.syntax.tree import File


def parse(source: Source) -> tuple[File, tuple[Diagnostic, ...]]:
    """Read a text into a tree, as far as it can be read.

    Args:
        source: Any text at all.

    Returns:
        The statements that could be read, and every syntax error in the order of place.
        A statement with errors is there if it could be mended; an option whose value
        could not be read is missing from it.
    """
    with _collector_paused():
        machine = _machine()
        with machine.lock:
            return machine.parse(source)


class Machine:
    """The parser with its tables, built once; the lock keeps threads apart.

    Attributes:
        builder: Gets every reduction.
        layout: Drops the new lines that are space.
        accepted: What can come in a state of the parser, as far as someone asked.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.builder = Builder()
        self.layout = Layout()
        self.accepted: dict[tuple[int, ...], frozenset[str]] = {}
        self.lark = Lark(
            files("dagspec.syntax").joinpath("grammar.lark").read_text("utf-8"),
            parser="lalr",
            lexer="contextual",
            maybe_placeholders=True,
            transformer=self.builder,
            postlex=self.layout,
            lexer_callbacks={"COMMENT": self.builder.comment},
        )

    def parse(self, source: Source) -> tuple[File, tuple[Diagnostic, ...]]:
        """Run one text through the parser; `parse` says with what result."""
        self.builder.begin(source)
        self.layout.begin()
        parser = self.lark.parse_interactive(source.text)
        recovery = None
        more = True
        while more:
            try:
                parser.resume_parse()
                more = False
            except (UnexpectedInput, TooMuchError) as error:
                # Only a text with errors pays for knowing how to explain them.
                from dagspec.syntax.recovery import Recovery

                recovery = recovery or Recovery(self, parser, source)
                more = recovery.recover(error)
        built = self.builder
        file = File(source, tuple(built.statements), tuple(built.comments))
        return file, recovery.diagnostics() if recovery else tuple(built.diagnostics)


@cache
def _machine() -> Machine:
    return Machine()


@contextmanager
def _collector_paused() -> Generator[None]:
    """Halves the time of a long text: parsing makes many objects and no cycles."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
