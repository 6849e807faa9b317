"""One SMTP connection: a mail's content and the next one's envelope travel together.

RFC 2920 lets a client send MAIL, RCPT and DATA in one group right behind the content
of the mail before, so a mail costs one round trip instead of four. Where the server
does not offer PIPELINING the same parts go one by one, each after the answer to the
one before. An answer is matched to its question by order alone: one too many, or one
that is no reply, ends the connection before another mail is handed over.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import time
from collections import deque
from collections.abc import Sequence

from newsletter.delivery.outcomes import SENT, UNCERTAIN, Kind, Outcome
from newsletter.delivery.transport import (
    ConnectionLostError,
    Mail,
    Mails,
    RelayRefusedError,
)

READ_BYTES = 8_192
LONGEST_ANSWER = 20_000  # bytes; RFC 5321 lines have 512
# To a content, MAIL, RCPT and DATA, each in one line.
ALL_WELL = re.compile(rb"(?:250[ \r][^\n]*\n){3}354[ \r][^\n]*\n")

NO_UTF8 = Outcome(
    Kind.FAILED,
    answer="address: the mail server takes no letters outside ASCII before the @"
    " (SMTPUTF8)",
)

_refused = Outcome.from_reply


class Line:
    """The conversation on one connection. `mails` hears what becomes of each mail."""

    def __init__(
        self,
        connection: socket.socket,
        mails: Mails,
        *,
        is_pipelining: bool,
        answer_timeout_s: float,
        takes_utf8: bool = False,
    ) -> None:
        self.connection = connection
        _let_the_kernel_wait(connection)
        self._mails = mails
        self._is_pipelining = is_pipelining
        self._takes_utf8 = takes_utf8
        self._answer_timeout_s = answer_timeout_s
        self._asked: deque[str] = deque()  # what the next answers are to
        self._later: deque[bytes] = deque()  # groups that wait for an answer first
        self._rest = b""  # of an answer that has not ended
        self._said: list[str] = []  # lines of an answer that goes on
        self._content: Mail | None = None  # handed over, without an answer yet
        self._envelope: Mail | None = None  # only announced
        self._refusal: Outcome | None = None  # of the one announced
        self.deadline = 0.0
        self.carried = 0  # answers about a mail since somebody last looked

    def fileno(self) -> int:
        """For selectors."""
        return self.connection.fileno()

    @property
    def is_busy(self) -> bool:
        """Whether answers are still to come."""
        return bool(self._asked)

    def begin(self, mail: Mail) -> None:
        """Announce a mail on an idle line, or refuse it where the server takes no such
        address. Raises `ConnectionLostError`."""
        if self._takes_utf8 or mail.to.isascii():
            self._go_on(mail)
        else:
            self._mails.settle(mail, NO_UTF8)

    def read(self) -> None:
        """Hear the server and go on. Raises `ConnectionLostError` once it is gone, and
        `RelayRefusedError` where it will not have us."""
        data = self._receive()
        if not data:
            raise ConnectionLostError("the server closed the connection")
        is_whole = len(self._asked) == 4 and not (self._rest or self._said)
        if is_whole and self._is_pipelining and ALL_WELL.fullmatch(data):
            self._on_all_well()
            return
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) + sum(map(len, self._said)) > LONGEST_ANSWER:
            raise ConnectionLostError("an answer without an end")
        last = len(lines) - 1
        for place, line in enumerate(lines):
            self._on_line(line, place == last and not self._rest)

    def lose(self, why: str, *, blames_mail: bool = True) -> None:
        """Close; what was handed over is uncertain, what was announced did not go."""
        self.connection.close()
        self._asked.clear()
        if content := self._content:
            self._content = None
            self._mails.settle(content, UNCERTAIN)
        if envelope := self._envelope:
            self._envelope = None
            self._mails.give_back(envelope, why if blames_mail else "")

    def say_goodbye(self) -> None:
        """Tell the server that nothing more will come; never raises."""
        with contextlib.suppress(OSError):
            self.connection.settimeout(1)
            self.connection.sendall(b"QUIT\r\n")

    def hang_up(self) -> None:
        """Close once it has said goodbye too, or soon; never raises."""
        with contextlib.suppress(OSError):
            self.connection.recv(READ_BYTES)
        self.connection.close()

    def _receive(self) -> bytes:
        try:
            data = self.connection.recv(READ_BYTES)
            if isinstance(self.connection, ssl.SSLSocket):
                while self.connection.pending():
                    data += self.connection.recv(READ_BYTES)
        except OSError as error:
            raise ConnectionLostError(str(error)) from error
        return data

    def _on_all_well(self) -> None:
        """The usual four answers at once, without a look at their words."""
        self._asked.clear()
        if content := self._content:
            self._content = None
            self._settle(content, SENT)
        self._on_data(354, "", is_last=True)

    def _on_line(self, line: bytes, is_last: bool) -> None:
        code = line[:3]
        if not code.isdigit() or line[3:4] not in b"- \r":
            raise ConnectionLostError("an answer that is no SMTP reply")
        if line[3:4] == b"-":
            self._said.append(line[4:].decode("utf-8", "replace"))
            return
        if not self._asked or not (is_last or self._is_pipelining):
            raise ConnectionLostError("an answer without a question")
        said, self._said = [*self._said, line[4:].decode("utf-8", "replace")], []
        if self._later:
            self._send(self._later.popleft())
        self._on_reply(self._asked.popleft(), int(code), said, is_last)

    def _on_reply(self, stage: str, code: int, said: list[str], is_last: bool) -> None:
        text = " ".join(said)
        if stage == "END":
            self._on_verdict(code, text)
        if code == 421:
            raise ConnectionLostError(f"421 {text.strip()}")
        if stage == "MAIL" and code >= 500:
            sender = self._envelope.sender if self._envelope else ""
            raise RelayRefusedError(f"{sender}: {code} {text.strip()}")
        if stage in {"MAIL", "RCPT"} and code >= 300:
            self._refusal = self._refusal or _refused(stage, code, text)
        if stage == "DATA":
            self._on_data(code, text, is_last)

    def _on_verdict(self, code: int, text: str) -> None:
        """The answer to a content; one that is no verdict leaves it uncertain."""
        if not 200 <= code < 300 and not 400 <= code < 600:
            raise ConnectionLostError(f"{code} in answer to a mail")
        mail, self._content = self._content, None
        if mail is not None:
            is_sent = code < 300
            self._settle(mail, SENT if is_sent else _refused("END", code, text))

    def _on_data(self, code: int, text: str, is_last: bool) -> None:
        """Hand over what was announced, or leave it, and announce the next."""
        if not is_last or code < 300:
            raise ConnectionLostError("an answer without a question")
        following = self._following()
        mail, self._envelope = self._envelope, None
        refusal, self._refusal = self._refusal, None
        if mail is None:
            raise ConnectionLostError("an answer without a question")
        if code == 354 and refusal is None:
            self._mails.handing_over(mail)
            self._content = mail
            self._go_on(following, (*mail.pieces, b".\r\n"), "END")
            return
        self._settle(mail, refusal or _refused("DATA", code, text))
        # It may ask for the content of a mail that it refused.
        reset = b".\r\n" if code == 354 else b"RSET\r\n"
        self._go_on(following, (reset,), "RESET")

    def _following(self) -> Mail | None:
        """The next mail that this server takes."""
        mail = self._mails.take()
        while mail and not (self._takes_utf8 or mail.to.isascii()):
            self._mails.settle(mail, NO_UTF8)
            mail = self._mails.take()
        return mail

    def _settle(self, mail: Mail, outcome: Outcome) -> None:
        self.carried += 1
        self._mails.settle(mail, outcome)

    def _go_on(
        self, mail: Mail | None, due: Sequence[bytes] = (), stage: str = ""
    ) -> None:
        """Send what is due, then announce a mail if there is one."""
        if stage:
            self._asked.append(stage)
        if mail is None:
            self._send(b"".join(due))
            return
        self._envelope = mail
        self._asked += "MAIL", "RCPT", "DATA"
        extra = "" if mail.to.isascii() else " SMTPUTF8 BODY=8BITMIME"
        text = f"MAIL FROM:<{mail.sender}>{extra}\r\nRCPT TO:<{mail.to}>\r\nDATA\r\n"
        envelope = text.encode()
        if self._is_pipelining:
            self._send(b"".join((*due, envelope)))
        else:
            self._later += envelope.splitlines(keepends=True)
            self._send(b"".join(due) or self._later.popleft())

    def _send(self, data: bytes) -> None:
        self.deadline = time.monotonic() + self._answer_timeout_s
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise ConnectionLostError(str(error)) from error


def _let_the_kernel_wait(connection: socket.socket) -> None:
    """Timeouts as before, but without a `poll` in front of every call.

    Not under TLS, where the library tries again when the kernel's time is up.
    """
    timeout_s = connection.gettimeout()
    if timeout_s is None or isinstance(connection, ssl.SSLSocket):
        return
    whole_s, part_s = divmod(timeout_s, 1)
    timeout = struct.pack("@ll", int(whole_s), int(part_s * 1e6))
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        connection.setsockopt(socket.SOL_SOCKET, option, timeout)
    connection.settimeout(None)
