"""The queue holds nothing that could run by being read."""

from __future__ import annotations

import pytest
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from config.celery import app


@pytest.mark.parametrize("coding", ["pickle", "yaml"])
def test_a_worker_reads_json_only(coding):
    if coding == "yaml":
        pytest.importorskip("yaml")
    content_type, encoding, body = dumps({"id": 1}, serializer=coding)
    with pytest.raises(ContentDisallowed):
        loads(body, content_type, encoding, accept=app.conf.accept_content)


def test_a_task_and_its_result_are_json():
    assert app.conf.task_serializer == app.conf.result_serializer == "json"
    assert app.conf.accept_content == ["json"]
    assert app.conf.result_accept_content in (None, ["json"])
