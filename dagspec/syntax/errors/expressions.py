"""E131 to E133: expressions of a process."""

from __future__ import annotations

from dagspec.diagnostic import Explanation
from dagspec.syntax.errors.example import explain


def _explain(code: str, title: str, text: str, wrong: str, mended: str) -> Explanation:
    body = "latent a: normal[1]\nprocess {{\n  a ~ normal(0, 1)\n  b = {}\n  {}\n}}\n"
    image = "image = blob(x = a, y = b)"
    return explain(
        code, title, text, body.format(wrong, image), body.format(mended, image)
    )


EXPRESSIONS = (
    _explain(
        "E131",
        "comparisons in a chain",
        """\
A comparison is 1 where it holds and 0 elsewhere. `1 < a < 2` means one thing in
mathematics and in Python, and another in most other languages, so it is written out:
the product of two comparisons is 1 where both hold.
""",
        "0 < a < 1",
        "(0 < a) * (a < 1)",
    ),
    _explain(
        "E132",
        "an operator of another language",
        """\
Expressions have `+`, `-`, `*`, `/` and `**`, the minus before a value, and the
comparisons `<`, `<=`, `>`, `>=`, `==` and `!=`. They bind as in Python: `-a ** 2` is
`-(a ** 2)`. Everything is a number: a product of comparisons is their `and`, `max` is
their `or`, and `(a > 0) * b + (a <= 0) * c` chooses.
""",
        "a ^ 2",
        "a ** 2",
    ),
    _explain(
        "E133",
        "a value or an operator that is missing",
        """\
An operator stands between two values, and a value between two operators: `2 a` is
written `2 * a`. The end of the line ends the expression; inside of parentheses it goes
on below.
""",
        "2 * a +",
        "2 * a + 1",
    ),
)
