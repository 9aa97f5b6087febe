"""The numbers in the brackets of a node, and the family before them."""

from __future__ import annotations

from collections.abc import Mapping

from dagspec import families
from dagspec.families import Family
from dagspec.spec.values.notes import Notebook, Place, Site, shown
from dagspec.spec.values.numerals import Numeral
from dagspec.spec.values.suggest import did_you_mean, listed
from dagspec.syntax.tree import Node, Sequence

LATER_OBSERVED = ("laplace", "logistic_mixture", "categorical")
# What the families are called elsewhere.
SYNONYMS: Mapping[str, str] = {
    "gaussian": "normal",
    "gauss": "normal",
    "binary": "bernoulli",
    "discrete": "categorical",
    "onehot": "categorical",
}
COUNT = Numeral(whole=True, range="of 1 or more")


def read_family(node: Node, notes: Notebook) -> Family | None:
    """The family that a node names, None (and an error) if it cannot have it."""
    word, observed = node.family, node.keyword == "observe"
    known = [
        name
        for name, family in families.FAMILIES.items()
        if (family.observed if observed else family.latent) is not None
    ]
    if word.text in known:
        return families.FAMILIES[word.text]
    site = Site(("family",), "the family", known[0])
    role = "an observed node" if observed else "a latent"
    help = f"{role} may be {listed(known)}"
    if observed and word.text in LATER_OBSERVED:
        message = f"{role} cannot be `{word.text}` in this version"
        return notes.refuse(site, "E701", message, word.span, "not supported yet", help)
    if word.text in (*LATER_OBSERVED, *families.FAMILIES):
        message = f"{role} cannot be `{word.text}`"
        return notes.refuse(
            site, "E302", message, word.span, "another kind of node", help
        )
    message = f"there is no family `{word.text}`"
    usual = SYNONYMS.get(word.text.lower().replace("_", ""), word.text)
    help = did_you_mean(usual, known) or help
    return notes.refuse(site, "E301", message, word.span, "unknown family", help)


def read_dim(node: Node, notes: Notebook) -> object:
    """The dimension of a latent; what is wrong goes to `notes`."""
    site = Site(("dim",), "the dimension", f"{node.family.text}[1]")
    size = _brackets(node, site, notes)
    if size is None or len(size.items) == 1:
        return size and COUNT.read(size.items[0], site, notes)
    message = f"a latent is a vector, so it has one dimension, not {shown(size.span)}"
    help = f"write for example `{site.example}`"
    return notes.refuse(site, "E303", message, size.span, "not one number", help)


def read_shape(node: Node, notes: Notebook) -> object:
    """The shape of the observed node; what is wrong goes to `notes`."""
    family = node.family.text
    site = Site(("shape",), "the shape", f"{family}[1, 64, 64]")
    size = _brackets(node, site, notes)
    if size is None:
        return None
    if len(size.items) not in (1, 3):
        message = f"{shown(size.span)} is the shape of neither an image nor a vector"
        help = f"write `{family}[CHANNELS, HEIGHT, WIDTH]` or `{family}[LENGTH]`"
        return notes.refuse(site, "E303", message, size.span, "1 or 3 numbers", help)
    notes.places[site.loc] = Place(site, size.span, site.subject)
    sides = tuple(
        COUNT.read(item, site.inner(i, f"number {i + 1} of the shape"), notes)
        for i, item in enumerate(size.items)
    )
    if sides[1:] == (1, 1):
        message = f"{shown(size.span)} is an image of a single pixel"
        help = f"write `{family}[{sides[0]}]`, a vector"
        return notes.refuse(site, "E304", message, size.span, "a vector", help)
    return sides


def _brackets(node: Node, site: Site, notes: Notebook) -> Sequence | None:
    if node.size is None:
        message = f"`{node.family.text}` needs {site.subject} in brackets"
        help = f"write for example `{site.example}`"
        return notes.refuse(
            site, "E303", message, node.family.span, "no brackets", help
        )
    return node.size
