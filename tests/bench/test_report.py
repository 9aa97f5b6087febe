from __future__ import annotations

import json
from dataclasses import asdict

import pytest
import torch

import dagspec
from dagspec.bench import Report, measure
from dagspec.bench.parts import PARTS, time_parts
from dagspec.bench.step import TrainingStep, noise_batch
from dagspec.nn.queries import ConceptVAE

TEXT = """
model tiny
observe image: bernoulli[1, 8, 8]
latent a: normal[2]
latent b: categorical[3]
a -> b
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return measure(dagspec.parse(TEXT), batch=4, steps=2)


def test_it_survives_json(report: Report) -> None:
    assert json.loads(json.dumps(asdict(report))) == asdict(report)


def test_it_counts_concepts_and_width(report: Report) -> None:
    assert (report.concepts, report.width) == (2, 5)


def test_it_counts_parameters(report: Report) -> None:
    model = dagspec.build_model(dagspec.parse(TEXT))
    parameters = sum(value.numel() for value in model.parameters())
    assert report.model.parameters == parameters


def test_it_names_threads_and_torch(report: Report) -> None:
    assert report.threads == torch.get_num_threads()
    assert f"torch {torch.__version__}" in report.machine


def test_images_a_second_follow_from_the_step(report: Report) -> None:
    expected = pytest.approx(4 / report.flat.step_seconds)
    assert report.flat.images_per_second == expected


def test_memory_holds_weights_gradients_and_two_moments(report: Report) -> None:
    for speed in (report.model, report.flat):
        assert speed.peak_bytes > 4 * 4 * speed.parameters


def test_the_memory_ratio_is_that_of_the_peaks(report: Report) -> None:
    ratio = report.model.peak_bytes / report.flat.peak_bytes
    assert report.memory_ratio == pytest.approx(ratio)


def test_shares_of_all_parts_add_up(report: Report) -> None:
    assert tuple(report.shares) == PARTS
    assert sum(report.shares.values()) == pytest.approx(1)


@pytest.fixture
def model() -> ConceptVAE:
    return dagspec.build_model(dagspec.parse(TEXT))


@pytest.fixture
def step(model: ConceptVAE) -> TrainingStep:
    return TrainingStep(model, noise_batch((1, 8, 8), 4))


def test_every_part_is_timed(model: ConceptVAE, step: TrainingStep) -> None:
    shares = time_parts(model, step, rounds=2)
    assert all(share > 0 for share in shares.values())


def test_the_model_is_left_as_it_was(model: ConceptVAE, step: TrainingStep) -> None:
    owners = (model.encoder, model.heads, model.observation, step, step.optimizer)
    before = [set(vars(owner)) for owner in owners]
    time_parts(model, step, rounds=1)
    assert [set(vars(owner)) for owner in owners] == before


def test_a_step_trains(model: ConceptVAE, step: TrainingStep) -> None:
    before = [value.detach().clone() for value in model.parameters()]
    step()
    after = model.parameters()
    assert any(not torch.equal(*pair) for pair in zip(before, after, strict=True))
