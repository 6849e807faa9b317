"""The light markup becomes the blocks an editor would have used."""

from __future__ import annotations

from demo.markup import pictures_in, to_blocks

TEXT = """
First & **bold** with [a link](https://milpayu.example/a).

## A heading

> We knew. — Rosa, farmer

![lake] By the shore. | Ana

![maize] No credit.
"""
IDS = {"lake": 7, "maize": 8}


def blocks_of(text: str = TEXT, name: str = "x") -> list:
    return to_blocks(text, pictures=IDS, name=name)


def test_each_piece_becomes_its_block():
    kinds = [block["type"] for block in blocks_of()]
    assert kinds == ["paragraph", "heading", "pull_quote", "picture", "picture"]


def test_text_is_escaped_and_marked_up():
    assert blocks_of()[0]["value"] == (
        "<p>First &amp; <b>bold</b> with "
        '<a href="https://milpayu.example/a">a link</a>.</p>'
    )


def test_a_quote_knows_whose_it_is():
    assert blocks_of()[2]["value"] == {
        "text": "We knew.",
        "attribution": "Rosa, farmer",
    }


def test_a_picture_has_its_caption_and_maybe_a_credit():
    first, second = (block["value"] for block in blocks_of()[3:])
    assert (first["picture"], first["caption"], first["credit"]) == (
        7,
        "By the shore.",
        "Ana",
    )
    assert (second["picture"], second["credit"]) == (8, "")


def test_block_ids_stay_when_text_is_added_at_the_end():
    before, after = blocks_of(), blocks_of(TEXT + "\n\nMore.")
    assert [b["id"] for b in after[:-1]] == [b["id"] for b in before]
    assert {b["id"] for b in blocks_of(name="y")}.isdisjoint(b["id"] for b in before)


def test_pictures_of_a_text_are_known():
    assert pictures_in(TEXT) == {"lake", "maize"}
