"""Being stopped from outside: at the end of a step, with everything saved."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class LeaveNow(BaseException):
    """A second Ctrl-C. Of a KeyboardInterrupt, pytorch-lightning would make an exit."""


class StopRequest:
    """Remembers the first signal; a second Ctrl-C leaves at once.

    Attributes:
        signal: Number of the signal; 0 as long as there was none.
    """

    def __init__(self) -> None:
        self.signal = 0

    @contextmanager
    def listening(self) -> Generator[None]:
        """Take the signals over, and give them back at the end."""
        before = {number: signal.getsignal(number) for number in SIGNALS}
        self.listen()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def listen(self) -> None:
        """Take the signals over, also from whoever took them in the meantime."""
        for number in SIGNALS:
            signal.signal(number, self._remember)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        if self.signal == number == signal.SIGINT:
            raise LeaveNow
        self.signal = self.signal or number
