from __future__ import annotations

import pytest

from newsletter.composing import richtext

URLS = {3: "https://pregon.example/es/noticias/agua/"}


def test_links_to_pages_become_absolute_in_html_and_text():
    source = '<p>Lea <a linktype="page" id="3">la nota</a> hoy.</p>'
    assert richtext.page_ids(source) == {3}
    assert richtext.to_html(source, URLS) == (
        f'<p>Lea <a href="{URLS[3]}">la nota</a> hoy.</p>'
    )
    assert richtext.to_text(source, URLS) == f"Lea la nota <{URLS[3]}> hoy."


def test_a_link_to_a_page_that_is_gone_keeps_its_words():
    source = '<p>Lea <a linktype="page" id="4">la nota</a>.</p>'
    assert richtext.to_html(source, URLS) == "<p>Lea la nota.</p>"
    assert richtext.to_text(source, URLS) == "Lea la nota."


@pytest.mark.parametrize("href", ["javascript:alert(1)", "/es/algo/", "data:x"])
def test_only_whole_web_and_mail_addresses_are_linked(href):
    assert "href" not in richtext.to_html(f'<p><a href="{href}">x</a></p>', {})


def test_scripts_and_handlers_never_reach_the_mail():
    html = richtext.to_html('<p onclick="x()">a<script>b</script><img src=x></p>', {})
    assert "<script" not in html
    assert "onclick" not in html
    assert "<img" not in html


def test_lists_are_written_with_marks_and_hanging_lines():
    long = "palabra " * 20
    source = f"<ul><li>uno</li><li>{long}</li></ul><ol><li>a</li><li>b</li></ol>"
    text = richtext.to_text(source, {})
    assert text.startswith("- uno\n- palabra")
    assert "\n  palabra" in text
    assert text.endswith("1. a\n2. b")


def test_a_literal_placeholder_typed_by_an_editor_is_defused():
    source = "<p>{{unsubscribe_url}} &#123;&#123;view_url}}</p>"
    assert "{{" not in richtext.to_html(source, {})
    assert "{{" not in richtext.to_text(source, {})


def test_an_empty_paragraph_is_blank():
    assert richtext.is_blank('<p data-block-key="a1"></p>')
    assert richtext.is_blank(None)
    assert not richtext.is_blank("<p>x</p>")


def test_text_is_wrapped_but_addresses_are_not_broken():
    url = "https://pregon.example/" + "a" * 120
    text = richtext.to_text(f'<p>{"palabra " * 30}<a href="{url}">x</a></p>', {})
    assert f"<{url}>" in text
    assert all(len(line) <= 72 for line in text.splitlines() if url not in line)
