"""The known process of a spec as a data set, declared without loading numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dagspec.data.source import Column, DataError, Dataset, Request, Source

if TYPE_CHECKING:
    from dagspec.data.process.simulator import Simulator
    from dagspec.data.process.simulator_source import ProcessSource
    from dagspec.spec.process import Process

__all__ = ["PROCESS", "ProcessSource", "Simulator", "columns_of"]


def columns_of(process: Process) -> tuple[Column, ...]:
    """The variables of a process as columns, in the order written.

    What is drawn by `bernoulli` or `categorical` is a class, all else is real.
    """
    columns = list[Column]()
    for variable in process.variables:
        if variable.kind == "drawn" and variable.family == "bernoulli":
            columns.append(Column(variable.name, "class", classes=2))
        elif variable.kind == "drawn" and variable.family == "categorical":
            classes = len(variable.arguments)
            columns.append(Column(variable.name, "class", classes=classes))
        else:
            columns.append(Column(variable.name, "real"))
    return tuple(columns)


def _load(request: Request) -> Source:
    from dagspec.data.process.simulator import Simulator
    from dagspec.data.process.simulator_source import ProcessSource

    if request.process is None or request.shape is None:
        raise DataError(
            "`process` is what the section `process { … }` of a file says, and there "
            "is none: write one, or name another data set"
        )
    simulator = Simulator(request.process, request.shape)
    if request.argument is None:
        return ProcessSource(simulator)
    if not request.argument.isdecimal() or not int(request.argument):
        raise DataError(
            f"`process:{request.argument}` asks for no number of examples: write "
            "`process:20000`, or `process` for examples without end"
        )
    return ProcessSource(simulator, int(request.argument))


PROCESS: Final = Dataset(
    name="process",
    text="the known process that the file itself describes",
    load=_load,
    argument="[EXAMPLES]",
    columns_of=columns_of,
)


def __getattr__(name: str) -> object:
    """What needs numpy is loaded where it is asked for.

    Raises:
        AttributeError: There is nothing of this name.
    """
    if name == "Simulator":
        from dagspec.data.process.simulator import Simulator

        return Simulator
    if name == "ProcessSource":
        from dagspec.data.process.simulator_source import ProcessSource

        return ProcessSource
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
