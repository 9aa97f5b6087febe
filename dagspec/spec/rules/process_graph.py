"""Rules about the graph of a process beside that of the model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from typing import TypeAlias

from dagspec.diagnostic import Diagnostic, Label
from dagspec.graph import LatentGraph
from dagspec.spec.draft import Draft
from dagspec.spec.process import references
from dagspec.spec.rules.graph import MOST_LABELS
from dagspec.spec.rules.process import has_no_circle
from dagspec.spec.values.suggest import listed

Edge: TypeAlias = tuple[str, str]


def differs_from_model(draft: Draft) -> Iterator[Diagnostic]:
    """A warning: the graph of the model is not that of the process."""
    process = draft.process
    if process.value is None or process.statement is None or not draft.complete:
        return
    if draft.cycles or draft.edges.doubtful or draft.nodes.withdrawn:
        return
    if any(has_no_circle(draft)):
        return
    concepts = _concepts(draft, {each.name for each in process.value.variables})
    written = {
        (concepts.get(cause, f"~{cause}"), concepts.get(effect, f"~{effect}")): span
        for (cause, effect), span in process.edges.items()
    }
    kept = frozenset(concepts.values())
    theirs, ours = _among(written, kept), _among(draft.graph_edges, kept)
    missing = {edge: by for edge, by in theirs.items() if edge not in ours}
    extra = {edge: by for edge, by in ours.items() if edge not in theirs}
    if not missing and not extra:
        return
    labels = [
        (written[last], f"`{_arrow(edge)}`{_way(last, edge)} is not in the model")
        for edge, last in missing.items()
    ]
    labels += [
        (
            draft.edges.span(last),
            f"`{_arrow(edge)}`{_way(last, edge)} is not in the process",
        )
        for edge, last in extra.items()
    ]
    yield Diagnostic(
        "warning",
        "W201",
        "the graph of the model is not that of the process: it "
        + _differences(missing.keys(), extra.keys()),
        process.statement.name.span,
        "made by another graph",
        tuple(Label(span, text) for span, text in labels[:MOST_LABELS]),
        help=f"{_mended(missing, extra)}leave it if the model is to be wrong here; "
        "effects and counterfactuals are then compared with those of the process",
    )


def _mended(missing: Mapping[Edge, Edge], extra: Mapping[Edge, Edge]) -> str:
    """How the model would have the edges of the process, as far as a line says them."""
    written = [edge for edge, last in extra.items() if edge == last]
    said = [
        f"{verb} {listed([*map(_arrow, sorted(edges))], 'and', 4)}"
        for verb, edges in (("write", missing), ("remove", written))
        if edges
    ]
    return f"{' and '.join(said)}, or " if said else ""


def shows_what_is_named(draft: Draft) -> Iterator[Diagnostic]:
    """A warning: nothing that is observed depends on the variable of a concept."""
    process = draft.process
    if process.value is None or process.statement is None or not draft.complete:
        return
    if (draft.sections.training.value.data or "").partition(":")[0] != "process":
        return
    variables = {each.name for each in process.value.variables}
    arguments = [pair for each in process.value.renderers for pair in each.arguments]
    read = {name for _, argument in arguments for name in references(argument)}
    shown = LatentGraph(variables, process.edges).reaching(read)
    concepts = _concepts(draft, variables)
    for line in process.statement.assignments:
        name = line.name.text
        if name in concepts and name not in shown:
            yield Diagnostic(
                "warning",
                "W203",
                f"nothing that is observed depends on `{name}`",
                line.name.span,
                f"what `{concepts[name]}` is to tell",
                help=f"give `{name}` to what makes the observed node; else nothing is "
                "known of it but what its causes say",
            )


def _concepts(draft: Draft, variables: Collection[str]) -> Mapping[str, str]:
    """The concept that each variable is, by its label or else by its name."""
    found: dict[str, list[str]] = {}
    for name, concept in draft.concepts.items():
        variable = concept.latent.variable
        if variable is not None and variable in variables:
            found.setdefault(variable, []).append(name)
    return {variable: names[0] for variable, names in found.items() if len(names) == 1}


def _among(edges: Collection[Edge], kept: Collection[str]) -> dict[Edge, Edge]:
    """Edges between `kept` nodes, also by way of others, and the last on the way."""
    children: dict[str, list[str]] = {}
    for parent, child in edges:
        children.setdefault(parent, []).append(child)
    found: dict[Edge, Edge] = {}
    for start in sorted(kept):
        seen, waiting = {start}, [start]
        for node in waiting:
            for child in children.get(node, ()):
                if child in kept:
                    found.setdefault((start, child), (node, child))
                elif child not in seen:
                    seen.add(child)
                    waiting.append(child)
    return found


def _differences(missing: Set[Edge], extra: Set[Edge]) -> str:
    """What the model does to the edges of the process, as the rest of a sentence."""
    turned = {edge for edge in missing if edge[::-1] in extra}
    said = (
        ("turns round", turned),
        ("lacks", missing - turned),
        ("adds", extra - {edge[::-1] for edge in turned}),
    )
    *first, last = (
        f"{verb} {listed([*map(_arrow, sorted(edges))], 'and', 4)}"
        for verb, edges in said
        if edges
    )
    return f"{', '.join(first)} and {last}" if first else last


def _arrow(edge: Edge) -> str:
    return " -> ".join(edge)


def _way(last: Edge, edge: Edge) -> str:
    return "" if last == edge else f" by way of `{last[0].lstrip('~')}`"
