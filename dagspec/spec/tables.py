"""The parts of the documentation that are made from the code.

`python -m dagspec.spec.tables docs` writes the tables of docs/language.md, which stand
between two comments each, and the whole of docs/errors.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from dagspec import families
from dagspec.atomic import write_whole
from dagspec.diagnostic import Explanation
from dagspec.spec.errors import EXAMPLE_LIMITS, all_explanations
from dagspec.spec.errors.data import DATA
from dagspec.spec.limits import DEFAULT, Limits
from dagspec.spec.model import Latent, Observed
from dagspec.spec.options import Features, Inference, Objective, Training
from dagspec.spec.process import MlpOptions
from dagspec.spec.records import Called
from dagspec.spec.renderers import RENDERERS
from dagspec.spec.values.annotations import OptionInfo, arguments_of, options_of
from dagspec.spec.values.compounds import Invocation

OPTIONS: Mapping[str, type[BaseModel]] = {
    "observe": Observed,
    "latent": Latent,
    "features": Features,
    "inference": Inference,
    "objective": Objective,
    "training": Training,
    "mlp": MlpOptions,
}
HEAD = """# Diagnostics

Every diagnostic has a code that stays the same from version to version, and `dagspec
explain CODE` prints what stands here. A code that begins with E is an error: no model
is made. One that begins with W is a warning, which `dagspec check --strict` turns into
an error.

*Made from the code by `python -m dagspec.spec.tables docs`.*
"""


def language_page(text: str) -> str:
    """The text of docs/language.md with its tables made anew.

    Raises:
        ValueError: A table has no place in the text.
    """
    tables = {name: _options(model) for name, model in OPTIONS.items()}
    tables |= {"families": _families(), "calls": _calls(), "limits": _limits()}
    tables["renderers"] = _renderers()
    for name, table in tables.items():
        begin, end = f"<!-- table: {name} -->", "<!-- end -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.S)
        made = f"{begin}\n\n{table}\n{end}"
        text, count = pattern.subn(lambda _, made=made: made, text)
        if count != 1:
            raise ValueError(f"the page has {count} places for the table `{name}`")
    return text


def errors_page() -> str:
    """The text of docs/errors.md."""
    found = all_explanations().values()
    rows = [(f"[{each.code}](#{each.code.lower()})", each.title) for each in found]
    parts = [HEAD, _table(("code", "about"), rows), *map(_section, found)]
    return "\n".join(parts)


def _section(explanation: Explanation) -> str:
    wrong, mended = "dag error", "dag"
    if explanation.severity == "warning":
        wrong = "dag"
    elif explanation.code in EXAMPLE_LIMITS or explanation in DATA:
        wrong = "dag norun"
    elif "\n" not in explanation.mended.strip():
        wrong = mended = (
            "sh norun"  # a model takes more than a line, a command does not
        )
    return f"""## {explanation.code}

**{explanation.title[0].upper()}{explanation.title[1:]}.**
{explanation.text.strip()}

```{wrong}
{explanation.wrong.strip()}
```

Mended:

```{mended}
{explanation.mended.strip()}
```
"""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells) + "\n"


def _options(model: type[BaseModel]) -> str:
    rows = (
        (f"`{info.name}`", info.form.words, _default(info), info.meaning)
        for info in options_of(model).values()
    )
    return _table(("option", "value", "default", "meaning"), rows)


def _default(info: OptionInfo) -> str:
    if info.default is None or info.default == ():
        return "none"
    return f"`{info.form.write(info.default)}`"


def _calls() -> str:
    rows: list[tuple[str, ...]] = []
    for model in OPTIONS.values():
        for option in options_of(model).values():
            if isinstance(option.form, Invocation):
                rows.extend(_arguments(option.name, option.form.model))
    heads = ("option", "call", "argument", "value", "default", "meaning")
    return _table(heads, rows)


def _arguments(option: str, model: type[Called]) -> Iterator[tuple[str, ...]]:
    for argument, info in arguments_of(model).items():
        calls = [
            f"`{name}`"
            for name, signature in model.signatures.items()
            if argument in (*signature.arguments, signature.rest)
        ]
        required = model.model_fields[argument].is_required()
        yield (
            f"`{option}`",
            ", ".join(calls),
            f"`{argument}`",
            info.form.words,
            "required" if required else _default(info),
            info.meaning,
        )


def _families() -> str:
    rows = (
        (
            f"`{name}`",
            "yes" if family.latent else "no",
            "yes" if family.observed else "no",
            ", ".join(f"`{way}`" for way in family.latent.combines)
            if family.latent
            else "none",
            family.summary,
        )
        for name, family in families.FAMILIES.items()
    )
    return _table(("family", "latent", "observed", "`combine`", "values"), rows)


def _renderers() -> str:
    rows = (
        (
            f"`{name}`",
            "an image" if facts.image else "a vector",
            ", ".join(f"`{word}`" for word in facts.needed) or "its inputs",
            ", ".join(f"`{word} = {facts.defaults[word]:g}`" for word in facts.defaults)
            or ("none" if facts.image else "its options, see below"),
        )
        for name, facts in RENDERERS.items()
    )
    return _table(("renderer", "makes", "needs", "may have"), rows)


def _limits() -> str:
    meanings = {
        "latents": "concepts in a model",
        "edges": "edges, those of products counted one by one",
        "parameters": "numbers to be learned",
        "values": "numbers in one observed example",
    }
    rows = (
        (f"`{name}`", f"{getattr(DEFAULT, name):,}", meanings[name])
        for name in Limits.__dataclass_fields__
    )
    return _table(("limit", "default", "of what"), rows)


def main(folder: Path) -> None:
    """Write what is made from the code into the pages of a folder."""
    language = folder / "language.md"
    page = language_page(language.read_text(encoding="utf-8"))
    write_whole(language, page.encode())
    write_whole(folder / "errors.md", errors_page().encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
