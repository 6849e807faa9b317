"""A mail server that notes whom it accepted a mail for: the truth of the kill tests.

    python tests/faults/sink.py PORT LOG [LATENCY_S]

An accepted mail is noted before the answer goes out, so a sender killed in between has
delivered without knowing. Recipients named like `550-5.1.1@…` are refused with that
code (`550-5.1.1+liar@…` is asked for its content all the same); `drop-rcpt@…` and
`drop-end@…` cut the connection before and after the content; `noise@…` gets words that
are no answer. Those in `ODD` get the answer to their content that stands there.
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
    "odd-421": b"421 4.3.2 going down\r\n",
    "odd-451": b"451 4.3.0 later\r\n",
    "odd-554": b"554 5.6.0 no\r\n",
    "odd-twice": b"250 ok\r\n250 and ok\r\n",
    "odd-long": b"250-2.0.0 accepted\r\n250-and\r\n250 queued\r\n",
}
REFUSED = re.compile(r"^(\d{3})-(\d\.\d+\.\d+)(\+liar)?@")


class Sink:
    def __init__(
        self,
        log: Path,
        latency_s: float = 0.0,
        *,
        is_pipelining: bool = True,
        takes_utf8: bool = False,
    ) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.latency_s = latency_s
        self.is_pipelining = is_pipelining
        self.takes_utf8 = takes_utf8
        self.mails: list[tuple[str, bytes]] = []

    async def start(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(self.serve, "127.0.0.1", port)

    async def serve(self, reader, writer) -> None:
        writer.write(b"220 sink\r\n")
        recipient, is_utf8 = "", False
        try:
            while line := (await reader.readline()).decode().strip():
                self.check_alone(line, reader)
                verb = line.partition(" ")[0].upper()
                if verb == "MAIL":
                    is_utf8 = self.takes_utf8 and "SMTPUTF8" in line
                assert line.isascii() or is_utf8, line
                if verb == "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                if verb in {"MAIL", "RSET"}:
                    recipient = ""
                if recipient.startswith("drop-rcpt@") and verb == "RCPT":
                    return
                writer.write(self.answer(verb, line, recipient))
                if self.wants_content(verb, recipient):
                    if not await self.take(reader, writer, recipient):
                        return
                    recipient = ""
                if verb == "QUIT":
                    return
        except ConnectionError:
            return
        finally:
            writer.close()

    def check_alone(self, line: str, reader) -> None:
        """Without PIPELINING a client waits for each answer."""
        early = bytes(reader._buffer)
        assert self.is_pipelining or not early, f"{line!r}, then at once {early!r}"

    def answer(self, verb: str, line: str, recipient: str) -> bytes:
        if verb == "EHLO":
            offers = ["PIPELINING"] * self.is_pipelining
            offers += ["8BITMIME", "SMTPUTF8"] * self.takes_utf8
            lines = [f"250-{offer}\r\n" for offer in offers]
            return "".join([*lines, "250 SIZE\r\n"]).encode()
        if verb == "MAIL" and "<refused@" in line:
            return b"550 5.7.1 sender not allowed\r\n"
        if verb == "RCPT" and recipient.startswith("noise@"):
            return b"\xff\x00 what?\r\n"
        if verb == "RCPT" and (found := REFUSED.match(recipient)):
            return f"{found[1]} {found[2]} as its name says\r\n".encode()
        if verb == "DATA" and not self.wants_content(verb, recipient):
            return b"503 5.5.1 no recipient\r\n"
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(
            verb, b"250 ok\r\n"
        )

    def wants_content(self, verb: str, recipient: str) -> bool:
        found = REFUSED.match(recipient)
        return verb == "DATA" and bool(recipient) and (not found or bool(found[3]))

    async def take(self, reader, writer, recipient: str) -> bool:
        data = b""
        while (line := await reader.readline()) != b".\r\n":
            if not line.endswith(b"\n"):
                return False
            data += line
        if REFUSED.match(recipient):
            writer.write(b"554 5.5.1 no valid recipients\r\n")
            return True
        self.mails.append((recipient, data))
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
