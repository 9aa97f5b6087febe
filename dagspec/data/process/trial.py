"""Whether a process runs: what of it cannot be computed, said at its place."""

from __future__ import annotations

from dagspec.data.process.places import ProcessDataError
from dagspec.data.source import DataError
from dagspec.diagnostic import Diagnostic, Span
from dagspec.spec import Spec
from dagspec.syntax.tree import File, Process

EXAMPLES = 1_000


def fails(spec: Spec, file: File | None = None) -> tuple[Diagnostic, ...]:
    """What stops the process of a spec within its first examples.

    What leaves its domain once in many thousand examples is not found here; the run
    that meets it says so then.

    Args:
        spec: Any spec.
        file: What was written; without it the diagnostic has no place.

    Returns:
        Error E804, of the first value that cannot be; nothing without a process.
    """
    if spec.process is None:
        return ()
    from dagspec.data.process.simulator import Simulator  # loads numpy

    try:
        Simulator(spec.process, spec.observed.shape).try_out(EXAMPLES)
    except DataError as error:
        span, label = _place(error, spec, file)
        message, _, help = str(error).partition("; ")
        return (Diagnostic("error", "E804", message, span, label, help=help or None),)
    return ()


def _place(error: DataError, spec: Spec, file: File | None) -> tuple[Span | None, str]:
    """Where a process fails, and what is said there."""
    if file is None:
        return None, ""
    if not isinstance(error, ProcessDataError) or error.place is None:
        processes = (each for each in file.statements if isinstance(each, Process))
        return next((each.name.span for each in processes), None), "does not run"
    return error.place.span(file, spec.observed.name), "fails when it is run"
