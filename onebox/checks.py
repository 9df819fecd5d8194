"""Checks whether a program is ready: it answers 200 on its socket or port."""

import asyncio
from contextlib import closing
from pathlib import Path

from onebox.supervisor import ReadyCheck

ANSWER_SECONDS = 2.0
OK = b"200"


def answers_on_socket(socket: Path, path: str) -> ReadyCheck:
    """Ready when GET `path` on that unix socket is answered with 200."""

    async def is_ready(_: int) -> bool:
        return await _is_answered(path, socket=socket)

    return is_ready


def answers_on_port(port: int, path: str) -> ReadyCheck:
    """Ready when GET `path` on that port of this machine is answered with 200."""

    async def is_ready(_: int) -> bool:
        return await _is_answered(path, port=port)

    return is_ready


async def _is_answered(path: str, *, socket: Path | None = None, port: int = 0) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            # Without an HTTP client: importing one would delay every start.
            reader, writer = await (
                asyncio.open_unix_connection(str(socket)) if socket else asyncio.open_connection("127.0.0.1", port)
            )
            with closing(writer):
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                return (await reader.readline()).split(b" ")[1:2] == [OK]
    except (OSError, TimeoutError):
        return False
