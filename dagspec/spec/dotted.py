"""Every option of a spec by its dotted name, as `--set` calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel

from dagspec.spec.model import Spec
from dagspec.spec.values.annotations import OptionInfo, options_of

SECTIONS = ("features", "inference", "objective", "training")


class Dotted(NamedTuple):
    """One option, such as `latent.scale.weight`.

    Attributes:
        name: Its dotted name.
        value: What it is; None where it was not said and has no default.
        info: What is known of such options.
    """

    name: str
    value: object
    info: OptionInfo

    @property
    def text(self) -> str | None:
        """The value as a file writes it."""
        return None if self.value is None else self.info.form.write(self.value)


def dotted_options(spec: Spec) -> Iterator[Dotted]:
    """The options of the sections, of the observed node and of every concept."""
    for section in SECTIONS:
        yield from _options(section, getattr(spec, section))
    yield from _options(f"observe.{spec.observed.name}", spec.observed)
    for latent in spec.latents:
        yield from _options(f"latent.{latent.name}", latent)


def _options(path: str, record: BaseModel) -> Iterator[Dotted]:
    for name, info in options_of(type(record)).items():
        yield Dotted(f"{path}.{name}", getattr(record, name), info)
