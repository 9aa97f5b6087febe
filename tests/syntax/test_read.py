"""Files that can be read, and what is said of those that cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagspec.diagnostic import DagSpecError, Diagnostic
from dagspec.syntax import read_source
from dagspec.syntax.parse import parse
from dagspec.syntax.read import LARGEST


def fault(path: Path) -> Diagnostic:
    with pytest.raises(DagSpecError) as refused:
        read_source(path)
    (found,) = refused.value.diagnostics
    return found


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.write_bytes("# é\r\na -> b".encode())
    source = read_source(str(path))
    assert source.name == str(path)
    assert source.text == "# é\r\na -> b"


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.write_bytes(b"\xef\xbb\xbfa -> b\n")
    assert read_source(path).text == "a -> b\n"
    assert parse(read_source(path))[1] == ()


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.touch()
    assert read_source(path).text == ""


def test_a_missing_file_and_one_that_is_alike(tmp_path: Path) -> None:
    (tmp_path / "sprites.dag").touch()
    found = fault(tmp_path / "sprite.dag")
    assert (found.code, found.span) == ("E001", None)
    assert found.help == f"did you mean `{tmp_path / 'sprites.dag'}`?"
    assert fault(tmp_path / "sprites").help == found.help
    assert fault(tmp_path / "nothing" / "like" / "it").help is None


def test_a_directory(tmp_path: Path) -> None:
    found = fault(tmp_path)
    assert (found.code, found.help) == ("E002", None)
    (tmp_path / "a.dag").touch()
    assert str(tmp_path / "a.dag") in str(fault(tmp_path).help)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.touch(mode=0o000)
    assert fault(path).code == "E003"


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    assert fault(tmp_path / "a\0b").code == "E003"
    assert fault(tmp_path / ("a" * 300)).code == "E003"


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.dag").touch()
    assert fault(tmp_path / "a.dag" / "b.dag").code == "E003"


def test_bytes_that_are_not_utf8_are_shown_in_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.write_bytes("# é\nlatent gr".encode() + b"\xf6\xdfe: normal[1]\n")
    found = fault(path)
    assert found.code == "E004"
    assert found.span is not None
    assert found.span.source.locate(found.span.start) == (2, 10)
    assert found.span.source.line(2) == "latent gr\\xf6\\xdfe: normal[1]"
    assert found.message == "the byte 0xf6 is not UTF-8"
    assert "`ö`" in str(found.help)


def test_utf16_is_told_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.write_bytes("a -> b\n".encode("utf-16"))
    found = fault(path)
    assert (found.code, found.help) == ("E004", "save it as UTF-8")


def test_a_nul_byte_is_shown_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.write_bytes(b"a -> b\nc\0d\n")
    found = fault(path)
    assert found.code == "E005"
    assert found.span is not None
    assert found.span.source.locate(found.span.start) == (2, 2)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.dag"
    path.write_bytes(b"#" * LARGEST)
    assert len(read_source(path).text) == LARGEST
    path.write_bytes(b"#" * (LARGEST + 1))
    assert fault(path).code == "E006"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert fault(path).code == "E006"
