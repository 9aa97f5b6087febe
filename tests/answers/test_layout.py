"""Answers as pictures, arrays and tables, whatever a model is called or how large."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.answers import queries
from dagspec.answers.arrays import answer_arrays
from dagspec.answers.asked import AnswerError
from dagspec.answers.picture import draw_answer
from dagspec.answers.question import Question
from dagspec.answers.table import answer_table
from tests.answers.made import as_trained

IMAGE = "model m\nobserve image: normal[{shape}]\n{latents}"


def of_images(shape: str, latents: str = "latent a: normal[1]\n") -> Question:
    return Question(as_trained(IMAGE.format(shape=shape, latents=latents)))


@pytest.mark.parametrize(
    ("shape", "side"), [("1, 3, 3", 96), ("1, 16, 16", 96), ("3, 64, 64", 128)]
)
def test_small_images_are_enlarged_by_whole_factors(shape: str, side: int):
    picture = draw_answer(queries.sample(of_images(shape), 2))
    alone = draw_answer(queries.sample(of_images(shape), 1))
    assert picture.width - alone.width == side + 6
    assert picture.height < 14 + 30 + side + 15


def test_images_with_other_numbers_of_channels_are_their_mean():
    assert draw_answer(queries.sample(of_images("2, 8, 8"), 1)).mode == "RGB"


def test_a_picture_that_is_too_large_is_refused():
    question = of_images("1, 3, 3")
    with pytest.raises(
        AnswerError, match=r"too large: ask for fewer, or write an \.npz"
    ):
        draw_answer(queries.sample(question, 10_000))


def test_names_of_concepts_do_not_hide_other_arrays():
    question = of_images("1, 4, 4", "latent x, seed, row, do: normal[1]\n")
    found = answer_arrays(queries.sample(question, 3), question.run.model.labels)
    assert found["x"].shape == (3, 1, 4, 4)
    assert found["seed"] == 0
    assert found["latent/x"].shape == found["latent/row"].shape == (3, 1)
    assert found["do"].shape == (3, 1)


def test_of_many_concepts_the_first_are_shown_and_the_rest_counted():
    names = ", ".join(f"c{number}" for number in range(20))
    question = of_images("1, 3, 3", f"latent {names}: normal[1]\n")
    answer = queries.intervene(question, 1)
    assert len(answer.blocks) == 12
    assert answer.notes == ("12 of 20 are shown; --latent names others",)


def test_a_table_of_much_is_cut():
    names = ", ".join(f"c{number}" for number in range(20))
    run = as_trained(f"model m\nobserve x: normal[30]\nlatent {names}: normal[1]\n")
    text = answer_table(queries.sample(Question(run), 2), run.spec, run.model.labels)
    head, first, _ = text.splitlines()
    assert head.split() == [*(f"c{number}" for number in range(12)), "…", "x"]
    assert first.endswith(" …")
    assert len(first.split()) == 2 + 12 + 8 + 1


def test_a_class_in_a_table_is_a_number():
    run = as_trained("model m\nobserve x: normal[2]\nlatent kind: categorical[5]\n")
    answer = queries.sample(Question(run, [{"kind": 3.0}]), 1)
    line = answer_table(answer, run.spec, run.model.labels).splitlines()[1]
    assert line.split()[:4] == ["kind=3", "noise", "0", "3"]


def test_twice_the_same_intervention_is_two_rows():
    question = of_images("1, 3, 3")
    twice = Question(question.run, [{"a": 1.0}, {"a": 1.0}])
    answer = queries.sample(twice, 2)
    assert answer.blocks[0].x.shape[:2] == (2, 2)
    found = answer_arrays(answer, question.run.model.labels)
    assert np.array_equal(found["x"][:2], found["x"][2:])
