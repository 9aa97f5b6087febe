"""The typer application: `dagspec`, its own options, and some of its verbs."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from dagspec.cli.verbs import VERBS


def make_app(verbs: Iterable[str]) -> typer.Typer:
    """An application with these verbs; only their files are imported."""
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_dagspec)
    for verb in verbs:
        app.command(verb)(getattr(import_module(VERBS[verb]), verb))
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dagspec {version('dagspec')}")
        raise typer.Exit


def _dagspec(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """From a short file that says which concepts cause which to a PyTorch VAE.

    Example: dagspec check specs/dsprites.dag
    """
