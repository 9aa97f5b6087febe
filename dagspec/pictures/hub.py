"""The concepts between the towers: rows of pills, children above their parents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from dagspec.pictures import style
from dagspec.pictures.canvas import Line, text_size
from dagspec.pictures.diagram import is_legible
from dagspec.pictures.escape import shorten
from dagspec.pictures.layers import GAP, Arrow, Layout, lay_out
from dagspec.pictures.notation import (
    counted,
    families_text,
    family_text,
    is_discrete,
    names_text,
)
from dagspec.plan.model import LatentPlan, Plan

ROW = 5
ROW_GAP = 26.0
_ROUND = 1.3


@dataclass(frozen=True)
class Pill:
    """A concept or, where there are too many to be drawn, all concepts of a stage.

    Attributes:
        name: Its name.
        lines: What is written in it.
        tooltip: What is said of it when pointed at.
        shape: An ellipse is continuous, a box is discrete.
        feeds: Whether it is written into the way down.
        stage: Its stage.
    """

    name: str
    lines: tuple[Line, ...]
    tooltip: str
    shape: str
    feeds: bool
    stage: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points, with room for the text."""
        width, height = text_size(self.lines)
        factor = _ROUND if self.shape == "ellipse" else 1.0
        return (width * factor + 14, height + 12)


@dataclass(frozen=True)
class Hub:
    """Pills row by row, from the observed node's end to the deepest stage.

    Attributes:
        rows: Pills of each row, all of one stage.
        layout: Where pills and arrows are from left to right, around 0.
        width: Room that they take.
    """

    rows: tuple[tuple[Pill, ...], ...]
    layout: Layout
    width: float

    def heights(self) -> Mapping[int, float]:
        """Room that the rows of each stage take, gaps between them included."""
        heights: dict[int, float] = {}
        for row in self.rows:
            height = max(pill.size[1] for pill in row)
            stage = row[0].stage
            before = heights[stage] + ROW_GAP if stage in heights else 0.0
            heights[stage] = before + height
        return heights

    def bands(self, tops: Mapping[int, float]) -> list[tuple[float, float]]:
        """Top and bottom of each row, given the top of each stage."""
        top = dict(tops)
        bands: list[tuple[float, float]] = []
        for row in self.rows:
            start, height = top[row[0].stage], max(pill.size[1] for pill in row)
            bands.append((start, start + height))
            top[row[0].stage] = start + height + ROW_GAP
        return bands


def make_hub(plan: Plan) -> Hub:
    """Lay out the concepts of a plan."""
    arrows = [(a, latent.name) for latent in plan.latents for a in latent.parents]
    rows = _concepts(plan)
    if not is_legible(len(plan.latents), len(arrows), len(rows)):
        rows, arrows = _crowds(plan, arrows), []
    widths = {pill.name: pill.size[0] for row in rows for pill in row}
    names = [[pill.name for pill in row] for row in rows]
    layout = lay_out(names, widths, arrows)
    lanes = [x for passed in layout.lanes.values() for x in passed]
    left = min([*(x - widths[name] / 2 for name, x in layout.x.items()), *lanes])
    right = max([*(x + widths[name] / 2 for name, x in layout.x.items()), *lanes])
    return Hub(rows, layout.shifted(-(left + right) / 2), right - left + GAP)


def _concepts(plan: Plan) -> tuple[tuple[Pill, ...], ...]:
    """A row for each generation within a stage, or more where it is long."""

    def place(latent: LatentPlan) -> tuple[int, int]:
        return (latent.stage, -latent.generation)

    rows: list[tuple[Pill, ...]] = []
    for _, group in groupby(sorted(plan.latents, key=place), key=place):
        pills = [_pill(latent) for latent in group]
        length = ceil(len(pills) / ceil(len(pills) / ROW))
        rows += [tuple(pills[i : i + length]) for i in range(0, len(pills), length)]
    return tuple(rows)


def _pill(latent: LatentPlan) -> Pill:
    family = family_text(latent)
    parameters = counted(latent.parameters, "parameter")
    return Pill(
        name=latent.name,
        lines=(
            Line(shorten(latent.name, style.LONGEST_NAME), title=True),
            Line(f"{family} · {latent.parameters:,}"),
        ),
        tooltip=latent.description or f"{latent.name}: {family}, {parameters}",
        shape="box" if is_discrete(latent) else "ellipse",
        feeds=latent.feeds,
        stage=latent.stage,
    )


def _crowds(plan: Plan, arrows: list[Arrow]) -> tuple[tuple[Pill, ...], ...]:
    """One box a stage, which tells of the edges that are not drawn."""
    stage_of = {latent.name: latent.stage for latent in plan.latents}
    inside = Counter(stage_of[b] for a, b in arrows if stage_of[a] == stage_of[b])
    across = Counter(stage_of[b] for a, b in arrows if stage_of[a] != stage_of[b])
    rows: list[tuple[Pill, ...]] = []
    for stage in plan.features.stages:
        latents = [latent for latent in plan.latents if latent.stage == stage.number]
        if len(latents) <= 1:
            rows += [(_pill(latent),) for latent in latents]
            continue
        parameters = sum(latent.parameters for latent in latents)
        lines = [
            Line(counted(len(latents), "concept"), title=True),
            Line(f"{families_text(latents)} · {parameters:,}"),
        ]
        if inside[stage.number]:
            lines.append(Line(f"{counted(inside[stage.number], 'edge')} inside"))
        if across[stage.number]:
            lines.append(
                Line(f"{counted(across[stage.number], 'edge')} from other stages")
            )
        names = names_text([latent.name for latent in latents])
        feeds = any(latent.feeds for latent in latents)
        title = f"concepts of stage {stage.number}"
        rows.append((Pill(title, tuple(lines), names, "box", feeds, stage.number),))
    return tuple(rows)
