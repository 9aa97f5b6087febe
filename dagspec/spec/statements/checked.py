"""Options of one statement, checked: from `name = value` to a pydantic record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from dagspec.diagnostic import Diagnostic, InternalError, Span
from dagspec.spec.model import Latent, Observed
from dagspec.spec.options import Features, Inference, Objective, Training
from dagspec.spec.records import ArgumentsError, Frozen, RangeError
from dagspec.spec.values.annotations import options_of
from dagspec.spec.values.notes import Loc, Notebook, Place, Site, error, shown
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.tree import Option

RecordT = TypeVar("RecordT", bound=Frozen)

OWNERS: Mapping[str, type[Frozen]] = {
    "features": Features,
    "inference": Inference,
    "objective": Objective,
    "training": Training,
    "latent": Latent,
    "observe": Observed,
}
# The name of a node whose options are checked; a statement may declare several, and the
# parser may have made one of something that is no name.
NAMELESS = "_"
LATER_OPTIONS = ("spatial",)


@dataclass(frozen=True)
class Checked(Generic[RecordT]):
    """What a statement says.

    Attributes:
        value: The record; an option that could not be read has its default in it.
        options: The options as they were written, by name.
        places: Where each value was.
        broken: Options whose value is not to be trusted, since it was at fault.
        span: The whole statement; None where none was written.
    """

    value: RecordT
    options: Mapping[str, Option]
    places: Mapping[Loc, Place]
    broken: frozenset[str]
    span: Span | None = None

    def sound(self, *names: str) -> bool:
        """Whether all of these options may be trusted."""
        return self.broken.isdisjoint(names)

    def wrote(self, name: str) -> bool:
        """Whether the statement gives this option, and gives it well."""
        return name in self.options and name not in self.broken

    def place(self, *loc: str | int) -> Span | None:
        """Where the value at `loc` was written, else what it is a part of."""
        for length in range(len(loc), 0, -1):
            if place := self.places.get(loc[:length]):
                return place.span
        return self.span


def check_options(
    model: type[RecordT],
    owner: str,
    written: tuple[Option, ...],
    given: Mapping[str, object],
    notes: Notebook,
    *,
    span: Span | None,
    tainted: bool,
) -> Checked[RecordT]:
    """Read and check the options of a statement.

    Args:
        model: The record that they are fields of.
        owner: The keyword of the statement.
        written: The options in the order written.
        given: Other fields of the record, checked too where `notes` knows their place.
        notes: Where findings go.
        span: The statement.
        tainted: Whether a part of the statement could not be parsed, so that an option
            may be missing without being left out.
    """
    infos = options_of(model)
    options: dict[str, Option] = {}
    data = dict(given)
    for option in written:
        name = option.name.text
        if name not in infos:
            notes.found.append(_unknown(option, owner, model))
        elif name in options:
            message, help = f"`{name}` is given twice", "remove one of them"
            found = error("E311", message, option.span, "given again", help=help)
            notes.found.append(found)
        else:
            options[name] = option
            site = Site((name,), f"`{name}`", f"{name} = {infos[name].example}")
            data[name] = infos[name].form.read(option.value, site, notes)
    value = _validate(model, data, notes)
    broken = {str(loc[0]) for loc in notes.failed}
    if tainted:
        broken.update(name for name in infos if name not in options)
    return Checked(value, options, notes.places, frozenset(broken), span)


def _validate(
    model: type[RecordT], data: dict[str, object], notes: Notebook
) -> RecordT:
    """The record; a field at fault is reported and left at its default."""
    try:
        value = model.model_validate(data)
    except ValidationError as refusal:
        details = refusal.errors(include_url=False, include_input=False)
        # A list lacks the items that failed, so what is inside is told first, and
        # what it is inside of not at all.
        told = {loc for failed in notes.failed for loc in _wholes(failed)}
        for detail in sorted(details, key=lambda detail: -len(detail["loc"])):
            loc = _known(detail["loc"], notes)
            if loc not in told:
                told.update(_wholes(loc))
                notes.failed.add(loc)
                notes.found.append(_out_of_range(detail, notes.places[loc]))
    else:
        if not notes.failed:
            return value
    broken = {str(loc[0]) for loc in notes.failed}
    infos = options_of(model)
    sound = {
        name: PLACEHOLDERS.get(name, value) if name in broken else value
        for name, value in data.items()
        if name not in broken or name not in infos
    }
    return model.model_validate(sound)


# Stand for a size that was at fault, so that the rest of its node can be checked.
PLACEHOLDERS: Mapping[str, object] = {"dim": 1, "shape": (1,)}


def _wholes(loc: Loc) -> Iterator[Loc]:
    """A path and what it is a part of."""
    return (loc[:length] for length in range(1, len(loc) + 1))


def _known(loc: Loc, notes: Notebook) -> Loc:
    """The longest part of a path that was read, or failed to be."""
    for length in range(len(loc), 0, -1):
        if loc[:length] in notes.places or loc[:length] in notes.failed:
            return loc[:length]
    raise InternalError(f"a field without a place was refused: {loc}")


def _out_of_range(detail: Mapping[str, Any], place: Place) -> Diagnostic:
    """Pydantic's finding in our words."""
    reason: object = detail.get("ctx", {}).get("error")
    help = f"write for example `{place.site.example}`"
    if isinstance(reason, ArgumentsError):
        return error("E316", str(reason), place.span, "", help=help)
    words = str(reason) if isinstance(reason, RangeError) else place.words
    message = f"{place.site.subject} must be {words}, not {shown(place.span)}"
    return error("E313", message, place.span, "out of range", help=help)


def _unknown(option: Option, owner: str, model: type[Frozen]) -> Diagnostic:
    name, span = option.name.text, option.name.span
    if name in LATER_OPTIONS:
        message = f"`{name}` is a word that is kept for a later version"
        return error("E701", message, span, "not supported yet")
    known = tuple(options_of(model))
    owners = [other for other, record in OWNERS.items() if name in options_of(record)]
    help = did_you_mean(name, known)
    if owners:
        help = f"`{name}` is an option of {listed(owners)}"
    elif not help:
        help = f"`{owner}` takes {listed(known, 'and', most=20)}"
    message = f"`{owner}` has no option `{name}`"
    return error("E310", message, span, "no such option", help=help)
