"""What is written to a file is what `build_model` runs, and needs torch alone."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import dagspec
from dagspec.emission.blocks import read_blocks
from dagspec.emission.layout import string
from dagspec.emission.python import class_name
from dagspec.nn.label_kinds import AngleLabel, RealLabel
from dagspec.spec import Spec
from tests.conftest import Golden
from tests.laws.strategies import NAMES, specs

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.dag"))
HOSTILE = "'; import os\n\\\" \"\"\" ''' # {x} %s \u2028 \x00 é"

CHILD = """
import importlib.util, json, sys
import torch

class NoDagspec:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "dagspec":
            raise ImportError("dagspec is not here")

sys.meta_path.insert(0, NoDagspec())
results = []
for number, path in enumerate(sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(f"emitted_{number}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    classes = [
        value for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, module.ConceptVAE)
        and value is not module.ConceptVAE
    ]
    (model_class,) = classes
    model = model_class(seed=3).double().eval()
    shape = model.observation.shape
    x = torch.rand(2, *shape, generator=torch.Generator().manual_seed(1)).double()
    noise = model.noise(2, seed=5)
    made = model.sample(2, seed=9).latents
    had = model.counterfactual(x, {n: made[n] for n in model.order[::2]}, noise=noise)
    results.append({
        "keys": list(model.state_dict()),
        "elbo": model.elbo(x, noise).tolist(),
        "mean": model.sample(2, noise=noise).x.sum((0,)).flatten().tolist(),
        "had": [had.x.tolist(), {n: z.tolist() for n, z in had.latents.items()}],
        "spec": model.spec,
        "source": model.source == open(path, encoding="utf-8").read(),
    })
print(json.dumps(results))
"""


def run_alone(folder: Path, sources: list[str]) -> list[dict[str, object]]:
    """Run emitted modules in a Python that can't import dagspec."""
    paths = []
    for number, source in enumerate(sources):
        path = folder / f"model_{number}.py"
        path.write_text(source, encoding="utf-8")
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *paths],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def expected(spec: Spec) -> dict[str, object]:
    """The same of `build_model`."""
    model = dagspec.build_model(spec, seed=3).double().eval()
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(2, *spec.observed.shape, generator=generator).double()
    noise = model.noise(2, seed=5)
    made = model.sample(2, seed=9).latents
    had = model.counterfactual(x, {n: made[n] for n in model.order[::2]}, noise=noise)
    return {
        "keys": list(model.state_dict()),
        "elbo": model.elbo(x, noise).tolist(),
        "mean": model.sample(2, noise=noise).x.sum((0,)).flatten().tolist(),
        "had": [had.x.tolist(), {n: z.tolist() for n, z in had.latents.items()}],
        "spec": dagspec.lower(spec).text,
        "source": True,
    }


def test_emitted_files_need_torch_alone_and_give_the_same(tmp_path: Path) -> None:
    given = [dagspec.load(path) for path in SPECS if "pendulum" not in path.name]
    sources = [dagspec.emit(dagspec.lower(spec)) for spec in given]
    found = run_alone(tmp_path, sources)
    for spec, result in zip(given, found, strict=True):
        assert result == expected(spec), spec.name


def test_random_emitted_files_give_the_same(tmp_path: Path) -> None:
    drawn: list[Spec] = []

    @settings(max_examples=20)
    @given(spec=specs())
    def collect(spec: Spec) -> None:
        drawn.append(spec)

    collect()
    sources = [dagspec.emit(dagspec.lower(spec)) for spec in drawn]
    found = run_alone(tmp_path, sources)
    for spec, result in zip(drawn, found, strict=True):
        assert result == expected(spec), spec


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_class_is_the_same_in_both_forms(path: Path) -> None:
    plan = dagspec.lower(dagspec.load(path))
    title = f"class {class_name(plan.name)}(ConceptVAE):"
    alone, inside = (
        dagspec.emit(plan, standalone=alone).partition(title)[2]
        for alone in (True, False)
    )
    assert alone == inside
    assert alone


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_source_is_as_reviewed(path: Path, golden: Golden) -> None:
    plan = dagspec.lower(dagspec.load(path))
    golden(f"source/{path.stem}.py.txt", dagspec.emit(plan, standalone=False))


