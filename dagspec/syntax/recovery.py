"""How reading goes on after an error.

`explain` says what is wrong, and often how to mend the tokens so that the statement is
read all the same. Where it does not, reading goes on at the next line that begins with
a name or a keyword in column 1, even inside an open bracket.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from lark import Token
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from dagspec.diagnostic import Diagnostic, Source
from dagspec.syntax.bounds import MOST_MISTAKES, TooMuchError
from dagspec.syntax.layout import CLOSING, OPENING
from dagspec.syntax.mistakes import explain, too_many_mistakes, too_much
from dagspec.syntax.mistakes.failure import STATEMENT, Failure, Repair

if TYPE_CHECKING:
    from dagspec.syntax.parse import Machine

# A statement with more mistakes than this is not worth mending.
_MOST_REPAIRS = 20


class Recovery:
    """What is wrong with one text, and where its reading stands."""

    def __init__(
        self, machine: Machine, parser: InteractiveParser, source: Source
    ) -> None:
        self.machine = machine
        self.layout = machine.layout
        self.parser = parser
        self.state = parser.parser_state
        self.source = source
        self.found: list[Diagnostic] = []
        self.start = -1
        self.last = -1
        self.repairs = 0

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was found, in the order of place."""
        found = [*self.found, *self.machine.builder.diagnostics]
        places = {
            (each.span.start if each.span else 0, each.code): each for each in found
        }
        return tuple(places[place] for place in sorted(places))

    def recover(self, error: UnexpectedInput | TooMuchError) -> bool:
        """Report an error and find out where to go on; False at the end of the text."""
        if isinstance(error, TooMuchError):
            failure = self._failure(error.offset, frozenset())
            self.found.append(too_much(failure, error.bound))
            return error.bound != "statements" and self._next_statement(failure.at)
        # The parser may have reduced before it saw that it cannot go on.
        self._feed_again(self.layout.read)
        failure = self._failure(self._place(error), self._expected())
        if failure.start != self.start:
            self.start, self.last, self.repairs = failure.start, -1, 0
        if failure.at > self.last:
            self.last = failure.at
            self.repairs += 1
            mistake = explain(failure)
            self.found.append(mistake.diagnostic)
            if len(self.found) > MOST_MISTAKES:
                self.found[-1] = too_many_mistakes(failure)
                return False
            if mistake.repair and self._mend(mistake.repair):
                return True
        return self._next_statement(failure.at)

    def _place(self, error: UnexpectedInput) -> int:
        if isinstance(error, UnexpectedToken) and error.token.type == "$END":
            return len(self.source.text)
        return error.pos_in_stream or 0

    def _expected(self) -> frozenset[str]:
        """What could have come; asking is slow, so what was asked once is kept."""
        key = tuple(cast("list[int]", self.state.state_stack))
        accepted = self.machine.accepted
        if key not in accepted:
            accepted[key] = frozenset(cast("set[str]", self.parser.accepts()))
        return accepted[key]

    def _failure(self, at: int, expected: frozenset[str]) -> Failure:
        return Failure(self.source, at, self.layout.read, expected)

    def _mend(self, repair: Repair) -> bool:
        if self.repairs > _MOST_REPAIRS:
            return False
        try:
            if repair.keep is not None and repair.keep < len(self.layout.read):
                self._feed_again(self.layout.read[: repair.keep])
            self._feed(repair.add)
        except (UnexpectedToken, TooMuchError):
            return False
        self._go_on_at(repair.resume)
        return True

    def _next_statement(self, at: int) -> bool:
        """Give up the statement; go on where the next one begins, if there is one."""
        text = self.source.text
        read = self.layout.read
        start = (read[0].start_pos or 0) if read else at
        line = text.rfind("\n", 0, at) + 1
        begin = STATEMENT.match(text, line) if line > start else None
        begin = begin or STATEMENT.search(text, at + 1)
        self._salvage()
        self._clear()
        self._go_on_at(begin.start() if begin else len(text))
        return begin is not None

    def _salvage(self) -> None:
        """Keep a statement whose options went wrong, with those read before."""
        kept = _before_the_option(self.layout.read)
        if kept:
            self._feed_again(kept)
            closing = Token("RBRACE", "}", end_pos=kept[-1].end_pos)
            self._feed([closing, Token("_NEWLINE", "\n")])

    def _feed(self, tokens: Iterable[Token]) -> None:
        for token in self.layout.process(tokens):
            self.state.feed_token(token)

    def _feed_again(self, tokens: list[Token]) -> None:
        """Read the statement anew; what is wrong with its literals is known."""
        tokens = list(tokens)
        self._clear()
        builder = self.machine.builder
        known = len(builder.diagnostics)
        self._feed(tokens)
        del builder.diagnostics[known:]

    def _clear(self) -> None:
        self.layout.begin()
        del self.state.state_stack[1:]
        self.state.value_stack.clear()

    def _go_on_at(self, offset: int) -> None:
        state = self.parser.lexer_thread.state
        assert state is not None
        state.line_ctr.char_pos = offset


def _before_the_option(tokens: list[Token]) -> list[Token]:
    """The tokens up to the last whole option of an open block, or nothing."""
    opened: list[str] = []
    end = 0
    for index, token in enumerate(tokens):
        if token.type in OPENING:
            opened.append(token.type)
        elif token.type in CLOSING:
            opened.pop()
        if opened == ["LBRACE"] and token.type in ("LBRACE", "COMMA", "_NEWLINE"):
            end = index + 1
    return tokens[:end] if "LBRACE" in opened else []
