"""Tables of plain text."""

from __future__ import annotations

from dagspec.summary.tables import WIDTH, Table, set_facts, set_table


def test_numbers_stand_right_and_words_left():
    table = Table("Title", ("name", "size>"), (("a", "1"), ("long name", "1,000")))
    assert list(set_table(table)) == [
        "Title",
        "  name        size",
        "  a              1",
        "  long name  1,000",
    ]


def test_a_list_of_words_is_folded_in_its_column():
    words = ", ".join(f"word{i}" for i in range(12))
    table = Table("Title", ("name", "words", "n>"), (("a", words, "7"),))
    first, second, *_ = lines = list(set_table(table))[2:]
    assert max(map(len, lines)) <= WIDTH
    assert first.endswith(" 7")
    assert second.lstrip().startswith("word")
    assert second.index("word") == first.index("word")


def test_a_long_word_is_not_broken():
    name = "x" * 120
    table = Table("Title", ("name", "n>"), ((name, "1"),))
    assert any(name in line for line in set_table(table))


def test_facts_stand_side_by_side():
    lines = list(set_facts((("a", "one"), ("long", "two " * 40))))
    assert lines[0] == "a     one"
    assert lines[1].startswith("long  two")
    assert lines[2].startswith("      two")
