"""The command line: one file a verb, each a plain function with typer annotations.

Only the file of the verb that is asked for is imported; what is slow to import and not
always needed is imported inside its function.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from dagspec.cli.verbs import VERBS

__all__ = ["VERBS", "main"]

# What `pip install 'dagspec[train]'` adds, by the names of its modules.
EXTRA = (
    "matplotlib",
    "pytorch_lightning",
    "rich",
    "scipy",
    "sklearn",
    "tensorboard",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb and exit.

    Args:
        arguments: What follows `dagspec`; the process's own arguments if None.

    Raises:
        SystemExit: Always: 0 done, 1 the input is at fault, 2 the command was misused,
            130 interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            _run(given)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more on its way out, to a reader who has left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _run(arguments: list[str]) -> None:
    # Imports make no garbage. Looking for it, now and at the end, would take a third of
    # the time of a short run.
    gc.disable()
    try:
        from dagspec.cli.app import make_app
        from dagspec.diagnostic import DagSpecError, InternalError

        known = arguments and arguments[0] in VERBS
        app = make_app(arguments[:1] if known else VERBS)
    finally:
        gc.freeze()
        gc.enable()
    try:
        app(arguments, prog_name="dagspec")
    except DagSpecError as error:
        from dagspec.cli.report import report

        raise SystemExit(report(error.diagnostics)) from None
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRA:
            raise
        line = f"error: `{package}` is not installed: pip install 'dagspec[train]'"
        print(line, file=sys.stderr)
        raise SystemExit(1) from None
    except InternalError as error:
        error.add_note("this is a fault of dagspec, not of your file: please report it")
        raise
