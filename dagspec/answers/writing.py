"""An answer in a file: a picture or arrays, by the suffix."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from dagspec.answers.answer import Answer
from dagspec.answers.arrays import answer_arrays, npz_bytes
from dagspec.answers.asked import AnswerError
from dagspec.answers.picture import draw_answer
from dagspec.answers.trained import Trained
from dagspec.pictures import write_picture


def write_answer(answer: Answer, run: Trained, path: Path) -> None:
    """Write an answer, whole or not at all.

    Args:
        answer: Of images, or for an `.npz` file of anything.
        run: Whose model it is of.
        path: Ends in `.png` or `.npz`.

    Raises:
        AnswerError: Vectors have no picture, or it would be too large.
        RenderError: It cannot be written.
    """
    if path.suffix.lower() == ".npz":
        data = npz_bytes(answer_arrays(answer, run.labels))
    else:
        observed = run.spec.observed
        if len(observed.shape) != 3:
            raise AnswerError(
                f"`{observed.name}` is a vector, which has no picture: end {path} in "
                ".npz, or leave it out for a table"
            )
        buffer = BytesIO()
        draw_answer(answer).save(buffer, format="PNG", optimize=True)
        data = buffer.getvalue()
    write_picture(path, data)
