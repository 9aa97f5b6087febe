"""The whole compiler; each stage is one call.

    text    -- read  -->  Spec      what was meant: checked, no trace of how it was
    written Spec    -- lower -->  Plan      what is built: levels, stages, heads; frozen
    plain data Plan    -- emit  -->  source    a Python module source  -- build -->
    nn.Module an instance of the module's one class

There is one back end: `dagspec compile` writes the very class text that `build_model`
runs.
"""

from __future__ import annotations

import hashlib
import linecache
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from dagspec.diagnostic import DagSpecError, Source
from dagspec.emission import class_name, emit
from dagspec.plan import lower
from dagspec.spec import Limits, Spec, read
from dagspec.syntax import read_source

if TYPE_CHECKING:
    from dagspec.nn.queries import ConceptVAE


def load(path: str | os.PathLike[str]) -> Spec:
    """The checked spec of a `.dag` file.

    Raises:
        DagSpecError: The file can't be read or has errors; all of them are in it.
    """
    return _checked(read_source(Path(path)))


def parse(text: str, name: str = "inline.dag", limits: Limits | None = None) -> Spec:
    """The checked spec of a text.

    Args:
        text: What a `.dag` file would contain.
        name: What diagnostics call it.
        limits: How big a model may be; `Limits()` if None.

    Raises:
        DagSpecError: The text has errors; all of them are in it.
    """
    return _checked(Source(name, text), limits)


def _checked(source: Source, limits: Limits | None = None) -> Spec:
    reading = read(source, limits)
    if reading.spec is None:
        raise DagSpecError(reading.diagnostics)
    return reading.spec


def build_model(
    spec: Spec | str | os.PathLike[str], seed: int | None = None
) -> ConceptVAE:
    """An untrained model.

    Args:
        spec: A spec, or the path of a `.dag` file.
        seed: Decides the first weights; the spec's own seed if None.

    Returns:
        An instance of the one class of the emitted module.

    Raises:
        DagSpecError: The file has errors.
    """
    if not isinstance(spec, Spec):
        spec = load(Path(spec))
    plan = lower(spec)
    module = run(emit(plan, standalone=False), spec)
    model_class = getattr(module, class_name(plan.name))
    return cast("ConceptVAE", model_class(plan.seed if seed is None else seed))


def run(source: str, spec: Spec) -> ModuleType:
    """Run an emitted module; tracebacks and `inspect.getsource` show its text.

    The module is named after a hash of its text, so the same spec runs once.
    """
    digest = hashlib.sha256((repr(spec) + source).encode()).hexdigest()[:16]
    name = f"dagspec.compiled.{spec.name}_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    filename = f"<dagspec {spec.name} {digest}>"
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)
    module = ModuleType(name)
    module.__file__ = filename
    module.__dict__["SPEC"] = spec
    sys.modules[name] = module
    exec(compile(source, filename, "exec"), module.__dict__)
    return module