def test_emitted_files_are_formatted_and_linted(tmp_path: Path) -> None:
    for path in SPECS:
        source = dagspec.emit(dagspec.lower(dagspec.load(path)))
        (tmp_path / f"{path.stem}.py").write_text(source)
    (tmp_path / "large.py").write_text(dagspec.emit(dagspec.lower(large())))
    (tmp_path / "hostile.py").write_text(dagspec.emit(dagspec.lower(hostile())))
    for command in (["format", "--check"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_emitted_files_are_strictly_typed(tmp_path: Path) -> None:
    for path in SPECS:
        source = dagspec.emit(dagspec.lower(dagspec.load(path)))
        (tmp_path / f"{path.stem}.py").write_text(source)
    (tmp_path / "large.py").write_text(dagspec.emit(dagspec.lower(large())))
    settings_file = tmp_path / "pyrightconfig.json"
    settings_file.write_text('{"typeCheckingMode": "strict"}')
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, "-p", str(settings_file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors" in done.stdout


def large(labels: bool = True) -> Spec:
    """A graph past the size from which concepts stand in a table."""
    names = [f"z{number}" for number in range(40)]
    edges = "\n".join(f"z{n} -> z{n + 8}" for n in range(32))
    latents = ", ".join(names)
    labelled = (
        'latent y: normal[1] { label = "y" }\n'
        'latent turn: normal[2] { label = "turn" }\n'
        "y, turn -> image\n"
    )
    return dagspec.parse(
        f"model large\nobserve image: bernoulli[1, 8, 8]\n"
        f"latent {latents}: normal[1]\n{edges}\nz0 -> image\n"
        + "".join(f"z{n} -> image\n" for n in range(32, 40))
        + (labelled if labels else "")
    )


def hostile() -> Spec:
    """Names that mean something to Python, a description that tries to be code."""
    spec = dagspec.parse(
        "model normal\nobserve image: bernoulli[1, 8, 8]\n"
        + "".join(f"latent {name}: normal[1]\n" for name in NAMES)
        + f"latent {'n' * 90}: categorical[3]\n"
        + f"train -> {'n' * 90}\n"
    )
    return spec.model_copy(update={"description": HOSTILE})


def test_labels_have_a_column_of_the_table_where_there_are_any(
    tmp_path: Path,
) -> None:
    assert dagspec.emit(dagspec.lower(large())).endswith("labels=labels,\n        )\n")
    plain = dagspec.emit(dagspec.lower(large(labels=False)), standalone=False)
    assert "abel" not in plain
    (result,) = run_alone(tmp_path, [dagspec.emit(dagspec.lower(large()))])
    assert result == expected(large())
    keys = result["keys"]
    assert isinstance(keys, list)
    assert keys[-3:] == ["labels.turn.period", "labels.y.mean", "labels.y.std"]
    labels = dagspec.build_model(large()).labels
    assert labels.names == {AngleLabel(): ("turn",), RealLabel(1): ("y",)}


def test_text_of_a_spec_never_becomes_code(tmp_path: Path) -> None:
    (result,) = run_alone(tmp_path, [dagspec.emit(dagspec.lower(hostile()))])
    assert result == expected(hostile())


@given(text=st.text())
def test_string_literals_mean_their_text(text: str) -> None:
    literal = string(text)
    assert ast.literal_eval(literal) == text
    assert literal.isascii()
    assert "\n" not in literal


@pytest.mark.parametrize(
    ("name", "expected_name"),
    [
        ("dsprites_correlated", "DspritesCorrelated"),
        ("normal", "NormalModel"),
        ("concept_VAE", "ConceptVAEModel"),
        ("tensor", "TensorModel"),
        ("none", "NoneModel"),
        ("value_error", "ValueErrorModel"),
        ("_", "Model"),
        ("_1", "Model1"),
        ("s_p_e_c", "SPECModel"),
        ("x", "X"),
    ],
)
def test_class_names_are_legal_and_free(name: str, expected_name: str) -> None:
    assert class_name(name) == expected_name


def test_no_name_of_the_blocks_is_there_twice() -> None:
    names = [name for block in read_blocks().values() for name in block.defines]
    assert sorted(set(names)) == sorted(names)


def test_source_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import dagspec, sys; "
        "sys.stdout.write(dagspec.emit(dagspec.lower(dagspec.load(sys.argv[1]))))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code, str(SPECS[2])],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "7")
    }
    assert len(texts) == 1


def test_tracebacks_and_inspect_show_the_emitted_text() -> None:
    model = dagspec.build_model(SPECS[2])
    assert model.source == dagspec.emit(
        dagspec.lower(dagspec.load(SPECS[2])), standalone=False
    )
    assert model.spec == dagspec.load(SPECS[2])
