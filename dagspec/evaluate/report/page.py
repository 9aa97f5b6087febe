"""The page as a whole: one file that needs nothing else, not even a network."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dagspec.evaluate.report.elements import Markup, element
from dagspec.pictures import render, style
from dagspec.spec import Spec

_LOOK = f"""
body {{ margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: {style.INK};
  background: {style.PAPER}; font: 15px/1.5 system-ui, sans-serif; }}
h1 {{ font-size: 1.6rem; }} h2 {{ font-size: 1.2rem; margin-top: 2.5rem; }}
h3 {{ font-size: 1rem; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.25rem 0.9rem 0.25rem 0;
  border-bottom: 1px solid {style.SHADE}; }}
th {{ color: {style.TEXT}; font-weight: 600; }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
p, figcaption, li {{ max-width: 46rem; }} figcaption {{ color: {style.TEXT}; }}
figure {{ margin: 1.5rem 0; }} img, svg {{ max-width: 100%; height: auto; }}
.wide {{ overflow-x: auto; margin: 1rem 0; }} .wide svg {{ max-width: none; }}
pre {{ background: {style.PALE}; padding: 1rem; overflow-x: auto; font-size: 13px; }}
"""
_NAMESPACE = re.compile(r' xmlns(:\w+)?="[^"]*"')


def page(title: str, content: Iterable[Markup]) -> str:
    """A whole HTML page."""
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        Markup(f"<style>{_LOOK}</style>"),
    )
    body = element("body", *content)
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


def graph_drawing(spec: Spec) -> Markup:
    """Who causes whom, as SVG inside the page."""
    svg = render(spec).pipe(format="svg").decode()
    inside = svg[svg.index("<svg") :]
    # In a page SVG needs no names of its kind, which look like addresses.
    return element("figure", Markup(_NAMESPACE.sub("", inside)))
