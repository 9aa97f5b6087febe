"""A whole evaluation of small runs: the record, the page, and what may be wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dagspec.checkpoint import CheckpointError
from dagspec.data import DataError
from dagspec.evaluate import EvaluateError, Evaluation, evaluate, running
from dagspec.evaluate.results import Evaluation as Record
from dagspec.pictures import RenderError
from dagspec.runs import RunError

DOCS = Path(__file__).parents[2] / "docs/evaluate.md"
QUICK: dict[str, Any] = {"samples": 300, "bound_examples": 20}
METRICS = ("diagonal", "mcc", "active_units_kl", "mmd")


@pytest.fixture(scope="module")
def of_toy(toy, tmp_path_factory) -> tuple[Evaluation, Path]:
    out = tmp_path_factory.mktemp("toy") / "evaluation"
    return evaluate(toy, METRICS, out=out, **QUICK), out


@pytest.fixture(scope="module")
def of_digits(digits, tmp_path_factory) -> tuple[Evaluation, Path]:
    out = tmp_path_factory.mktemp("digits") / "evaluation"
    return evaluate(digits, METRICS, out=out, **QUICK), out


def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def keys(value: object, path: str = "") -> set[str]:
    """Every key of a record, those of mappings by name left out."""
    if isinstance(value, list):
        return set().union(*(keys(each) for each in value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(keys(each) for each in value.values()))


def test_a_run_of_a_known_process_has_everything(of_toy):
    found, _ = of_toy
    assert (found.run, found.model, found.data) == ("toy", "toy", "process")
    assert found.examples == 300
    assert found.weights == "last"  # none were averaged
    assert list(found.concepts) == ["a", "b", "on", "free"]
    assert found.metrics.keys() == set(METRICS)
    assert {name.partition(".")[0] for name in found.labels} == {"a", "b"}
    assert set(found.non_descendants.values()) == {0.0}
    causal = found.causal
    assert causal is not None
    ways = {name: own.way for name, own in causal.translations.items()}
    assert ways == {"a": "label", "b": "label", "on": "calibration"}
    assert causal.left_out == {"free": "the process has no such variable"}
    assert {each.variable for each in causal.interventions} == {"a"}
    assert causal.summary.counterfactual is not None
    assert found.pendulum is None
    assert found.left_out == {}


def test_without_a_process_the_causal_part_is_left_out(of_digits):
    found, out = of_digits
    assert found.causal is None
    assert found.left_out.keys() == {"causal", "mmd"}
    assert "Beside the known process" not in page(out)
    assert "no process is known" in page(out)
    assert found.heatmap is not None
    assert found.heatmap.own["digit"] == tuple(f"digit[{n}]" for n in range(10))


def test_the_record_is_read_back_as_it_was(of_toy, of_digits):
    for found, out in (of_toy, of_digits):
        assert Record.read(out / "evaluation.json") == found
        assert json.loads((out / "evaluation.json").read_text()) == found.record()


def test_every_key_of_the_record_is_documented(of_toy):
    found, _ = of_toy
    record = found.record()
    names = {*found.concepts, *found.metrics, *found.labels}
    fields = keys(record) - names - {"c"}
    documented = set(re.findall(r"`(\w+)", DOCS.read_text(encoding="utf-8")))
    assert fields - documented == set()


def test_the_same_seed_gives_the_same_record(toy, of_toy):
    assert evaluate(toy, METRICS, **QUICK) == of_toy[0]
    other = evaluate(toy, METRICS, seed=1, **QUICK)
    assert other.bounds.negative_elbo != of_toy[0].bounds.negative_elbo


def test_only_the_chosen_metrics_are_computed(digits):
    found = evaluate(digits, ("mcc",), **QUICK)
    assert found.metrics.keys() == {"mcc"}


def test_the_page_needs_nothing_else(of_toy, of_digits):
    for _, out in (of_toy, of_digits):
        text = page(out)
        assert "://" not in text
        assert not re.search(r"<(script|link|iframe|object|embed)\b|@import", text)
        sources = re.findall(r'(?:src|href)="([^"]{0,30})', text)
        assert all(each.startswith("data:image/png;base64,") for each in sources)
        assert not re.search(r"url\((?!#)", text)


def test_the_page_has_the_numbers_what_they_mean_and_the_spec(of_toy):
    found, out = of_toy
    text = page(out)
    assert "<h1>toy: toy</h1>" in text
    assert f"{found.bounds.negative_elbo.value:.3g}" in text
    assert "How closely each concept goes with the factor it is named after." in text
    assert "a → b" in text
    assert "latent on:" in text
    assert text.count('class="own"') == 3
    assert "<title>a&#45;&gt;b</title>" in text


def test_images_have_their_pictures_and_vectors_none(of_toy, of_digits):
    assert "Pictures" not in page(of_toy[1])
    text = page(of_digits[1])
    assert text.count("<img ") == 5
    for word in ("Samples", "Traversals", "Interventions", "Counterfactuals"):
        assert f"<figcaption>{word}" in text


def test_what_a_spec_says_is_never_markup(tmp_path):
    from tests.evaluate.runs import TOY
    from tests.train.runs import run

    nasty = "<script src='http://a'></script>&"
    text = TOY.replace("Small enough for a test.", nasty).replace("= 30", "= 1")
    assert run(tmp_path / "run", text).code == 0
    evaluate(tmp_path / "run", ("mcc",), out=tmp_path / "out", **QUICK)
    found = page(tmp_path / "out")
    assert "<script" not in found
    assert "&lt;script src=" in found


def test_what_is_missing_is_one_clear_error(copied, tmp_path):
    with pytest.raises(RunError, match="is no run: it is no folder"):
        evaluate(tmp_path / "nowhere")
    with pytest.raises(EvaluateError, match=r"did you mean `mcc`\?"):
        evaluate(copied, ("mccc",))
    for file in (copied / "checkpoints").iterdir():
        file.unlink()
    with pytest.raises(CheckpointError, match="has no checkpoint"):
        evaluate(copied)


def test_data_that_is_gone_is_one_clear_error(digits, tmp_path):
    with pytest.raises(DataError, match=r"nowhere"):
        evaluate(digits, data=f"npz:{tmp_path}/nowhere.npz")


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_computed(
    digits, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(running, "encode", None)
    with pytest.raises(RenderError, match="cannot make folder"):
        evaluate(digits, out=tmp_path / "file" / "out")


def test_files_are_replaced_whole_or_not_at_all(digits, tmp_path, monkeypatch):
    out = tmp_path / "out"
    evaluate(digits, ("mcc",), out=out, **QUICK)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert before.keys() == {"evaluation.json", "report.html"}

    def fails(*_: object) -> str:
        raise RuntimeError("no page")

    monkeypatch.setattr("dagspec.evaluate.writing.report", fails)
    with pytest.raises(RuntimeError, match="no page"):
        evaluate(digits, ("mcc",), out=out, seed=1, **QUICK)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
