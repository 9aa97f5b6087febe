"""Names of images: listed, sorted, packed, looked up."""

from __future__ import annotations

import hashlib
import os

import pytest

from dagspec.data import DataError
from dagspec.data.file_names import NameLookup, list_images


def touch(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()


def test_images_of_all_folders_are_sorted_by_path(tmp_path):
    touch(tmp_path, "b/2.jpg", "a.PNG", "b/1.jpeg", "b.webp", "b/c/x.gif", "é.bmp")
    names = list_images(tmp_path)
    expected = ["a.PNG", "b.webp", "b/1.jpeg", "b/2.jpg", "b/c/x.gif", "é.bmp"]
    assert list(names) == expected
    assert [names[row] for row in range(len(names))] == expected


def test_what_is_hidden_or_no_image_is_left_out(tmp_path):
    touch(tmp_path, "a.jpg", ".b.jpg", "._c.jpg", ".git/d.jpg", "e.txt", "labels.csv")
    assert list(list_images(tmp_path)) == ["a.jpg"]


def test_names_that_are_not_text_are_kept(tmp_path):
    raw = os.fsencode(tmp_path) + b"/\xff.jpg"
    try:
        with open(raw, "wb"):
            pass
    except OSError:
        pytest.skip("this file system takes no such names")
    (name,) = list_images(tmp_path)
    assert (tmp_path / name).exists()


def test_linked_folders_are_followed_but_never_in_a_circle(tmp_path):
    touch(tmp_path, "real/a.jpg", "set/b.jpg")
    (tmp_path / "set" / "more").symlink_to(tmp_path / "real")
    (tmp_path / "set" / "again").symlink_to(tmp_path / "set")
    assert list(list_images(tmp_path / "set")) == ["b.jpg", "more/a.jpg"]


def test_hashes_are_of_the_path_alone(tmp_path):
    touch(tmp_path, "a.jpg", "b/a.jpg")
    digests = [
        hashlib.blake2b(name, digest_size=8).digest() for name in (b"a.jpg", b"b/a.jpg")
    ]
    expected = [int.from_bytes(digest, "little") for digest in digests]
    assert list_images(tmp_path).hashes().tolist() == expected


def test_a_name_is_found_by_path_or_by_bare_name_if_that_says_which(tmp_path):
    touch(tmp_path, "a/1.jpg", "a/2.jpg", "b/1.jpg", "3.jpg", "b/3.jpg")
    names = list_images(tmp_path)
    lookup = NameLookup(names)

    def found(name):
        row = lookup(name)
        return None if row is None else names[row]

    assert found("b/1.jpg") == "b/1.jpg"
    assert found("2.jpg") == "a/2.jpg"
    assert found("3.jpg") == "3.jpg"
    assert found("1.jpg") is None
    assert found("4.jpg") is None


def test_a_folder_without_images_says_what_was_looked_for(tmp_path):
    message = r"there is no image in it \(jpg, jpeg, png, webp, bmp, gif\)"
    with pytest.raises(DataError, match=message):
        list_images(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="none: there is no such folder"):
        list_images(tmp_path / "none")


def test_a_file_is_no_folder(tmp_path):
    touch(tmp_path, "a.jpg")
    with pytest.raises(DataError, match=r"a\.jpg: it is a file"):
        list_images(tmp_path / "a.jpg")
