"""Rules about the process: it can be run, and it makes what is observed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from dagspec import geometry
from dagspec.diagnostic import Diagnostic, Label, Span
from dagspec.graph import LatentGraph
from dagspec.spec.draft import Draft
from dagspec.spec.process import Renderer
from dagspec.spec.renderers import RENDERERS, enough_for, first_narrow
from dagspec.spec.rules.graph import closed_path
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import listed


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
    if not image and sound and node.value.family == "bernoulli":
        message = f"`mlp` makes numbers of any size, and `{node.value.name}` has 0 to 1"
        help = f"observe a `normal[{shape[0]}]`"
        yield error(
            "E909", message, draft.process.places[0], "any number", size, help=help
        )
    elif not image and sound:
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
