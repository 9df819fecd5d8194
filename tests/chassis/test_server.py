"""Answers leave in one write where they are short, whole and in their order always."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from services.chassis.server import LEAVES_AT_ONCE, WholeAnswers
from tests.gateway.fakes import serving

SHORT, LONG = b"s" * 100, b"l" * (LEAVES_AT_ONCE + 1)


class Sending:
    """An application that answers with these pieces, and notes what was written to the socket."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        lengths = [] if self.pieces[1:] else [(b"content-length", b"%d" % len(self.pieces[0]))]
        await send({"type": "http.response.start", "status": 200, "headers": lengths})
        for number, piece in enumerate(self.pieces, 1):
            await send({"type": "http.response.body", "body": piece, "more_body": number < len(self.pieces)})


class Counting(WholeAnswers):
    """Counts the writes that really reach the connection."""

    writes: Sequence[int] = ()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """asyncio: a client has connected."""
        super().connection_made(_Counted(transport, self))  # type: ignore[arg-type]


class _Counted:
    def __init__(self, transport: asyncio.Transport, protocol: Counting) -> None:
        self._transport, self._protocol = transport, protocol

    def write(self, data: bytes) -> None:
        type(self._protocol).writes = [*self._protocol.writes, len(data)]
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


@pytest.fixture(autouse=True)
def _no_writes() -> None:
    Counting.writes = ()


@pytest.mark.parametrize("pieces", [[SHORT], [LONG], [b""]])
async def test_head_and_body_leave_together(pieces: list[bytes]) -> None:
    async with serving(Sending(*pieces), http=Counting) as port, httpx.AsyncClient() as client:
        for _ in range(3):
            assert (await client.get(f"http://127.0.0.1:{port}/")).content == b"".join(pieces)
    assert len(Counting.writes) == 3


@pytest.mark.parametrize(
    "pieces", [[SHORT, SHORT], [SHORT, LONG, SHORT], [LONG, LONG, LONG], [SHORT] * 50, [LONG, SHORT, b""]]
)
async def test_a_stream_arrives_whole_and_in_order(pieces: list[bytes]) -> None:
    marked = [b"%d:" % number + piece for number, piece in enumerate(pieces)]
    async with serving(Sending(*marked), http=Counting) as port, httpx.AsyncClient() as client:
        for _ in range(2):
            assert (await client.get(f"http://127.0.0.1:{port}/")).content == b"".join(marked)


@pytest.mark.parametrize("piece", [SHORT, LONG])
async def test_nothing_is_lost_when_the_connection_ends_with_the_answer(piece: bytes) -> None:
    async with serving(Sending(piece), http=Counting) as port, httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/", headers={"connection": "close"})
    assert (answer.content, len(Counting.writes)) == (piece, 1)
