"""E103 to E107, E114, E116, E119, E121: brackets, quotes and other characters."""

from __future__ import annotations

from dagspec.syntax.errors.example import explain

CHARACTERS = (
    explain(
        "E103",
        "a bracket that is never closed",
        """\
Every `{`, `[` and `(` needs its partner. The message points at the bracket that was
opened, and at the place where its partner has to come at the latest: another closing
bracket, the next statement, or the end of the file. Reading goes on with the next
statement, so one missing bracket hides nothing.
""",
        "features { widths = [32, 64 }\nlatent scale: normal[1]\n",
        "features { widths = [32, 64] }\nlatent scale: normal[1]\n",
    ),
    explain(
        "E104",
        "a bracket that closes nothing",
        """\
A closing bracket was found where none is open, or where one of another kind is open.
""",
        "latent scale: normal[1)\n",
        "latent scale: normal[1]\n",
    ),
    explain(
        "E105",
        "a string that is never closed",
        """\
A string begins and ends on one line. A quotation mark within it is written `\\"`.
""",
        'latent scale: normal[1] "size of the sprite\n',
        'latent scale: normal[1] "size of the sprite"\n',
    ),
    explain(
        "E106",
        "a string with a bad escape",
        """\
Strings follow the rules of JSON: `\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`,
`\\t` and `\\u` with four hexadecimal digits, and no control characters. A character
beyond U+FFFF is written as itself or as a whole surrogate pair.
""",
        'latent scale: normal[1] "size \\in pixels"\n',
        'latent scale: normal[1] "size \\\\in pixels"\n',
    ),
    explain(
        "E107",
        "a string in other quotes",
        """\
Strings stand in plain double quotes. Single quotes, backticks and the typographic
quotes that word processors put in their place have no meaning.
""",
        "latent scale: normal[1] { label = 'scale' }\n",
        'latent scale: normal[1] { label = "scale" }\n',
    ),
    explain(
        "E114",
        "a semicolon",
        """\
The end of the line ends a statement. In braces, options are separated by `,` or by new
lines; in lists and in calls there are only commas.
""",
        "latent scale: normal[1];\n",
        "latent scale: normal[1]\n",
    ),
    explain(
        "E116",
        "a comment of another language",
        """\
A comment begins with `#` and ends with its line. There are no others.
""",
        "// one number\nlatent scale: normal[1]\n",
        "# one number\nlatent scale: normal[1]\n",
    ),
    explain(
        "E119",
        "a character without meaning",
        """\
Outside of strings and comments the language is ASCII and uses few signs: letters,
digits, `_`, the brackets `{ } [ ] ( )`, `,`, `:`, `=`, `->`, `%`, `#`, double quotes,
and `~` and operators within `process`. Names are ASCII, so that they can be typed,
compared and used anywhere; a label or a description may hold any letter. There is no
arithmetic but in a process: everything else states numbers.

Invisible characters, such as a no-break space copied from a web page, are named by
their code.
""",
        "latent größe: normal[1]\n",
        'latent groesse: normal[1] "Größe"\n',
    ),
    explain(
        "E121",
        "nested too deep",
        """\
Nothing in the language needs more than a few brackets within one another; 20 are
allowed. In an expression of a process, 64 operations may lie within one another, as
those of a sum of 65 terms do. A longer one is computed in parts, each with a name.
""",
        f"latent scale: normal[1] {{ label = {'[' * 20}{']' * 20} }}\n",
        'latent scale: normal[1] { label = ["scale"] }\n',
    ),
)
