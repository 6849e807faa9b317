"""The brokers: no message is read unfinished, and no worker ends with a connection."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from kombu import Connection, Exchange, Queue

from config import broker

MESSAGES = 300


@pytest.fixture
def connection(tmp_path):
    broker.use()
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
        "store_processed": False,
    }
    with Connection("filesystem://localhost", transport_options=options) as opened:
        yield opened


def test_the_filesystem_broker_is_ours(connection):
    assert isinstance(connection.transport, broker.Transport)


def test_messages_read_while_they_are_written_are_whole(connection):
    queue = Queue("busy", Exchange("busy"), routing_key="busy")
    place = connection.SimpleQueue(queue)
    reader = connection.clone().SimpleQueue(queue)

    def write():
        for number in range(MESSAGES):
            place.put({"number": number, "words": "á" * 5000})

    writer = threading.Thread(target=write)
    writer.start()
    found = set()
    while len(found) < MESSAGES:
        message = reader.get(timeout=20)
        found.add(message.payload["number"])
        message.ack()
    writer.join()
    assert found == set(range(MESSAGES))


def test_a_message_has_its_name_only_once_it_is_finished(connection, monkeypatch):
    named = []
    write = Path.write_text

    def watch(path, *args, **kwargs):
        named.append(path.name)
        return write(path, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", watch)
    connection.SimpleQueue("quiet").put("hello")
    assert named
    assert not any(name.endswith((".msg", ".exchange")) for name in named)


def test_queues_bound_at_once_are_all_kept(connection):
    exchange = Exchange("shared", type="direct")

    def bind(number):
        with connection.clone() as own:
            Queue(f"q{number}", exchange, routing_key="k")(own.channel()).declare()

    threads = [threading.Thread(target=bind, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    table = connection.channel().get_table("shared")
    assert {row.queue for row in table} == {f"q{n}" for n in range(8)}


@pytest.mark.parametrize("transport", [None, SimpleNamespace(client=None)])
def test_a_redis_channel_without_a_connection_raises_what_celery_catches(transport):
    broker.use()
    with Connection("redis://127.0.0.1:1/0") as connection:
        assert isinstance(connection.transport, broker.RedisTransport)
        expected = connection.connection_errors
    channel = object.__new__(broker.RedisChannel)  # a real one would connect
    channel.connection = transport
    with pytest.raises(expected, match="closed"):
        channel.pool.get_connection()
