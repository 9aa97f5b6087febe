"""`dagspec explain`: the long form of a diagnostic."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from dagspec.diagnostic import Explanation, nearest
from dagspec.spec.errors import all_explanations


def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="A code such as E203; all if none."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print plain data instead of text.")
    ] = False,
) -> None:
    """Print the long form of a diagnostic, with a wrong and a mended example.

    Example: dagspec explain E203
    """
    known = all_explanations()
    if code is None:
        chosen = tuple(known.values())
        text = "\n".join(f"{each.code}  {each.title}" for each in chosen)
    elif code.upper() in known:
        chosen = (known[code.upper()],)
        text = _page(chosen[0])
    else:
        near = nearest(code.upper(), known)
        hint = f"did you mean {near}?" if near else "`dagspec explain` lists all"
        typer.echo(f"there is no diagnostic `{code}`; {hint}", err=True)
        raise typer.Exit(2)
    if as_json:
        records = [asdict(each) for each in chosen]
        text = json.dumps(records if code is None else records[0], indent=2)
    typer.echo(text)


def _page(explanation: Explanation) -> str:
    head = f"{explanation.severity} {explanation.code}: {explanation.title}"
    return "\n\n".join(
        (
            head,
            explanation.text.strip(),
            "Wrong:",
            _indented(explanation.wrong),
            "Mended:",
            _indented(explanation.mended),
        )
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip("\n").split("\n"))
