"""From a file to a source, and what can be wrong before a letter is read."""

from __future__ import annotations

import os
from pathlib import Path

from dagspec.diagnostic import DagSpecError, Diagnostic, Source, Span, nearest

LARGEST = 10_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_source(path: str | os.PathLike[str]) -> Source:
    """Read a file of UTF-8 text.

    A byte order mark is dropped; so is nothing else, line breaks included.

    Args:
        path: Where the file is; diagnostics call it by this name.

    Returns:
        The text and its name.

    Raises:
        DagSpecError: The file cannot be read, or holds no text.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise _fault("E001", f"there is no file `{path}`", _similar(path)) from error
    except IsADirectoryError as error:
        files = _files(path)
        help_ = f"write a file in it, such as `{files[0]}`" if files else None
        raise _fault("E002", f"`{path}` is a directory, not a file", help_) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _fault("E003", f"cannot read `{path}`: {reason}") from error
    return decode(str(path), data)


def decode(name: str, data: bytes) -> Source:
    """Make a source of bytes, such as those of standard input.

    Args:
        name: What diagnostics call it.
        data: UTF-8, with or without a byte order mark.

    Raises:
        DagSpecError: There is too much of it, or it is no text.
    """
    if len(data) > LARGEST:
        message = f"`{name}` is larger than {LARGEST // 1_000_000} MB"
        raise _fault("E006", message, "a model of this size is no text of a person")
    if data.startswith(_UTF16):
        raise _fault("E004", f"`{name}` is UTF-16, not UTF-8", "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DagSpecError((_not_utf8(name, error),)) from error
    if "\0" in text:
        raise DagSpecError((_nul(Source(name, text)),))
    return Source(name, text)


def _not_utf8(name: str, error: UnicodeDecodeError) -> Diagnostic:
    data = error.object.removeprefix(b"\xef\xbb\xbf")
    skipped = len(error.object) - len(data)
    start = len(data[: error.start].decode("utf-8", "replace"))
    source = Source(name, data.decode("utf-8", "backslashreplace"))
    bad = data[error.start]
    latin = bytes([bad]).decode("latin-1")
    help_ = "save the file as UTF-8"
    if latin.isalpha() and skipped == 0:
        help_ += f"; in Latin-1 this byte would be `{latin}`"
    return Diagnostic(
        "error",
        "E004",
        f"the byte 0x{bad:02x} is not UTF-8",
        Span(source, start, start + len("\\xff")),
        help=help_,
    )


def _nul(source: Source) -> Diagnostic:
    at = source.text.index("\0")
    return Diagnostic(
        "error",
        "E005",
        "the file holds a NUL byte, which no text does",
        Span(source, at, at + 1),
        help="is this the right file?",
    )


def _similar(path: Path) -> str | None:
    names = _files(path.parent)
    near = nearest(str(path), names) or nearest(f"{path}.dag", names)
    return f"did you mean `{near}`?" if near else None


def _files(directory: Path) -> list[str]:
    try:
        return sorted(str(path) for path in directory.glob("*.dag"))
    except OSError:
        return []


def _fault(code: str, message: str, help_: str | None = None) -> DagSpecError:
    return DagSpecError((Diagnostic("error", code, message, help=help_),))
