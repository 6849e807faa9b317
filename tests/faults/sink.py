"""A mail server that notes whom it accepted a mail for: the truth of the kill tests.

    python tests/faults/sink.py PORT LOG [LATENCY_S]

An accepted mail is noted before the answer goes out, so a sender killed in between has
delivered without knowing. Recipients named like `550-5.1.1@…` are refused with that
code; `drop-rcpt@…` and `drop-end@…` cut the connection before and after the content.
Those in `ODD` get the answer to their content that stands there.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

ODD = {
    "odd-words": b"what is this?\r\n",
    "odd-150": b"150 wait\r\n",
    "odd-354": b"354 go on\r\n",
    "odd-451": b"451 4.3.0 later\r\n",
    "odd-554": b"554 5.6.0 no\r\n",
}
REFUSED = re.compile(r"^(\d{3})-(\d\.\d+\.\d+)@")


class Sink:
    def __init__(self, log: Path, latency_s: float = 0.0) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.latency_s = latency_s
        self.mails: list[tuple[str, bytes]] = []

    async def start(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(self.serve, "127.0.0.1", port)

    async def serve(self, reader, writer) -> None:
        writer.write(b"220 sink\r\n")
        recipient = ""
        try:
            while line := (await reader.readline()).decode("ascii").strip():
                verb = line.partition(" ")[0].upper()
                if verb == "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                if recipient.startswith("drop-rcpt@") and verb == "RCPT":
                    return
                writer.write(self.answer(verb, line, recipient))
                if verb == "DATA" and not await self.take(reader, writer, recipient):
                    return
                if verb == "QUIT":
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    def answer(self, verb: str, line: str, recipient: str) -> bytes:
        if verb == "MAIL" and "<refused@" in line:
            return b"550 5.7.1 sender not allowed\r\n"
        if verb == "RCPT" and (found := REFUSED.match(recipient)):
            return f"{found[1]} {found[2]} as its name says\r\n".encode()
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(
            verb, b"250 ok\r\n"
        )

    async def take(self, reader, writer, recipient: str) -> bool:
        data = await reader.readuntil(b"\r\n.\r\n")
        self.mails.append((recipient, data[:-3]))
        os.write(self.log, f"{recipient}\n".encode())
        if recipient.startswith("drop-end@"):
            return False
        await asyncio.sleep(self.latency_s)
        writer.write(ODD.get(recipient.partition("@")[0], b"250 2.0.0 accepted\r\n"))
        return True


async def main(port: int, log: Path, latency_s: float) -> None:
    server = await Sink(log, latency_s).start(port)
    await server.serve_forever()


if __name__ == "__main__":
    latency = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), latency))
