"""Some connections to one server, driven by one thread as their answers come.

Threads would share Python's one lock and be slower; they only open connections beside
the first, so that one that takes long to open holds up no other. Where the server drops
or refuses connections there are fewer of them for a while, down to one, opened less and
less often; as it takes mails again they grow back.
"""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from newsletter.delivery.line import Line
from newsletter.delivery.transport import (
    ConnectionLostError,
    Mail,
    Mails,
    RelayRefusedError,
    TransportError,
)

LOOK_EVERY_S = 1.0
FIRST_WAIT_S = 0.25  # before a connection is opened again; twice as long every time
MOST_LOST = 5  # connections in a row, without a mail that went, before we give up
GROW_AFTER = 200  # mails that went
SHORTEST_REST_S = 0.01  # also how soon a connection that has opened is put to work


class Lines:
    """`open_line` opens one more. Raises `RelayRefusedError` where it cannot."""

    def __init__(
        self, open_line: Callable[[], Line], mails: Mails, connections: int
    ) -> None:
        self._open_line = open_line
        self._mails = mails
        self._wanted = self._allowed = connections
        self._lines: list[Line] = []
        self._opening: list[Future[Line]] = []
        self._threads = ThreadPoolExecutor(connections, "open-line")
        self._lost = 0  # in a row
        self._went = 0  # rounds since the number of connections changed
        self._not_before = 0.0
        self._trouble = ""
        self._selector = selectors.DefaultSelector()

    def run(self) -> str:
        """Until it is over; returns what the trouble was where the server ended it."""
        try:
            while self._step():
                pass
        finally:
            self._hang_up()
        return "" if self._allowed else self._trouble

    def _hang_up(self) -> None:
        for opening in self._opening:
            opening.add_done_callback(_close_unused)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for line in self._lines:
            line.say_goodbye()
        for line in self._lines:
            line.hang_up()
        self._selector.close()

    def _step(self) -> bool:
        """Do what can be done; False once nothing is left to do."""
        self._welcome()
        if self._allowed:
            self._put_to_work()
        if any(line.is_busy for line in self._lines):
            self._hear()
            return True
        if self._mails.wait_s() is None or not self._allowed:
            return False
        time.sleep(self._rest_s())
        return True

    def _rest_s(self) -> float:
        """How long nothing new can begin, as far as we know."""
        wait_s = self._mails.wait_s()
        if wait_s is None:
            return LOOK_EVERY_S
        rest_s = max(wait_s, self._not_before - time.monotonic(), SHORTEST_REST_S)
        return min(rest_s, LOOK_EVERY_S)

    def _put_to_work(self) -> None:
        """Give idle lines a mail, and open more where there is work for them."""
        for line in [line for line in self._lines if not line.is_busy]:
            if (mail := self._mails.take()) is None:
                return
            self._try(line, line.begin, mail)
        if time.monotonic() >= self._not_before:
            if self._lines:
                self._open_more()
            elif not self._opening:
                self._open_first()

    def _open_first(self) -> None:
        """Alone, which shows whether the server is there, and only with a mail."""
        if (mail := self._mails.take()) is None:
            return
        try:
            line = self._open_line()
        except RelayRefusedError as error:
            self._mails.give_back(mail)
            self._shrink(str(error), to=0)
            return
        self._add(line)
        self._try(line, line.begin, mail)

    def _open_more(self) -> None:
        """All the others at once; a mail does not wait for any of them."""
        while self._count() < self._allowed and self._mails.wait_s() == 0:
            self._opening.append(self._threads.submit(self._open_line))

    def _count(self) -> int:
        return len(self._lines) + len(self._opening)

    def _welcome(self) -> None:
        """Take in what has opened meanwhile."""
        for opening in [each for each in self._opening if each.done()]:
            self._opening.remove(opening)
            try:
                self._add(opening.result())
            except RelayRefusedError as error:
                self._shrink(str(error), to=self._count())

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self._selector.register(line, selectors.EVENT_READ, line)

    def _hear(self) -> None:
        may_begin = self._opening or any(not line.is_busy for line in self._lines)
        timeout_s = self._rest_s() if may_begin else LOOK_EVERY_S
        for key, _events in self._selector.select(timeout_s):
            self._try(key.data, key.data.read)
        self._give_up_on_the_silent()

    def _give_up_on_the_silent(self) -> None:
        now = time.monotonic()
        overdue = [e for e in self._lines if e.is_busy and e.deadline < now]
        if overdue:
            heard = [key.data for key, _events in self._selector.select(0)]
            for line in overdue:
                if line not in heard:
                    self._drop(line, ConnectionLostError("no answer in time"))

    def _try(self, line: Line, act: Callable[..., None], *given: Mail) -> None:
        try:
            act(*given)
        except TransportError as error:
            self._drop(line, error)
        if line.carried:
            self._note(line)

    def _note(self, line: Line) -> None:
        """It got an answer about a mail: the server works."""
        self._lost = 0
        self._went += line.carried
        line.carried = 0
        if self._went >= GROW_AFTER and self._allowed < self._wanted:
            self._allowed += 1
            self._went = 0

    def _drop(self, line: Line, error: TransportError) -> None:
        self._selector.unregister(line)
        self._lines.remove(line)
        is_refused = isinstance(error, RelayRefusedError)
        line.lose(str(error), blames_mail=not is_refused)
        self._lost += 1
        fewer = self._allowed - 1
        if self._lost >= MOST_LOST:
            self._shrink(str(error), to=0)
        else:
            self._shrink(str(error), to=fewer if is_refused else max(fewer, 1))

    def _shrink(self, why: str, *, to: int) -> None:
        """Fewer connections, but not fewer than work now."""
        self._trouble = why
        self._allowed = max(to, self._count())
        self._went = 0
        self._not_before = time.monotonic() + FIRST_WAIT_S * 2 ** max(self._lost - 1, 0)


def _close_unused(opening: Future[Line]) -> None:
    """Close a connection that opened too late."""
    if not opening.cancelled() and not opening.exception():
        opening.result().say_goodbye()
        opening.result().hang_up()
