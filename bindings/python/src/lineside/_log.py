"""What servers and clients tell, into `logging`."""

from __future__ import annotations

import logging
import os
import select
import threading
from typing import Any

from ._binding import SERVED_REQUEST, core

SERVER = logging.getLogger("lineside.server")
CLIENT = logging.getLogger("lineside.client")


class LogThread:
    """Takes what comes into a queue and logs it, on a thread of Python: none of the core's ever enters it."""

    def __init__(self) -> None:
        self.queue = core.queue()
        self._stop, self._stopped = os.pipe2(os.O_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name="lineside log", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self.queue.descriptor(), select.POLLIN)
        poll.register(self._stop, select.POLLIN)
        going = True
        while going:
            going = all(descriptor != self._stop for descriptor, _ in poll.poll())
            for _, kind, _, value in self.queue.take(0, 1000):
                log_served(value) if kind == SERVED_REQUEST else log_attempt(value)

    def close(self) -> None:
        """Logs what is left. A second time does nothing."""
        if self._stopped < 0:
            return
        os.close(self._stopped)
        self._stopped = -1
        self._thread.join()
        os.close(self._stop)


def log_served(request: Any) -> None:
    level = logging.WARNING if request.status >= 500 else logging.INFO
    SERVER.log(
        level,
        "%s %s %d %d us %s",
        request.method,
        request.path,
        request.status,
        request.took_us,
        request.request_id,
        extra={"lineside": request},
    )


def log_attempt(attempt: Any) -> None:
    level = logging.WARNING if attempt.failure else logging.DEBUG
    CLIENT.log(
        level,
        "%s %s %d %d us %s %s",
        attempt.method,
        attempt.path,
        attempt.status,
        attempt.took_us,
        attempt.request_id,
        attempt.failure,
        extra={"lineside": attempt},
    )
