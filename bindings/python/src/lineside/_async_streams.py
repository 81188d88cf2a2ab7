"""The same for asyncio: sources and writers may be asynchronous, too."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from ._streams import PIECE, Descriptor, Output, bytes_of, pair, pieces_of

T = TypeVar("T")


async def pieces_of_any(source: Any) -> AsyncIterator[bytes]:
    """Of what may be asynchronous. A file that is not is read on a thread."""
    if isinstance(source, AsyncIterable):
        async for piece in source:
            if bytes_of(piece):
                yield bytes_of(piece)
    elif hasattr(source, "read"):
        asynchronous = asyncio.iscoroutinefunction(source.read)
        while piece := bytes_of(
            await source.read(PIECE) if asynchronous else await asyncio.to_thread(source.read, PIECE)
        ):
            yield piece
    else:
        for piece in pieces_of(source):
            yield piece


async def _call_while(moving: asyncio.Task[None], mine: socket.socket, call: Awaitable[T], descriptor: Descriptor) -> T:
    # Whatever ends the moving early ends the call.
    moving.add_done_callback(lambda done: mine.close() if done.cancelled() or done.exception() else None)
    try:
        answer = await call
        descriptor.close()
        await moving
        return answer
    except BaseException:
        moving.cancel()
        await asyncio.wait({moving})
        if not moving.cancelled() and (raised := moving.exception()) is not None:
            raise raised from None
        raise
    finally:
        mine.close()


async def feed(source: Any, call: Callable[[Any], Awaitable[T]]) -> T:
    mine, descriptor = pair("reads")

    async def move() -> None:
        loop = asyncio.get_running_loop()
        async for piece in pieces_of_any(source):
            await loop.sock_sendall(mine, piece)
        mine.shutdown(socket.SHUT_WR)

    return await _call_while(asyncio.ensure_future(move()), mine, call(descriptor), descriptor)


async def drain(to: Any, tell: Callable[[Any], object] | None, call: Callable[[Any], Awaitable[T]]) -> T:
    mine, descriptor = pair("writes")
    output = Output(to)

    async def move() -> None:
        loop = asyncio.get_running_loop()
        while piece := await loop.sock_recv(mine, PIECE):
            left = memoryview(piece)
            while left:
                written = output.write(bytes(left))
                left = output.left(left, await written if isinstance(written, Awaitable) else written)
            if tell is not None:
                tell(output.bytes)

    return await _call_while(asyncio.ensure_future(move()), mine, call(descriptor), descriptor)
