"""What is written for TensorBoard, read back."""

from __future__ import annotations

import math
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from tensorboard.plugins.hparams import plugin_data_pb2

import dagspec
from dagspec.bench.wide import wide_spec
from dagspec.monitor import TensorBoard, gradient_norms, measure, tensorboard
from dagspec.nn.queries import ConceptVAE
from dagspec.pictures import Drawing
from dagspec.plan import lower
from dagspec.spec import Spec, write_spec
from tests.monitor.models import NAMES, VECTOR, images, small
from tests.monitor.reading import read

LOCATED = ["size", "angle", "slant"]
MOMENTS = ["mu_mean", "mu_std", "sigma_mean", "sigma_std"]


def _write_all(folder: Path, spec: Spec, model: ConceptVAE, x: torch.Tensor) -> None:
    with closing(TensorBoard(folder)) as board:
        board.settings(spec)
        row = {"loss": 4.0, "elbo": -3.5, "kl": 2.0, "kl.size": 0.5, "beta": 0.25}
        row |= {
            "lr": 1e-3,
            "gradient": 7.0,
            "term.label.size": 0.125,
        }
        board.training(50, row)
        model(x).elbo.mean().backward()
        board.gradients(50, gradient_norms(model))
        found = measure(model, x, spec, {}, labels=None)
        board.validation(100, found)
        board.pictures(100, model, x, spec)
        board.graph(100, lower(spec), found)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("board")
    spec, model = small()
    _write_all(folder, spec, model, images())
    return read(folder)


def _values(written: Any, tag: str) -> list[tuple[int, float]]:
    return [(event.step, event.value) for event in written.Scalars(tag)]


def test_all_scalars_are_there(written: Any):
    sides = [
        f"{side}/{name}/{moment}"
        for side in ("posterior", "prior")
        for name in LOCATED
        for moment in MOMENTS
    ]
    assert sorted(written.Tags()["scalars"]) == sorted(
        [
            "loss/total",
            "loss/elbo",
            "loss/kl",
            "term/label.size",
            "kl/size",
            "schedule/beta",
            "schedule/lr",
            "gradient/total",
            "gradient/encoder.1",
            "gradient/encoder.2",
            "gradient/readouts",
            "gradient/heads",
            "gradient/mechanisms",
            "gradient/writers",
            "gradient/decoder.constant",
            "gradient/decoder.1",
            "gradient/decoder.2",
            "validation/elbo",
            "validation/log_prob",
            "validation/kl",
            *(f"kl_validation/{name}" for name in NAMES),
            *(f"active/{name}" for name in NAMES),
            *sides,
            "dead/stage_1",
            "dead/stage_2",
        ]
    )


def test_values_of_training_stand_at_their_step(written: Any):
    assert _values(written, "loss/total") == [(50, 4.0)]
    assert _values(written, "kl/size") == [(50, 0.5)]
    assert _values(written, "term/label.size") == [(50, 0.125)]


def test_values_of_a_validation_are_those_measured(written: Any):
    spec, model = small()
    found = measure(model, images(), spec)
    ((step, elbo),) = _values(written, "validation/elbo")
    assert step == 100
    assert elbo == pytest.approx(found.elbo)
    for name in NAMES:
        ((_, kl),) = _values(written, f"kl_validation/{name}")
        assert kl == pytest.approx(found.kl[name])
        assert _values(written, f"active/{name}") == [(100, found.active[name])]
    posterior = found.concepts["slant"].posterior
    assert posterior is not None
    ((_, sigma),) = _values(written, "posterior/slant/sigma_mean")
    assert sigma == pytest.approx(posterior.sigma_mean)


def test_labels_have_a_tag_a_metric(tmp_path: Path):
    spec, model = small()

    def metrics(*_given):
        return {"size.rmse": 2.0, "size.r2": 0.5}

    factors = {"area": torch.zeros(12)}
    with closing(TensorBoard(tmp_path)) as board:
        board.validation(1, measure(model, images(), spec, factors, labels=metrics))
    assert _values(read(tmp_path), "labels/size/rmse") == [(1, 2.0)]
    assert _values(read(tmp_path), "labels/size/r2") == [(1, 0.5)]


def test_histograms_hold_the_activations(written: Any):
    assert written.Tags()["histograms"] == [
        "activations/stage_1",
        "activations/stage_2",
    ]
    (event,) = written.Histograms("activations/stage_1")
    spec, model = small()
    values = measure(model, images(), spec).stages[0].values
    histogram = event.histogram_value
    assert event.step == 100
    assert histogram.num == len(values)
    assert sum(histogram.bucket) == len(values)
    assert histogram.min == pytest.approx(values.min().item())
    assert histogram.max == pytest.approx(values.max().item())


def _picture(written: Any, tag: str) -> Image.Image:
    (event,) = written.Images(tag)
    picture = Image.open(BytesIO(event.encoded_image_string))
    picture.load()
    assert picture.size == (event.width, event.height)
    assert event.step == 100
    return picture


def test_all_images_can_be_seen(written: Any):
    traversals = [f"traversal/{name}" for name in NAMES]
    tags = ["reconstructions", "samples", *traversals, "graph"]
    assert written.Tags()["images"] == tags
    for tag in tags:
        assert len(_picture(written, tag).convert("RGB").getcolors(10**6) or []) > 5


