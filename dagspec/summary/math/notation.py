"""One formula, two ways to write it: characters for a terminal, LaTeX for a paper.

Formulas are put together once, in characters, with two signs of their own: names of a
spec stand between backticks, so that none can be taken for anything else, and `@normal`
stands for the letter of a family.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dagspec.families import FAMILIES

_TOKEN = re.compile(
    r"_`(?P<named>\w+)`|_(?P<index>[a-z])|`(?P<name>\w+)`|@(?P<family>\w+)"
    r"|(?P<digits>[₀-₉]+)|(?P<word>[A-Za-z]{2,})|(?P<sign>⁻²|.)"
)
_LOW, _HIGH = "₀₁₂₃₄₅₆₇₈₉", "0123456789"
_COMMANDS = frozenset({"cos", "exp", "log", "max", "min", "sin", "tanh"})
_ESCAPES = {sign: f"\\{sign}" for sign in "#$%&_{}"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "|": r"\textbar{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
_PLAIN = str.maketrans({"`": None, "∣": "|"})
_SIGNS = {
    "E": r"\operatorname{E}",
    "|": r"\mid",
    "∣": "|",
    "‖": r"\,\|\,",
    "·": r"\cdot",
    "−": "-",
    "½": r"\tfrac{1}{2}",
    "²": "^{2}",
    "⁻²": "^{-2}",
    "≥": r"\ge",
    "∈": r"\in",
    "…": r"\dots",
    "Σ": r"\sum",
    "Π": r"\prod",
    "β": r"\beta",
    "γ": r"\gamma",
    "η": r"\eta",
    "μ": r"\mu",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
}


def named(name: str) -> str:
    """A name of the spec, as formulas hold it."""
    return f"`{name}`"


def numbered(symbol: str, number: int) -> str:
    """A symbol with a number below: `F₃`."""
    return symbol + str(number).translate(str.maketrans(_HIGH, _LOW))


def factor(letter: str, of: str, given: Sequence[str] = ()) -> str:
    """`p(a | b, c)`."""
    return f"{letter}({' | '.join([of, ', '.join(given)] if given else [of])})"


def to_text(formula: str) -> str:
    """A formula in characters.

    >>> to_text("p(`pos_x`) = @normal(0, 1)")
    'p(pos_x) = N(0, 1)'
    """
    letters = re.sub(r"@(\w+)", lambda match: _letter(match[1])[0], formula)
    return letters.translate(_PLAIN)


def to_latex(formula: str) -> str:
    r"""A formula in LaTeX's mathematical mode.

    >>> to_latex("p(`pos_x`) = @normal(0, 1)")
    'p(\\mathrm{pos\\_x}) = \\mathcal{N}(0, 1)'
    """
    return _TOKEN.sub(_latex, formula)


def escape(prose: str) -> str:
    """Prose in LaTeX; a question mark for what ASCII does not have."""
    return "".join(
        _ESCAPES.get(c, c) if c.isascii() and c.isprintable() else "?" for c in prose
    )


def _latex(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match[match.lastgroup or 0]
    if kind in ("name", "named"):
        name = rf"\mathrm{{{escape(text)}}}"
        return name if kind == "name" else f"_{{{name}}}"
    if kind == "index":
        return f"_{{{text}}}"
    if kind == "digits":
        return f"_{{{text.translate(str.maketrans(_LOW, _HIGH))}}}"
    if kind == "family":
        return _letter(text)[1]
    if kind == "word":
        drawn = rf"\{text}" if text in _COMMANDS else rf"\operatorname{{{text}}}"
    else:
        drawn = _SIGNS.get(text, text)
    # A letter that follows a command would be read as a part of it.
    follower = match.string[match.end() : match.end() + 1]
    joined = drawn[0] == "\\" and drawn[-1].isalpha() and follower.isalpha()
    return f"{drawn} " if joined else drawn


def _letter(family: str) -> tuple[str, str]:
    """A family's letter in characters and in LaTeX."""
    known = FAMILIES.get(family)
    latent = known.latent if known else None
    latex = (latent and latent.symbol) or rf"\mathrm{{{escape(family)}}}"
    return re.sub(r"\\math\w+\{(.*)\}", r"\1", latex).replace("\\", ""), latex
