"""`dagspec show`: what there is to know of a model before it is built."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from dagspec.cli.report import LimitOption, load_or_exit


def show(
    file: Annotated[
        Path,
        typer.Argument(help="A .dag file; - is standard input.", show_default=False),
    ],
    math: Annotated[
        bool,
        typer.Option("--math", help="Print p, q, the ELBO and the loss as formulas."),
    ] = False,
    latex: Annotated[
        bool, typer.Option("--latex", help="The same as LaTeX, for amsmath.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Print the plan: stages and levels.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as plain data.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="List every concept of a large model.")
    ] = False,
    limit: LimitOption = None,
) -> None:
    """Print a model's stages, concepts, posterior and parameters.

    Above 30 concepts, levels are listed instead of concepts.

    Example: dagspec show specs/dsprites.dag --math
    """
    from dagspec import summary
    from dagspec.plan import lower

    spec = load_or_exit(file, limit)
    lowered = lower(spec)
    parts: list[str] = []
    if as_json:
        record = summary.record(spec, lowered, everything)
        parts.append(json.dumps(record, indent=2) + "\n")
    elif plan:
        parts.append(summary.listing(lowered, everything))
    if (math or latex) and not as_json:
        write = summary.set_latex if latex else summary.set_text
        parts.append(write(summary.formulas(spec, lowered, everything)))
    text = "\n".join(parts or [summary.overview(spec, lowered, everything)])
    # In UTF-8 whatever the terminal's encoding is: formulas have no other letters.
    sys.stdout.buffer.write(text.encode())
