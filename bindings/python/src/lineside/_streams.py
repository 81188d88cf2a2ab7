"""Imports from and exports to whatever a program reads and writes: through a pair of sockets, one of which the core
has.
"""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from ._types import Source, Writer

PIECE = 1 << 16


class Descriptor:
    """What the core reads or writes. The request holds it, so it is closed when the core has done with it."""

    __slots__ = ("_number",)

    def __init__(self, end: socket.socket) -> None:
        self._number = end.detach()

    def __index__(self) -> int:
        return self._number

    def close(self) -> None:
        number, self._number = self._number, -1
        if number >= 0:
            os.close(number)

    __del__ = close


def pair(core: Literal["reads", "writes"]) -> tuple[socket.socket, Any]:
    mine, theirs = socket.socketpair()
    if core == "reads":
        # Unread, it makes of our closing a failure of their read: what broke off is not taken for the end.
        theirs.send(b"!")
    mine.setblocking(False)
    return mine, Descriptor(theirs)


def bytes_of(piece: Any) -> bytes:
    if not isinstance(piece, bytes | bytearray | memoryview):
        raise TypeError(f"call records are read as bytes, not {type(piece).__name__}")
    return bytes(piece)


def pieces_of(source: Source) -> Iterator[bytes]:
    read = getattr(source, "read", None)
    if read is None:
        assert isinstance(source, Iterable)
        yield from filter(None, map(bytes_of, source))
    else:
        while piece := bytes_of(read(PIECE)):
            yield piece


class Output:
    """A file or a function that takes bytes. A file may take a part and says how much; a function takes all."""

    def __init__(self, to: Writer) -> None:
        self._is_file = hasattr(to, "write")
        self.write: Callable[[bytes], Any] = getattr(to, "write", to)  # type: ignore[arg-type]
        self.bytes = 0

    def left(self, piece: memoryview, written: Any) -> memoryview:
        taken = written if self._is_file and isinstance(written, int) else len(piece)
        if taken <= 0:
            raise OSError("the file takes nothing")
        self.bytes += taken
        return piece[taken:]


class Moving:
    """Something to be done in the calling thread while a call runs. `move` does what can be done without waiting, and
    says whether more is to come.
    """

    def __init__(self, core: Literal["reads", "writes"]) -> None:
        self.mine, self.descriptor = pair(core)
        self._poll: select.poll | None = select.poll()
        self._poll.register(self.mine, select.POLLOUT if core == "reads" else select.POLLIN)

    def turn(self, queue: int, most_ms: int) -> int:
        """Waits until there is something to move or in the queue; says how long that may be waited for yet."""
        if self._poll is None:
            return most_ms
        self._poll.register(queue, select.POLLIN)
        ready = [number for number, _ in self._poll.poll(most_ms)]
        if self.mine.fileno() in ready and not self.move():
            self._poll = None
        return 0

    def move(self) -> bool:
        raise NotImplementedError

    def finish(self) -> None:
        """The call has ended well."""
        self.mine.close()

    def abort(self) -> None:
        """Ends the call: the core cannot read or write any more."""
        self.mine.close()


class Feed(Moving):
    """Gives the core what it reads."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__("reads")
        self._pieces = pieces
        self._left = memoryview(b"")

    def move(self) -> bool:
        if not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                self.mine.shutdown(socket.SHUT_WR)
                return False
            self._left = memoryview(piece)
        self._left = self._left[self.mine.send(self._left) :]
        return True


class Drain(Moving):
    """Takes what the core writes."""

    def __init__(self, to: Writer, tell: Callable[[Any], object] | None) -> None:
        super().__init__("writes")
        self._output, self._tell = Output(to), tell

    def move(self) -> bool:
        piece = self.mine.recv(PIECE)
        left = memoryview(piece)
        while left:
            left = self._output.left(left, self._output.write(bytes(left)))
        if piece and self._tell is not None:
            self._tell(self._output.bytes)
        return bool(piece)

    def finish(self) -> None:
        self.descriptor.close()
        while self.move():
            pass
        super().finish()
