"""Rules about the process: it can be run, it suits the model, how the two differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import TypeAlias

from dagspec import geometry
from dagspec.diagnostic import Diagnostic, Label, Span
from dagspec.graph import LatentGraph
from dagspec.spec.draft import Draft
from dagspec.spec.process import Renderer
from dagspec.spec.renderers import RENDERERS, enough_for, first_narrow
from dagspec.spec.rules.graph import MOST_LABELS, closed_path
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import listed

Edge: TypeAlias = tuple[str, str]


def has_no_circle(draft: Draft) -> Iterator[Diagnostic]:
    """No variable is made of itself, not even by way of others."""
    edges = draft.process.edges
    for edge, span in edges.items():
        if edge[0] == edge[1]:
            message = f"`{edge[0]}` is made of itself"
            help = "name what it was before differently, as a variable of its own"
            yield error("E903", message, span, "itself", help=help)
    others = [edge for edge in edges if edge[0] != edge[1]]
    graph = LatentGraph({name for edge in others for name in edge}, others)
    for cycle in graph.find_cycles():
        yield closed_path(
            "E903",
            "the variables form a cycle",
            cycle,
            edges.__getitem__,
            "this closes it",
            "one of them has to be made without the others",
        )


def suits_observed(draft: Draft) -> Iterator[Diagnostic]:
    """The renderers make what is observed: an image, or a vector."""
    process, node = draft.process.value, draft.nodes.observed
    if process is None or node is None or not node.sound("shape"):
        return
    shape, name = node.value.shape, node.value.name
    image = geometry.is_image(shape)
    size = (node.place("shape"), f"`{name}` is {'an image' if image else 'a vector'}")
    sound = True
    for renderer, span in zip(process.renderers, draft.process.places, strict=True):
        if RENDERERS[renderer.name].image != image:
            sound = False
            made = "a vector" if image else "an image"
            message = f"`{renderer.name}` makes {made}, which `{name}` is not"
            fitting = [key for key, facts in RENDERERS.items() if facts.image == image]
            help = f"what is observed here can be made by {listed(fitting)}"
            yield error("E909", message, span, f"makes {made}", size, help=help)
        elif not RENDERERS[renderer.name].suits(shape):
            wanted = RENDERERS[renderer.name].wanted
            message = f"`{renderer.name}` draws {wanted}, not {list(shape)}"
            yield error("E909", message, span, "does not fit", size)
    if not image and sound:
        yield from _one_injective(process.renderers, draft.process.places, shape[0])


def _one_injective(
    renderers: Collection[Renderer], places: Iterable[Span], length: int
) -> Iterator[Diagnostic]:
    """A vector has one network, through which nothing of its inputs is lost."""
    if len(renderers) > 1:
        message = "a vector is made by one `mlp`"
        help = "give one of them all of the inputs"
        span = list(places)[1]
        yield error("E909", message, span, "another one", help=help)
        return
    for renderer, span in zip(renderers, places, strict=True):
        count = len(renderer.arguments)
        narrow = first_narrow(count, renderer.mlp.hidden, length)
        if narrow is not None:
            message = f"{count} numbers may look alike after a layer of {narrow}"
            enough = enough_for(count)
            help = f"let every width, and the length of the vector, be {enough} or more"
            yield error("E909", message, span, "not injective", help=help)


def is_there_to_train_on(draft: Draft) -> Iterator[Diagnostic]:
    """`data = process` needs a process, and a process wants to be used."""
    training, process = draft.sections.training, draft.process
    if not training.wrote("data"):
        return
    span = training.place("data")
    if (training.value.data or "").partition(":")[0] == "process":
        if process.statement is None and not process.unread:
            message = "`data = process`, but there is no process"
            help = "add a section `process { … }`, or name a data set"
            yield error("E910", message, span, "which process?", help=help)
    elif process.statement is not None:
        yield Diagnostic(
            "warning",
            "W202",
            "nothing is trained on this process",
            process.statement.name.span,
            "not used",
            (Label(span, "the examples come from here"),) if span else (),
            help="write `data = process`, or remove the process",
        )


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
        help="leave it if the model is to be wrong here; effects and counterfactuals "
        "are then compared with those of the process",
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