def test_the_graph_has_the_kl_of_each_concept_written_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    spec, model = small()
    found = measure(model, images(), spec)
    drawn: list[str] = []

    def picture_bytes(drawing: Drawing, format: str) -> bytes:
        drawn.append(drawing.source)
        return save_bytes(drawing, format)

    save_bytes = tensorboard.picture_bytes
    monkeypatch.setattr(tensorboard, "picture_bytes", picture_bytes)
    with closing(TensorBoard(tmp_path)) as board:
        board.graph(1, lower(spec), found)
    for kl in found.kl.values():
        assert f"KL {kl:.2f}" in drawn[0]


def test_the_spec_is_there_as_text(written: Any):
    (event,) = written.Tensors("spec/text_summary")
    shown = event.tensor_proto.string_val[0].decode()
    lines = [line.removeprefix("    ") for line in shown.splitlines()]
    assert "\n".join(lines) == write_spec(small()[0]).rstrip("\n")


def _plugin(written: Any, tag: str) -> Any:
    content = written.SummaryMetadata(tag).plugin_data.content
    return plugin_data_pb2.HParamsPluginData.FromString(content)  # pyright: ignore[reportAttributeAccessIssue]


def test_hyper_parameters_are_there_without_a_run_of_their_own(written: Any):
    start = _plugin(written, "_hparams_/session_start_info").session_start_info
    assert start.hparams["objective.warmup"].string_value == "linear(10%)"
    assert start.hparams["training.steps"].number_value == 100
    assert start.hparams["training.channels_last"].string_value == "false"
    assert start.hparams["latent.size.at"].number_value == 1
    assert "latent.angle.weight" not in start.hparams
    experiment = _plugin(written, "_hparams_/experiment").experiment
    metrics = [info.name.tag for info in experiment.metric_infos]
    assert metrics == ["validation/elbo", "validation/kl", "loss/total"]
    assert set(metrics) <= set(written.Tags()["scalars"])
    folder = Path(written.path)
    assert not any(path.is_dir() for path in folder.iterdir())


def test_pictures_leave_no_trace(tmp_path: Path):
    spec, model = small(("readout = 2", "readout = 2, norm = batch"))
    model.train()
    buffers = [buffer.clone() for buffer in model.buffers()]
    state = torch.get_rng_state()
    with closing(TensorBoard(tmp_path)) as board:
        board.pictures(1, model, images(), spec)
    assert model.training
    assert all(map(torch.equal, buffers, model.buffers()))
    assert torch.equal(torch.get_rng_state(), state)


def test_pictures_are_the_same_each_time(tmp_path: Path):
    spec, model = small()
    with closing(TensorBoard(tmp_path)) as board:
        board.pictures(1, model, images(), spec)
        board.pictures(2, model, images(), spec)
    found = read(tmp_path)
    for tag in found.Tags()["images"]:
        one, other = found.Images(tag)
        assert one.encoded_image_string == other.encoded_image_string


@pytest.mark.parametrize("channels", [2, 3, 5])
def test_images_of_any_number_of_channels(tmp_path: Path, channels: int):
    spec, model = small(("bernoulli[1, 8, 8]", f"normal[{channels}, 8, 8]"))
    with closing(TensorBoard(tmp_path)) as board:
        board.pictures(1, model, images(3, channels=channels), spec)
    assert "reconstructions" in read(tmp_path).Tags()["images"]


def test_a_model_that_makes_up_nan_can_be_seen(tmp_path: Path):
    spec, model = small()
    with torch.no_grad():
        model.decoder.constant.fill_(math.nan)
        model.get_parameter("encoder.stages.1.halve.conv.weight").fill_(math.nan)
    with closing(TensorBoard(tmp_path)) as board:
        board.pictures(1, model, images(), spec)
        board.validation(1, measure(model, images(), spec))
    assert "samples" in read(tmp_path).Tags()["images"]
    ((_, elbo),) = _values(read(tmp_path), "validation/elbo")
    assert math.isnan(elbo)


def test_a_model_of_vectors_has_everything_but_images(tmp_path: Path):
    spec = dagspec.parse(VECTOR)
    model = dagspec.build_model(spec)
    x = torch.randn(5, 6, generator=torch.Generator().manual_seed(0))
    _write_all(tmp_path, spec, model, x)
    tags = read(tmp_path).Tags()
    assert tags["images"] == ["graph"]
    assert "posterior/b/mu_mean" in tags["scalars"]
    assert tags["histograms"] == ["activations/stage_1"]


def test_of_many_concepts_a_few_are_moved(tmp_path: Path):
    spec = dagspec.parse(wide_spec(40, 3, 2))
    model = dagspec.build_model(spec)
    # The image decides these two, and the noise the others.
    state = model.state_dict()
    for name in spec.dims:
        far = 3.0 if name in {"z0003", "z0005"} else 0.0
        state[f"heads.{name}.1.bias"][0] += far
    model.load_state_dict(state)
    found = measure(model, images(side=64), spec)
    with closing(TensorBoard(tmp_path)) as board:
        board.pictures(1, model, images(side=64), spec)
        board.validation(1, found)
    tags = read(tmp_path).Tags()
    moved = [tag.removeprefix("traversal/") for tag in tags["images"][2:]]
    assert len(moved) == 12
    assert moved == sorted(moved)
    assert {"z0003", "z0005"} <= set(moved)
    assert sum(tag.startswith("kl_validation/") for tag in tags["scalars"]) == 40
