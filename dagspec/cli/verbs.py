"""The verbs of the command line."""

from __future__ import annotations

# Where each is; the function has the verb's name. A new verb is one file and one line.
VERBS = {
    "check": "dagspec.cli.check",
    "fmt": "dagspec.cli.fmt",
    "show": "dagspec.cli.show",
    "compile": "dagspec.cli.compile",
    "render": "dagspec.cli.render",
    "notes": "dagspec.cli.notes",
    "train": "dagspec.cli.train",
    "evaluate": "dagspec.cli.evaluate",
    "sample": "dagspec.cli.sample",
    "traverse": "dagspec.cli.traverse",
    "intervene": "dagspec.cli.intervene",
    "counterfactual": "dagspec.cli.counterfactual",
    "bench": "dagspec.cli.bench",
    "datasets": "dagspec.cli.datasets",
    "explain": "dagspec.cli.explain",
}
