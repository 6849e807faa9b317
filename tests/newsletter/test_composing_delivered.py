"""What a composed issue looks like once it has gone through the sending."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from newsletter.composing import actions
from newsletter.delivery.message import unstuffed
from tests.newsletter.issues import SmallSite
from tests.newsletter.sending import a_reader, run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lang", ["es", "en"])
def test_each_reader_gets_the_issue_in_their_language_with_working_links(
    lang, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    (tmp_path / "journal").mkdir()
    site = SmallSite()
    for code in ("es", "en"):
        a_reader(site.newsletter, code, code)
    issue = site.issue(site.story("Agua"))
    dispatch = actions.send_issue(issue=issue)
    found = dict(run(dispatch).accepted)
    data = unstuffed(found[f"{lang}@lectores.example"])
    mail = message_from_bytes(data, policy=policy.default)
    assert mail["Subject"] == getattr(issue, f"headline_{lang}")
    assert mail["Content-Language"] == lang
    for kind in ("plain", "html"):
        part = mail.get_body((kind,)).get_content()
        assert f"Agua {lang}" in part
        assert "{{" not in part
        assert settings.SITE_URL + issue.url_in(lang) in part
    dispatch.refresh_from_db()
    assert dispatch.state == "sent"
