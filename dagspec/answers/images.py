"""The examples that a question is about: held-out ones by number, or files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dagspec.answers.answer import Lines
from dagspec.answers.asked import AnswerError
from dagspec.answers.trained import Trained
from dagspec.data import open_data
from dagspec.data.image_reading import MODES, Fit
from dagspec.data.source import Broken
from dagspec.spec import Observed

# Examples are made or read up to the one asked for.
MOST_EXAMPLES = 10_000


@dataclass(frozen=True)
class Wanted:
    """Which examples are wanted.

    Attributes:
        images: Numbers of examples of the test split, and names of files.
        count: How many of the first test examples, where no image is named.
        data_dir: Folder with official files of the data set.
        broken: What to do about an example that cannot be read.
    """

    images: Sequence[str] = ()
    count: int = 4
    data_dir: Path | None = None
    broken: Broken = "fail"


@dataclass(frozen=True)
class Examples:
    """Examples and what each is called.

    Attributes:
        x: `(B, *shape)`, float32.
        labels: One for each.
    """

    x: Tensor
    labels: Sequence[Lines]


def find_examples(run: Trained, wanted: Wanted) -> Examples:
    """The wanted examples, as the model observes them.

    Raises:
        AnswerError: There is no such example, or a file does not fit the model.
        DataError: The data set or a file cannot be read.
    """
    observed = run.spec.observed
    images = wanted.images or [str(number) for number in range(wanted.count)]
    numbers = [int(each) for each in images if _is_number(each)]
    test = np.empty(0, np.float32)
    if numbers:
        test = _test_examples(run, numbers, wanted)
    if not wanted.images:
        images = images[: len(test)]
    x: list[NDArray[np.float32]] = []
    labels: list[Lines] = []
    for each in images:
        if _is_number(each):
            x.append(_numbered(run, test, int(each))[None])
            labels.append((f"test {int(each)}",))
            continue
        found = _from_file(Path(each), observed)
        x.append(found)
        several = len(found) > 1
        name = Path(each).name
        labels += [(f"{name} {n}" if several else name,) for n in range(len(found))]
    together = np.concatenate(x)
    _check_range(together, observed)
    return Examples(torch.from_numpy(together), labels)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _test_examples(
    run: Trained, numbers: Sequence[int], wanted: Wanted
) -> NDArray[np.float32]:
    """The first examples of the test split, as far as they are asked for."""
    data, shape = run.spec.training.data, run.spec.observed.shape
    if data is None:
        raise AnswerError(f"{run.folder.path} says no data set: give --image FILE")
    if max(numbers) >= MOST_EXAMPLES:
        raise AnswerError(
            f"there is no example {max(numbers):,}: they can be asked for up to number "
            f"{MOST_EXAMPLES - 1:,}"
        )
    source = open_data(run.spec, data, wanted.data_dir, wanted.broken)
    if source.shape != shape:
        raise AnswerError(
            f"`{data}` has examples of the shape {list(source.shape)} now, the model "
            f"observes {list(shape)}: give --image FILE"
        )
    return source.held_out(max(numbers) + 1, "test").x


def _numbered(
    run: Trained, test: NDArray[np.float32], number: int
) -> NDArray[np.float32]:
    if number >= len(test):
        raise AnswerError(
            f"there is no example {number:,}: the test split of "
            f"`{run.spec.training.data}` has {len(test):,}, numbered from 0"
        )
    return test[number]


def _from_file(path: Path, observed: Observed) -> NDArray[np.float32]:
    """Examples `(N, *shape)` of a file."""
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "there is no such file"
        if re.fullmatch(r"-\d+", str(path)):
            found = "test examples are numbered from 0"
        raise AnswerError(f"{path}: {found}")
    if path.suffix.lower() == ".npy":
        return _from_array(path, observed.shape)
    if len(observed.shape) != 3 or observed.shape[0] not in MODES:
        raise AnswerError(
            f"{path}: `{observed.name}` is {list(observed.shape)}, which no picture "
            "fits: give a .npy file"
        )
    channels, height, width = observed.shape
    pixels = Fit((channels, height, width)).read(path)
    return _scaled(pixels[None])


def _from_array(path: Path, shape: tuple[int, ...]) -> NDArray[np.float32]:
    try:
        found: NDArray[np.generic] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        reason = " ".join(str(error).split())
        raise AnswerError(f"{path}: is no array that can be read: {reason}") from error
    if found.dtype.kind not in "buif":
        raise AnswerError(f"{path}: holds {found.dtype}, not numbers")
    if len(shape) == 3 and shape[0] == 1 and found.shape == shape[1:]:
        found = found[None]
    several = found if found.shape[1:] == shape else found[None]
    if several.shape[1:] != shape or not len(several):
        wanted = ", ".join(map(str, shape))
        raise AnswerError(
            f"{path}: has the shape {list(found.shape)}, the model observes "
            f"[{wanted}], or [N, {wanted}] for several"
        )
    return _scaled(several) if found.dtype == np.uint8 else several.astype(np.float32)


def _scaled(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Bytes as numbers from 0 to 1."""
    return np.divide(pixels, 255, dtype=np.float32)


def _check_range(x: NDArray[np.float32], observed: Observed) -> None:
    if not np.isfinite(x).all():
        raise AnswerError(f"`{observed.name}` takes finite numbers, not NaN or inf")
    low, high = float(x.min()), float(x.max())
    if observed.family == "bernoulli" and not 0 <= low <= high <= 1:
        raise AnswerError(
            f"`{observed.name}` takes numbers from 0 to 1, not {low:g} to {high:g}: "
            "scale them, or store bytes (uint8)"
        )
