"""What is written for TensorBoard, and under which names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from tensorboard.compat.proto import summary_pb2
from torch import Tensor
from torch.utils.tensorboard import summary

from dagspec.geometry import is_image
from dagspec.monitor import grids
from dagspec.monitor.events import EventFile, cut_back, event_files
from dagspec.monitor.measurement import Measurement
from dagspec.monitor.modes import evaluating
from dagspec.nn.queries import ConceptVAE
from dagspec.pictures import draw, picture_bytes
from dagspec.plan import Plan
from dagspec.spec import Latent, Spec, dotted_options, write_spec

_MANY, _FEW = 30, 12
_REBUILT, _MADE_UP, _COLUMNS, _BINS = 8, 32, 8, 64
_TAGS = {
    "loss": "loss/total",
    "gradient": "gradient/total",
    "lr": "schedule/lr",
    "beta": "schedule/beta",
}
_RESULTS = ("validation/elbo", "validation/kl", "loss/total")
# Classes of protocol buffers are made when they are imported: no checker sees them.
_proto: Any = summary_pb2
_make: Any = summary


class TensorBoard:
    """Writes what a run does into a folder that `tensorboard --logdir` reads.

    A process writes one event file, whose name was never used in the folder. Every call
    writes its events whole before it returns.

    Args:
        folder: Where; it is made if it is not there.
        sizes: What `sizes` gave when a checkpoint was made: what was written later is
            taken away. Where there is none, what is there stays.

    Attributes:
        warnings: What of the recorded events is missing, one line a file.

    Raises:
        OSError: The folder cannot be written to.
    """

    def __init__(self, folder: Path, sizes: Mapping[str, int] | None = None) -> None:
        self.folder = folder
        before = event_files(folder)
        self.warnings = () if sizes is None else cut_back(folder, sizes)
        self._file = EventFile(folder, after=before)

    def training(self, step: int, values: Mapping[str, float]) -> None:
        """Write what was logged of some steps; cheap.

        Args:
            step: Steps done.
            values: By the columns of metrics.csv: `loss` becomes `loss/total`,
                `gradient` `gradient/total`, `lr` and `beta` go under `schedule/`, a
                concept's `kl.NAME` becomes `kl/NAME`, a term's `term.NAME` `term/NAME`,
                and all others go under `loss/`.
        """
        self._scalars(step, {_tag(name): value for name, value in values.items()})

    def gradients(self, step: int, norms: Mapping[str, float]) -> None:
        """Write what `gradient_norms` gave: `gradient/encoder.1` and so on."""
        self._scalars(step, {f"gradient/{part}": norm for part, norm in norms.items()})

    def validation(self, step: int, measurement: Measurement) -> None:
        """Write what a model makes of held-out examples.

        Scalars `validation/elbo`, `validation/log_prob`, `validation/kl`; of each
        concept `kl_validation/NAME`, `active/NAME` and, where it has a mu and a sigma,
        `posterior/NAME/mu_mean`, `mu_std`, `sigma_mean`, `sigma_std` and the same under
        `prior/`; of labels `labels/NAME/METRIC`; of each stage on the way up
        `dead/stage_S` and the histogram `activations/stage_S`.
        """
        self._scalars(step, dict(_validation(measurement)))
        for stage in measurement.stages:
            values = stage.values[stage.values.isfinite()].numpy()
            if len(values):
                tag = f"activations/stage_{stage.number}"
                self._file.add(step, _make.histogram(tag, values, _BINS))

    def pictures(self, step: int, model: ConceptVAE, x: Tensor, spec: Spec) -> None:
        """Write `reconstructions`, `samples` and, of each concept, `traversal/NAME`.

        The noise is the same each time. Of more than 30 concepts the 12 with the
        largest KL are shown; a model of vectors has no pictures.

        Args:
            step: Steps done.
            model: The model.
            x: Images `(B, C, H, W)`, the same at every step; the first 8 are used.
            spec: What the model was built from.
        """
        if not is_image(spec.observed.shape):
            return
        x = x[:_REBUILT].to(model.decoder.constant.device)
        with evaluating(model):
            out = model(x, model.noise(len(x)))
            rebuilt = grids.reconstructions(x, out.reconstruction, model.observed)
            self._image(step, "reconstructions", rebuilt)
            made_up = model.sample(_MADE_UP, noise=model.noise(_MADE_UP)).x
            self._image(step, "samples", grids.samples(made_up, _COLUMNS))
            for latent in _most_informed(spec, out.divergences, model.comparison.names):
                moved = grids.traversal(model, out.latents, latent)
                self._image(step, f"traversal/{latent.name}", moved)

    def graph(self, step: int, plan: Plan, measurement: Measurement) -> None:
        """Write `graph`, the concepts with the KL of each written in.

        A graph too large to be drawn concept by concept has its levels instead.

        Raises:
            RenderError: Graphviz could not draw it.
        """
        notes = {name: f"KL {kl:.2f}" for name, kl in measurement.kl.items()}
        png = picture_bytes(draw(plan, notes=notes), "png")
        self._png(step, "graph", png)

    def settings(self, spec: Spec) -> None:
        """Write the hyper-parameters and the spec's text; once a run, at its start.

        Args:
            spec: What is trained; every option is one hyper-parameter, named as in
                `--set`.
        """
        values = dict(_settings(spec))
        metrics = dict.fromkeys(_RESULTS, 0.0)
        code = "\n".join(f"    {line}" for line in write_spec(spec).splitlines())
        self._file.add(0, *_make.hparams(values, metrics), _make.text("spec", code))

    def sizes(self) -> dict[str, int]:
        """Bytes of every event file, by name, once all of it is on the disk.

        Raises:
            OSError: The disk is full, or the files are gone.
        """
        self._file.sync()
        return event_files(self.folder)

    def close(self) -> None:
        """Close the event file; it may be called twice."""
        self._file.close()

    def _scalars(self, step: int, values: Mapping[str, float]) -> None:
        value = _proto.Summary.Value
        found = [value(tag=tag, simple_value=each) for tag, each in values.items()]
        self._file.add(step, _proto.Summary(value=found))

    def _image(self, step: int, tag: str, image: Image.Image) -> None:
        buffer = BytesIO()
        image.save(buffer, format="PNG")
        self._png(step, tag, buffer.getvalue())

    def _png(self, step: int, tag: str, png: bytes) -> None:
        width, height = Image.open(BytesIO(png)).size
        image = _proto.Summary.Image(
            height=height, width=width, colorspace=3, encoded_image_string=png
        )
        value = _proto.Summary.Value(tag=tag, image=image)
        self._file.add(step, _proto.Summary(value=[value]))


def _tag(name: str) -> str:
    if name in _TAGS:
        return _TAGS[name]
    own = name.startswith(("kl.", "term."))
    return name.replace(".", "/", 1) if own else f"loss/{name}"


def _validation(measurement: Measurement) -> Iterator[tuple[str, float]]:
    yield "validation/elbo", measurement.elbo
    yield "validation/log_prob", measurement.log_prob
    yield "validation/kl", measurement.total_kl
    for name, kl in measurement.kl.items():
        yield f"kl_validation/{name}", kl
        yield f"active/{name}", measurement.active[name]
    for name, stats in measurement.concepts.items():
        sides = (("posterior", stats.posterior), ("prior", stats.prior))
        for side, moments in sides:
            for moment, value in vars(moments).items() if moments else ():
                yield f"{side}/{name}/{moment}", value
    for name, value in measurement.labels.items():
        yield f"labels/{name.replace('.', '/')}", value
    for stage in measurement.stages:
        yield f"dead/stage_{stage.number}", stage.dead


def _most_informed(
    spec: Spec, divergences: Tensor, names: tuple[str, ...]
) -> list[Latent]:
    """All concepts, or a few with the largest KL if they are many."""
    if len(names) <= _MANY:
        return list(spec.latents)
    largest = torch.topk(divergences.mean(1).nan_to_num(0.0), _FEW).indices
    chosen = {names[int(place)] for place in largest}
    return [latent for latent in spec.latents if latent.name in chosen]


def _settings(spec: Spec) -> Iterator[tuple[str, float | str]]:
    """Every option of the sections, and what was said of a node."""
    for option in dotted_options(spec):
        value, node = option.value, option.name.startswith(("latent.", "observe."))
        if value is None or (node and value == option.info.default):
            continue
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield option.name, value
        else:
            yield option.name, option.text or ""
