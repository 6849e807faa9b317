"""The site that `make up` starts, stopped with Ctrl-C and started once more."""

from __future__ import annotations

import pytest

from scripts.up import refused_ports
from tests.processes import descendants

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
MAKE = (
    "from django.contrib.auth import get_user_model as m;"
    "m().objects.create_user('kept')"
)
COUNT = (
    "from django.contrib.auth import get_user_model as m;"
    "print(m().objects.filter(username='kept').count())"
)


def test_ctrl_c_leaves_no_process_and_a_second_run_keeps_the_data(site, monkeypatch):
    logins = site.manage("demo_logins")
    site.manage("shell", "-v", "0", "-c", MAKE)
    children = descendants(site.process.pid)
    assert len(children) >= 5, "web, worker with its children, beat, mail"

    site.stop()  # fails where one of them is left
    assert site.process.returncode == 0
    for name in ("PORT", "SMTP_PORT", "INBOX_PORT"):
        monkeypatch.setenv(name, site.environment[name])
    assert refused_ports() == []

    site.start()
    assert site.manage("demo_logins") == logins
    assert site.manage("shell", "-v", "0", "-c", COUNT).split() == ["1"]
