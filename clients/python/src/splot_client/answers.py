"""What operations answer with."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NotRequired, TypedDict, TypeVar

import httpx

T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """A page of a list; the next one is asked for with `cursor=next_cursor`."""

    items: list[T]
    next_cursor: str | None
    total: NotRequired[int]


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What was answered, with the headers that the next request needs.

    `etag` is the version that was read, for `if_match`; `location` where a job or a new
    thing is found; `is_replayed` whether this is the kept answer to an earlier request
    with the same key.
    """

    data: T
    status: int
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def location(self) -> str | None:
        return self.headers.get("location")

    @property
    def is_replayed(self) -> bool:
        return self.headers.get("idempotency-replayed") == "true"


class File:
    """A file as it arrives: a list as CSV, a picture, a document. Read it once, whole or piece by piece."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.media_type = response.headers.get("content-type", "").partition(";")[0]

    async def read(self) -> bytes:
        """All of it, in memory."""
        content = await self._response.aread()
        await self._response.aclose()
        return content

    async def pieces(self) -> AsyncIterator[bytes]:
        """Piece by piece, in little memory."""
        try:
            async for piece in self._response.aiter_bytes():
                yield piece
        finally:
            await self._response.aclose()

    async def lines(self) -> AsyncIterator[str]:
        """Line by line, as of NDJSON."""
        try:
            async for line in self._response.aiter_lines():
                yield line
        finally:
            await self._response.aclose()

    async def save(self, path: Path) -> None:
        """Written to disk as it arrives."""
        with path.open("wb") as file:
            async for piece in self.pieces():
                file.write(piece)
