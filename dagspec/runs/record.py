"""What was run and how far it came, as two files of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, ValidationError

from dagspec.runs.files import RunError, read_file, write_file
from dagspec.spec.records import Frozen

Count = Annotated[int, Field(ge=0)]
Score = tuple[Count, float]
State = Literal["running", "finished", "stopped", "failed"]


# JSON has no NaN; a run that failed has.
_WITH_NAN = ConfigDict(ser_json_inf_nan="strings")


class Filed(Frozen):
    """A record with a file of its own: JSON, indented, written whole."""

    model_config = _WITH_NAN

    def write(self, path: Path) -> None:
        """Write it, in the place of what was there.

        Raises:
            RunError: The file cannot be written.
        """
        write_file(path, f"{self.model_dump_json(indent=2)}\n".encode())

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            RunError: The file cannot be read, is damaged or is something else.
        """
        text = read_file(path)
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            place = ".".join(map(str, first["loc"]))
            where = f"`{place}`: " if place else ""
            raise RunError(f"{path} is damaged: {where}{first['msg']}") from error


class RunRecord(Filed):
    """What was run; written once, at the start.

    Attributes:
        name: The model's name.
        description: The model's one line.
        data: The data set, as `--data` names it.
        seed: Decides first weights, examples and noise.
        batch: Examples a step.
        steps: Planned length.
        epoch: Steps of an epoch.
        parameters: Learned numbers of the model.
        command: What was typed, word by word.
        versions: Version of each package, by name.
        machine: What it ran on, by what is said.
        settings: Options changed on the command line, by dotted name.
        started: Date and time, ISO 8601.
    """

    name: str
    description: str = ""
    data: str
    seed: int
    batch: Count
    steps: Count
    epoch: float
    parameters: Count
    command: tuple[str, ...] = ()
    versions: Mapping[str, str] = {}
    machine: Mapping[str, str] = {}
    settings: Mapping[str, str] = {}
    started: str = ""


class ConceptRow(Frozen):
    """What the last validation saw of one concept.

    Attributes:
        kl: Mean KL in nats.
        active: Units that are in use.
        units: Units: its dimensions, or one for a categorical.
        dim: Dimensions.
        family: Its distribution.
        mu_mean: Mean of the posterior's mu; None where the family has none.
        mu_std: Spread of it over the examples.
        sigma_mean: Mean of the posterior's sigma.
    """

    model_config = _WITH_NAN

    kl: float
    active: Count
    units: Count
    dim: Count
    family: str
    mu_mean: float | None = None
    mu_std: float | None = None
    sigma_mean: float | None = None


class RunStatus(Filed):
    """How far a run came; written again and again.

    Attributes:
        state: `running` is also what a killed run leaves behind.
        step: Steps done.
        reason: Why it stopped or failed.
        best: Step and ELBO of the best validation.
        last: Step and ELBO of the last validation.
        concepts: By name, in the order declared.
        labels: Metrics of labelled concepts, such as `shape.accuracy`.
        warnings: One line each.
        goes_on: The command that goes on with the run.
    """

    state: State
    step: Count
    reason: str = ""
    best: Score | None = None
    last: Score | None = None
    concepts: Mapping[str, ConceptRow] = {}
    labels: Mapping[str, float] = {}
    warnings: tuple[str, ...] = ()
    goes_on: str = ""
