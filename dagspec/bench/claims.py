"""What the project promises of its speed and size, measured.

Only a checkout has all of it: one model to measure against is in `examples/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from types import ModuleType

from dagspec.bench.finding import Finding
from dagspec.bench.flat import FlatVAE
from dagspec.bench.memory import peak_of_training
from dagspec.bench.process import processor_seconds, python
from dagspec.bench.step import TrainingStep, Vae, noise_batch
from dagspec.bench.timing import time_by_turns
from dagspec.bench.wide import wide_spec
from dagspec.compiler import build_model, parse
from dagspec.data import open_source
from dagspec.emission import emit
from dagspec.plan import lower

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "specs" / "dsprites.dag"
IMAGE, BATCH = (1, 64, 64), 64


def load_example(name: str) -> ModuleType:
    """A script of `examples/` as a module, not run as a program."""
    found = spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def measure_check(rounds: int = 20) -> Iterator[Finding]:
    """`dagspec check` as a whole process, beside importing what it must import."""
    verb = ["-c", "from dagspec.cli import main; main()", "check", str(SPEC)]
    imports = ["-c", "import lark, pydantic, networkx"]
    runs = {"check": python(verb), "imports": python(imports)}
    clocks = {"wall time": perf_counter, "processor time": processor_seconds}
    for name, clock in clocks.items():
        timings = time_by_turns(runs, rounds, warmup=1, clock=clock)
        ratio = timings.ratio("check", "imports")
        claim = f"dagspec check / import lark, pydantic, networkx: {name}"
        yield Finding(claim, 2.0, ratio, "x")


def measure_wide(rounds: int = 20, latents: int = 1000) -> Iterator[Finding]:
    """A spec of many scalar latents, beside its towers with one flat latent."""
    text = wide_spec(latents)
    start = perf_counter()
    spec = parse(text)
    plan = lower(spec)
    seconds = perf_counter() - start
    subject = f"{latents:,} latents"
    yield Finding(f"{subject}: parse to plan", 3.0, seconds, "s")

    # What imports the blocks instead of containing them is all about this graph.
    size = len(emit(plan, standalone=False).encode()) / 1000
    yield Finding(f"{subject}: text of the class and its table", 60, size, "kB")

    model = build_model(spec)
    ratio = _step_ratio(model, FlatVAE(model, plan), rounds)
    yield Finding(f"{subject}: training step / one flat latent's", 2.0, ratio, "x")


def measure_handwritten(rounds: int = 60) -> Iterator[Finding]:
    """specs/dsprites.dag, compiled, beside the same model written by hand."""
    model = build_model(SPEC)
    handwritten: Vae = load_example("handwritten_dsprites").HandwrittenDsprites()
    ratio = _step_ratio(model, handwritten, rounds)
    yield Finding("dsprites: training step / the handwritten model's", 1.10, ratio, "x")
    x = noise_batch(IMAGE, BATCH)
    ratio = peak_of_training(model, x) / peak_of_training(handwritten, x)
    claim = "dsprites: peak memory of tensors / the handwritten model's"
    yield Finding(claim, 1.15, ratio, "x")


def measure_feeding(images: int = 5000, rounds: int = 60) -> Iterator[Finding]:
    """Sprites drawn a second of one core, and a step beside drawing its batch."""
    source = open_source("dsprites")
    source.load(source.choose(0, BATCH, seed=0))
    start = process_time()
    source.load(source.choose(1, images, seed=0))
    speed = images / (process_time() - start)
    claim = "sprites drawn a second of one core"
    yield Finding(claim, 5000, speed, "images", at_least=True)

    numbers = count()
    runs = {
        "step": TrainingStep(build_model(SPEC), noise_batch(IMAGE, BATCH)),
        "feed": lambda: source.load(source.choose(next(numbers), BATCH, seed=0)),
    }
    ratio = time_by_turns(runs, rounds).ratio("step", "feed")
    claim = "dsprites: training step / choosing and drawing its batch"
    yield Finding(claim, 5, ratio, "x", at_least=True)


def _step_ratio(model: Vae, other: Vae, rounds: int) -> float:
    x = noise_batch(IMAGE, BATCH)
    runs = {"model": TrainingStep(model, x), "other": TrainingStep(other, x)}
    return time_by_turns(runs, rounds).ratio("model", "other")
