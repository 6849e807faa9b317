"""Mails that cannot be made or are not taken: each row says why, the rest goes out."""

from __future__ import annotations

import pytest

from newsletter.delivery import lines
from newsletter.dispatching import links, store
from newsletter.dispatching.transports import transport_of
from newsletter.models import Delivery, Subscriber
from tests.newsletter.sending import a_newsletter, counts_of, readers, run, started

# Address → what becomes of it, and words of the reason.
ODD_PEOPLE = {
    "550-5.1.1@lectores.example": ("failed", "RCPT 550 5.1.1 as its name says"),
    "451-4.2.0@lectores.example": ("retry", "RCPT 451 4.2.0 as its name says"),
    "eva@x.example>\r\nRCPT TO:<leo@x.example": ("failed", "address: not an address"),
    "eva@x.example\nBcc: leo@x.example": ("failed", "address: "),
    "'; DROP TABLE people; --@x.example": ("failed", "address: not an address"),
    "eva": ("failed", "address: not an address"),
    "eva@" + "l" * 70 + ".example": ("failed", "address: no plain form"),
    "ñandú@lectores.example": ("failed", "no letters outside ASCII before the @"),
    "eva@señal.example": ("sent", ""),
    "{{unsubscribe_url}}%s'$HOME@lectores.example": ("sent", ""),
    "noise@lectores.example": ("retry", "connection lost: an answer that is no SMTP"),
    "odd-words@lectores.example": ("uncertain", "no answer after the mail was"),
    "unlinked@lectores.example": ("failed", "no mail could be made: ZeroDivision"),
}


@pytest.mark.django_db
def test_each_row_says_what_is_wrong_and_the_rest_goes_out(
    settings, tmp_path, monkeypatch, sink
):
    monkeypatch.setattr(lines, "FIRST_WAIT_S", 0.001)
    settings.DATA_DIR = tmp_path
    (tmp_path / "journal").mkdir()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    newsletter = a_newsletter(connections=2)
    people = readers(newsletter, len(ODD_PEOPLE) + 100)
    for each, address in zip(people, ODD_PEOPLE, strict=False):
        Subscriber.objects.filter(pk=each.subscriber_id).update(address=address)
    unlinked = str(people[list(ODD_PEOPLE).index("unlinked@lectores.example")].pk)
    monkeypatch.setattr(store, "signers", lambda: broken_for(unlinked.encode()))
    dispatch = started(newsletter)
    run(dispatch, transport_of(newsletter))
    rows = Delivery.objects.filter(subscriber__address__in=ODD_PEOPLE).with_standing()
    found = rows.values_list("subscriber__address", "standing", "code")
    for address, state, code in found:
        expected, words = ODD_PEOPLE[address]
        assert (address, state) == (address, expected)
        assert words in code
    assert len(found) == len(ODD_PEOPLE)
    assert counts_of(dispatch)["sent"] == 102
    taken = [to for to, _mail in sink.mails]
    assert len(taken) == len(set(taken)) == 102 + 1  # one of them is uncertain
    assert "leo@x.example" not in taken


def broken_for(subject):
    """Signers of links that cannot be made for one person."""

    def broken(sign):
        return lambda given: sign(given) if given != subject else 1 / 0

    return {purpose: broken(sign) for purpose, sign in links.signers().items()}
