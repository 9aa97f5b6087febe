"""notes.md: a page about one run, for the notebook of whoever ran it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path

from dagspec.runs.files import write_file
from dagspec.runs.folder import RunFolder
from dagspec.runs.markdown import (
    NOTHING,
    code,
    counted,
    fence,
    figure,
    nats,
    prose,
    table,
)
from dagspec.runs.record import ConceptRow, RunRecord, RunStatus, Score
from dagspec.runs.run import Run, read_run

_MOST_CONCEPTS = 30
_STATES = {
    "running": "Not finished",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
}


def write_notes(folder: RunFolder, page: Path | None = None) -> None:
    """Write notes.md and curves.png from what the folder holds so far.

    Args:
        folder: The run's folder.
        page: Where to write instead: the page, and its picture beside it.

    Raises:
        RunError: There is no run, one of its files is damaged, or the notes cannot be
            written.
    """
    from dagspec.runs.curves import draw_curves

    run = read_run(folder)
    picture = page.with_suffix(".png") if page else folder.curves_file
    drawn = draw_curves(run.metrics, run.status.labels if run.status else ())
    if drawn:
        write_file(picture, drawn)
    seen = not page and folder.pictures_file.exists()
    text = notes_text(
        run,
        picture.name if drawn else None,
        folder.pictures_file.name if seen else None,
    )
    write_file(page or folder.notes_file, text.encode())


def notes_text(run: Run, picture: str | None = None, images: str | None = None) -> str:
    """The page about a run, as Markdown.

    Args:
        run: What was run and how far it came.
        picture: What the page calls the picture of its curves; None without one.
        images: The same of the picture of images.
    """
    parts = [
        *_head(run),
        f"![Curves of the run]({picture})" if picture else "",
        f"![Images, reconstructions, each concept moved]({images})" if images else "",
        *(_findings(run.status) if run.status else ()),
        "## What was run",
        _facts(run.record),
        *(("## Spec", fence(run.spec)) if run.spec else ()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(run: Run) -> Iterator[str]:
    record, status = run.record, run.status
    folder = "" if run.name == record.name else f": {prose(run.name)}"
    yield f"# {prose(record.name)}{folder}"
    yield prose(record.description)
    if status is None:
        yield "**Started**; nothing is known of it yet."
        return
    yield _state(status, record)
    yield _scores(status)


def _findings(status: RunStatus) -> Iterator[str]:
    if status.warnings:
        yield "## Warnings"
        yield "\n".join(f"- {prose(warning)}" for warning in status.warnings)
    if status.goes_on:
        yield "## To go on"
        yield fence(status.goes_on, "sh")
    if status.concepts:
        yield "## Concepts"
        yield from _concepts(status.concepts)
    if status.labels:
        yield "## Labels"
        yield _labels(status.labels)


def _state(status: RunStatus, record: RunRecord) -> str:
    """Such as `**Stopped** at step 1,200 of 3,000: interrupted.`."""
    where = f" at step {status.step:,} of {record.steps:,}"
    if status.state == "finished":
        where = f" after {counted(status.step, 'step')}"
        if status.step < record.steps:
            where += f" of {record.steps:,}"
    if status.state == "running":
        where += ", when it was last heard of"
    reason = prose(status.reason).rstrip(".")
    return f"**{_STATES[status.state]}**{where}{': ' if reason else ''}{reason}."


def _scores(status: RunStatus) -> str:
    if status.last is None and status.best is None:
        return "There was no validation yet."
    if status.best == status.last:
        return f"The last ELBO is the best: {_score(status.best)} (validation, nats)."
    best, last = map(_score, (status.best, status.last))
    return f"Best ELBO {best}, last {last} (validation, nats)."


def _score(score: Score | None) -> str:
    return f"**{nats(score[1])}** at step {score[0]:,}" if score else NOTHING


def _concepts(concepts: Mapping[str, ConceptRow]) -> Iterator[str]:
    """In the order declared, or the largest by KL where they are many."""
    names = list(concepts)
    if len(names) > _MOST_CONCEPTS:
        names.sort(key=lambda name: -_or_zero(concepts[name].kl))
    head = ("concept", "family", "KL>", "active>", "μ>", "σ>")
    rows = [_concept(name, concepts[name]) for name in names[:_MOST_CONCEPTS]]
    yield table(head, rows)
    rest = [concepts[name] for name in names[_MOST_CONCEPTS:]]
    if rest:
        kl = nats(sum(row.kl for row in rest))
        idle = sum(row.active == 0 for row in rest)
        yield (
            f"{len(rest):,} more concepts have a KL of {kl} nats together; {idle:,} of "
            "them are not in use."
        )
    yield (
        "KL in nats; active: units in use, of which a categorical is one; μ: mean and "
        "spread over the examples of the posterior's mean; σ: mean of its standard "
        "deviation."
    )


def _concept(name: str, row: ConceptRow) -> tuple[str, ...]:
    mu = NOTHING
    if row.mu_mean is not None:
        spread = "" if row.mu_std is None else f" ± {figure(row.mu_std)}"
        mu = f"{figure(row.mu_mean)}{spread}"
    family = code(f"{row.family}[{row.dim}]")
    active = f"{row.active} of {row.units}"
    return code(name), family, nats(row.kl), active, mu, figure(row.sigma_mean)


def _or_zero(value: float) -> float:
    return value if isfinite(value) else 0.0


def _labels(labels: Mapping[str, float]) -> str:
    parts = {name: name.rpartition(".") for name in labels}
    metrics = tuple(dict.fromkeys(metric for _, _, metric in parts.values()))
    concepts = dict.fromkeys(concept for concept, _, _ in parts.values())
    rows = [
        (code(each), *(figure(labels.get(f"{each}.{name}")) for name in metrics))
        for each in concepts
    ]
    return table(("concept", *(f"{name}>" for name in metrics)), rows)


def _facts(record: RunRecord) -> str:
    length = f"{counted(record.steps, 'step')} of {counted(record.batch, 'example')}"
    if isfinite(record.epoch) and record.epoch > 0:
        length += f", {figure(record.steps / record.epoch)} epochs"
    facts = {
        "data": code(record.data),
        "length": length,
        "seed": str(record.seed),
        "settings": ", ".join(code(f"{k}={v}") for k, v in record.settings.items()),
        "parameters": f"{record.parameters:,}",
        "versions": prose(_listed(record.versions)),
        "machine": prose(_listed(record.machine)),
        "started": prose(record.started),
        "command": code(shlex.join(record.command)),
    }
    return table(("", ""), [(k, v) for k, v in facts.items() if v not in ("", NOTHING)])


def _listed(texts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {text}" for name, text in texts.items())
