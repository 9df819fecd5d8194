"""What casework leaves around itself while it is asked: logs, telemetry, addresses, names of files."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client import generate_latest

from tests.support.collector import Collector, collecting
from tests.support.databases import server_log

_NAMING = {"open", "os.link", "os.mkdir", "os.rename", "os.symlink", "subprocess.Popen", "tempfile.mkstemp"}
"""What Python says of itself when a file is given a name, or another process is told one."""
_watched: list[list[str]] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _watched and event in _NAMING:
        _watched[-1].append(repr(arguments))


sys.addaudithook(_note)


class Surroundings:
    """What has been left since it began."""

    def __init__(self, log: Path, collector: Collector) -> None:
        self._log, self._from, self.collector = log, log.stat().st_size, collector
        self.files: list[str] = []
        self.addresses: list[str] = []
        """Of what was asked over a connection, and what answers said in their headers."""

    def texts(self) -> dict[str, str]:
        """All of it, by kind."""
        with self._log.open("rb") as file:
            file.seek(self._from)
            written = file.read().decode()
        return self.collector.texts() | {
            "PostgreSQL's log": written,
            "metrics": generate_latest().decode(),
            "files": "\n".join(self.files),
            "addresses": "\n".join(self.addresses),
        }


@asynccontextmanager
async def watching(admin_url: str) -> AsyncIterator[Surroundings]:
    """In here, what is left is kept. Needs the server that the run has started."""
    log = await server_log(admin_url)
    with collecting() as collector:
        left = Surroundings(log, collector)
        _watched.append(left.files)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", _noting(left.addresses))
                yield left
        finally:
            _watched.remove(left.files)


def _noting(addresses: list[str]) -> Callable[..., Awaitable[httpx.Response]]:
    send = httpx.AsyncHTTPTransport.handle_async_request

    async def noted(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        addresses.append(str(request.url))
        answer = await send(transport, request)
        addresses.append(str(answer.headers.raw))
        return answer

    return noted
