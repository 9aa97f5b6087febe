"""Rules about the graph: there is something to observe, every cause has an effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagspec.diagnostic import Diagnostic, Span
from dagspec.spec.draft import Draft
from dagspec.spec.values.notes import error
from dagspec.spec.values.suggest import listed

MOST_LABELS = 20
LONGEST_PATH = 12


def declares_nodes(draft: Draft) -> Iterator[Diagnostic]:
    """A model observes something and has a latent."""
    if not draft.complete:
        return
    if draft.nodes.observing is None:
        help = "declare one, such as `observe image: bernoulli[1, 64, 64]`"
        message = "the model has no observed node"
        yield error("E207", message, draft.start, "", help=help)
    if not draft.concepts and not draft.nodes.withdrawn:
        help = "declare one, such as `latent scale: normal[1]`"
        yield error("E208", "the model has no latent", draft.start, "", help=help)


def has_no_cycle(draft: Draft) -> Iterator[Diagnostic]:
    """Nothing causes itself, not even by way of others."""
    for cycle in draft.cycles:
        few = "the two" if len(cycle) == 2 else "these edges"
        yield closed_path(
            "E203",
            "the edges form a cycle",
            cycle,
            draft.edges.span,
            "this edge closes it",
            f"remove one of {few}, or declare a common parent instead",
        )


def closed_path(
    code: str,
    message: str,
    cycle: tuple[tuple[str, str], ...],
    span_of: Callable[[tuple[str, str]], Span],
    label: str,
    help: str,
) -> Diagnostic:
    """An error about a cycle that names the whole path and shows every edge of it."""
    spans = [span_of(edge) for edge in cycle]
    last = max(range(len(cycle)), key=lambda i: spans[i].start)
    path = [*cycle[last + 1 :], *cycle[: last + 1]]
    names = [edge[0] for edge in path] + [path[0][0]]
    if len(names) > LONGEST_PATH:
        names = [*names[:6], f"… {len(names) - 11:,} more …", *names[-5:]]
    first, *middle = [span_of(edge) for edge in path[:-1]]
    labels = [(first, "it starts here")]
    labels += [(span, "goes on here") for span in middle[: MOST_LABELS - 1]]
    written = f"{message}: {' -> '.join(names)}"
    return error(code, written, spans[last], label, *labels, help=help)


def reaches_observed(draft: Draft) -> Iterator[Diagnostic]:
    """Every latent has an effect on what is observed."""
    if not draft.feeding or draft.observed is None:
        return
    known = draft.edges.doubtful & draft.concepts.keys()
    reached = draft.graph.reaching(draft.feeding | known)
    lost = [name for name in draft.concepts if name not in reached]
    if not lost:
        return
    observed = draft.observed.name
    ends = [name for name in lost if not draft.graph.children(name)] or lost[:1]
    spans = [draft.concepts[name].name.span for name in lost[:MOST_LABELS]]
    edge = next(edge for edge in draft.edges.ends if edge[1] == observed)
    does = "does" if len(lost) == 1 else "do"
    sources = ", ".join(ends) if len(ends) <= 8 else "each of them"
    yield error(
        "E206",
        f"{listed(lost, 'and')} {does} not reach the observed node `{observed}`",
        spans[0],
        "has no effect on it",
        *[(span, "nor has this") for span in spans[1:]],
        (draft.edges.span(edge), "this edge switches the implicit ones off"),
        notes=(
            f"every latent feeds `{observed}` as long as no edge into it is written; "
            "as soon as one is, only the written ones count",
        ),
        help=f"add `{sources} -> {observed}`",
    )


def suits_roots(draft: Draft) -> Iterator[Diagnostic]:
    """A root has a prior but no mechanism, every other latent the reverse."""
    for concepts in draft.statements():
        checked = concepts[0].checked
        parents = {c.name.text: draft.graph.parents(c.name.text) for c in concepts}
        children = [name for name, causes in parents.items() if causes]
        roots = [name for name in parents if not parents[name]]
        roots = [name for name in roots if name not in draft.edges.doubtful]
        if children and checked.wrote("prior") and checked.value.prior == "learned":
            name = children[0]
            edge = (parents[name][0], name)
            yield error(
                "E321",
                f"`prior = learned` is for roots, but `{name}` has a parent",
                checked.options["prior"].span,
                "not of a root",
                (draft.edges.span(edge), f"`{edge[0]}` is its parent"),
                help=f"remove it; p({name} | {', '.join(parents[name][:3])}) is "
                "learned anyway",
            )
        if roots and checked.wrote("mechanism"):
            name = roots[0]
            yield error(
                "E322",
                f"`mechanism` has no meaning for `{name}`, which has no parents",
                checked.options["mechanism"].span,
                "of which parents?",
                help=f"remove it, or write an edge into `{name}`; the prior of a root "
                "is freed by `prior = learned`",
            )
