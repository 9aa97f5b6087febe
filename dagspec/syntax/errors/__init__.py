"""The long form of what can be wrong with a file and with the syntax of its text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dagspec.diagnostic import Explanation
from dagspec.syntax.errors.characters import CHARACTERS
from dagspec.syntax.errors.expressions import EXPRESSIONS
from dagspec.syntax.errors.files import FILES
from dagspec.syntax.errors.literals import LITERALS
from dagspec.syntax.errors.options import OPTIONS
from dagspec.syntax.errors.statements import STATEMENTS

_ALL = (*FILES, *CHARACTERS, *LITERALS, *OPTIONS, *STATEMENTS, *EXPRESSIONS)

# By code. The examples of E0xx are command lines: no text can be missing from the disk.
EXPLANATIONS: Mapping[str, Explanation] = MappingProxyType(
    {each.code: each for each in sorted(_ALL, key=lambda each: each.code)}
)
