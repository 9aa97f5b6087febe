"""Which argument of a call within a process is for what."""

from __future__ import annotations

from collections.abc import Sequence

from dagspec.diagnostic import Diagnostic, Span
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.tree import Argument, Call


def bind(
    call: Call,
    needed: Sequence[str],
    optional: Sequence[str],
    example: str,
    found: list[Diagnostic],
) -> dict[str, Argument] | None:
    """The arguments of a call by name, those without a name by their position.

    Args:
        call: What was written.
        needed: Arguments that must be there.
        optional: Arguments that may be there, in order behind them.
        example: A call as it should be.
        found: Where diagnostics go.

    Returns:
        Arguments in the order of `needed` and `optional`; None if one is at fault.
    """
    known, name = (*needed, *optional), call.name.text
    bound: dict[str, Argument] = {}
    sound = True

    def refuse(message: str, span: Span, label: str, help: str | None) -> None:
        nonlocal sound
        sound = False
        found.append(error("E905", message, span, label, help=help))

    for position, argument in enumerate(call.arguments):
        if argument.name is None and position >= len(known):
            extra = call.arguments[position:]
            count = f"{len(known)} argument{'s' * (len(known) != 1)}"
            span = extra[0].span.to(extra[-1].span)
            message = f"`{name}` takes {count}"
            refuse(message, span, f"{len(extra)} too many", f"write `{example}`")
            break
        word = argument.name.text if argument.name else known[position]
        if word not in known:
            help = did_you_mean(word, known) or f"it takes {listed(known, 'and')}"
            message = f"`{name}` has no argument `{word}`"
            refuse(message, argument.span, "no such argument", help)
        elif word in bound:
            message = f"`{name}` is given `{word}` twice"
            refuse(message, argument.span, "given again", "remove one of them")
        else:
            bound[word] = argument
    missing = [word for word in needed if word not in bound]
    if missing and sound:
        message = f"`{name}` needs its {listed(missing, 'and')}"
        label = f"argument{'s' * (len(missing) > 1)} missing"
        refuse(message, call.span, label, f"write `{example}`")
    return {word: bound[word] for word in known if word in bound} if sound else None
