"""Why the parser could not go on: one function for each kind of mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dagspec.syntax.mistakes import (
    arrows,
    characters,
    lines,
    names,
    nodes,
    operators,
    process,
    quotes,
    statements,
    unclosed,
    units,
    unopened,
    values,
)
from dagspec.syntax.mistakes.bounds import too_many_mistakes, too_much
from dagspec.syntax.mistakes.expected import may_come, reading
from dagspec.syntax.mistakes.failure import Failure, Mistake, Repair

# The first that recognises a failure explains it, so what is certain stands before what
# is likely. A new kind of mistake is one function and one line.
MISTAKES: tuple[Callable[[Failure], Mistake | None], ...] = (
    quotes.unclosed_string,
    quotes.wrong_quotes,
    operators.double_slash,
    characters.semicolon,
    characters.foreign_comment,
    unclosed.before_a_statement,
    process.unclosed_line,
    unclosed.before_an_option,
    unclosed.before_the_rest_of_a_node,
    units.misread_unit,
    units.half_a_number,
    unopened.in_a_value,
    names.odd_name,
    process.outside,
    process.wrong_sign,
    process.doubled_sign,
    process.two_lines_on_one,
    operators.percentage,
    operators.foreign_operator,
    operators.missing_operand,
    operators.missing_operator,
    process.begins_badly,
    arrows.wrong_arrow,
    statements.reserved_word,
    statements.edge_keyword,
    arrows.nothing_named,
    names.missing_comma_in_names,
    values.wrong_sign,
    values.doubled_sign,
    statements.sign_in_header,
    nodes.missing_colon,
    nodes.wrong_size,
    characters.not_ascii,
    characters.stray_character,
    lines.broken_line,
    values.missing_value,
    unclosed.before_another_closes,
    unopened.of_another_kind,
    unopened.anywhere,
    process.spoilt_line,
    names.bracketed_names,
    lines.line_begins_badly,
    arrows.option_on_edge,
    names.missing_name,
    statements.missing_keyword,
    statements.unknown_statement,
    nodes.missing_family,
    nodes.wrong_order,
    lines.two_on_a_line,
    lines.cut_short,
    units.unknown_unit,
    values.stray_comma,
    values.wrong_list,
    values.quoted_option,
    values.missing_comma,
)


def explain(failure: Failure) -> Mistake:
    """Say what is wrong where the parser stopped, and how to go on.

    Args:
        failure: Where it stopped and what it could have taken.

    Returns:
        The most specific explanation there is.
    """
    for recognise in MISTAKES:
        mistake = recognise(failure)
        if mistake and not mistake.repair and process.in_process(failure):
            return replace(mistake, repair=process.drop_line(failure))
        if mistake:
            return mistake
    found = failure.found
    what = {"end": "end of the file", "newline": "new line"}.get(found.kind)
    error = failure.error(
        "E101",
        f"unexpected {what or f'`{found.text}`'} {reading(failure)}",
        f"expected {may_come(failure)}",
    )
    return Mistake(error, _skip(failure))


def _skip(failure: Failure) -> Repair | None:
    """Leave out what cannot be read of an option or of an item."""
    end = failure.separator(failure.at)
    if not failure.open or end is None:
        return None
    if "NUMBER" in failure.expected:
        return Repair(end, (failure.lost_value(end),))
    return Repair(end) if "COMMA" in failure.expected else None


__all__ = ["MISTAKES", "explain", "too_many_mistakes", "too_much"]
