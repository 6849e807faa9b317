"""DNS is asked briefly, and not twice."""

from __future__ import annotations

import socket
import threading

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.core.cache import cache

from guards.dns import has_dmarc, has_spf, is_public, text_records

RECORDS = {
    "centro.org.": ['"v=spf1 include:relay.net -all"', '"other"'],
    "_dmarc.centro.org.": ['"v=DMARC1; p=none"'],
    "near.org.": ['"v=spf10 is another thing"'],
}


class NameServer(threading.Thread):
    """Answers TXT questions on loopback; silent where told to be."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.asked, self.is_silent = [], False

    def run(self):
        while True:
            try:
                data, whom = self.socket.recvfrom(4096)
            except OSError:
                return
            question = dns.message.from_wire(data)
            name = str(question.question[0].name)
            self.asked.append(name)
            if self.is_silent:
                continue
            answer = dns.message.make_response(question)
            if texts := RECORDS.get(name):
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *texts))
            elif name != "bare.org.":
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self.socket.sendto(answer.to_wire(), whom)


@pytest.fixture
def server(monkeypatch):
    cache.clear()
    running = NameServer()
    running.start()
    asking = dns.resolver.Resolver(configure=False)
    asking.nameservers = ["127.0.0.1"]
    asking.port = running.socket.getsockname()[1]
    monkeypatch.setattr("guards.dns.resolver", lambda: asking)
    monkeypatch.setattr("guards.dns.PATIENCE_S", 0.3)
    yield running
    running.socket.close()


def test_records_are_asked_for_once(server):
    for _twice in range(2):
        assert has_spf("centro.org") is True
    assert server.asked == ["centro.org."]


@pytest.mark.parametrize("domain", ["bare.org", "gone.org", "near.org"])
def test_what_is_not_there_is_missing(server, domain):
    assert has_spf(domain) is False
    assert has_dmarc(domain) is False


def test_the_policy_of_a_domain_holds_below_it(server):
    assert has_dmarc("centro.org") is True
    assert has_dmarc("news.mail.centro.org") is True


def test_silence_is_not_an_answer_and_is_waited_for_once(server):
    server.is_silent = True
    assert has_spf("centro.org") is None
    asked = len(server.asked)
    assert text_records("centro.org") is None
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    ("domain", "known"),
    [("centro.org", True), ("pregon.example", False), ("localhost", False)],
)
def test_some_names_are_in_no_dns(domain, known):
    assert is_public(domain) is known
