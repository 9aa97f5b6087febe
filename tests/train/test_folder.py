"""The folder of a run is complete in itself, and what is in it agrees."""

from __future__ import annotations

import csv
import importlib
import json
import math
import sys

import torch

from dagspec.checkpoint import Shelf, load_model
from dagspec.compiler import load
from dagspec.train import Settings, train
from tests.train.runs import TINY, assert_same, run


def test_the_spec_in_it_gives_the_same_run_elsewhere(tmp_path, whole):
    spec = load(whole / "spec.dag")
    assert train(spec, Settings(out=tmp_path / "again", quiet=True)).code == 0
    assert_same(whole, tmp_path / "again")


def test_the_module_in_it_is_the_model_that_is_loaded(whole, monkeypatch):
    monkeypatch.syspath_prepend(whole)
    monkeypatch.delitem(sys.modules, "tiny", raising=False)
    model, loaded = importlib.import_module("tiny").Tiny(), load_model(whole)
    best, _ = Shelf(whole / "checkpoints").newest()
    assert best is not None
    model.load_state_dict(best.part("average"))
    status = json.loads((whole / "status.json").read_text())
    assert status["best"][0] == status["step"] == best.step
    x = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    own = model.eval()(x, model.noise(5))
    other = loaded(x, loaded.noise(5))
    assert torch.equal(own.elbo, other.elbo)
    assert torch.equal(own.log_prob, other.log_prob)


def test_the_logged_terms_add_up_to_the_logged_loss(tmp_path):
    text = TINY.replace("linear(50%)", "linear(50%), spectral = 0.01, free_bits = 0.1")
    text = text.replace("normal[2]", "normal[2] { kl_weight = 2 }")
    run(tmp_path / "run", text.replace("steps = 40", "steps = 21"))
    with (tmp_path / "run/metrics.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    terms = [name for name in rows[0] if name.startswith("term.")]
    assert {
        "term.reconstruction",
        "term.kl.digit",
        "term.kl.style",
        "term.label.digit",
        "term.spectral",
    } == {*terms}
    assert [int(row["step"]) for row in rows] == [7, 14, 21]
    for row in rows:
        total = math.fsum(float(row[name]) for name in terms)
        assert math.isclose(float(row["loss"]), total, rel_tol=1e-6)
        kls = math.fsum(float(row[k]) for k in row if k.startswith("kl."))
        assert math.isclose(float(row["kl"]), kls, rel_tol=1e-6)


def test_a_second_run_in_the_same_process_is_the_same(tmp_path, whole):
    torch.manual_seed(99)
    torch.rand(7)
    run(tmp_path / "again")
    assert_same(whole, tmp_path / "again")
