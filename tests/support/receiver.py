"""A receiver of webhooks on this machine: it keeps what it was sent, and answers as a test says."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """An answer, as it goes over the wire."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Sent(NamedTuple):
    """One request: where to, its headers, and its body as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """What came, in its order; `answers` are given by path, one after the other, and then 204."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answers: dict[str, list[Answer]] = {}
        self.port = 0
        self._connections: set[asyncio.StreamWriter] = set()

    def url(self, path: str = "/", scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def of(self, path: str) -> list[Sent]:
        return [each for each in self.sent if each.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().strip().split("\r\n")
                headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
                path = first.split(" ")[1]
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.sent.append(Sent(path, headers, body))
                await self._answer(path, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        told = self.answers.get(path) or [answer(204)]
        given = told.pop(0)
        if isinstance(given, bytes):
            writer.write(given)
            await writer.drain()
        else:
            await given(writer)

    def close(self) -> None:
        for writer in self._connections:
            writer.close()


@asynccontextmanager
async def receiving(**options: Any) -> AsyncIterator[Receiver]:
    """A receiver that listens for as long as the block lasts; `ssl` makes it one by https."""
    receiver = Receiver()
    context: ssl.SSLContext | None = options.get("ssl")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        receiver.close()
