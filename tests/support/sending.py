"""Requests to a service in process, without what a client does around each: that would cost as much as most answers."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import httpx

from tests.support.asks import Ask
from tests.support.problems import slug_of


class PlainClient(httpx.AsyncClient):
    """Sends what it is told to: a service has no cookies, redirects or challenges, which a client would follow."""

    def __init__(
        self, app: Any, service: str, headers: Mapping[str, str], answered: Callable[[httpx.Response], Awaitable[None]]
    ) -> None:
        """`answered` looks at every answer."""
        self._way, self._answered = httpx.ASGITransport(app, raise_app_exceptions=True), answered
        super().__init__(transport=self._way, base_url=f"http://{service}", headers=headers)

    async def send(
        self, request: httpx.Request, *, stream: bool = False, auth: Any = None, follow_redirects: Any = None
    ) -> httpx.Response:
        """The answer, read to its end unless it is a stream."""
        answer = await self._way.handle_async_request(request)
        answer.request, answer.elapsed = request, timedelta(0)
        await self._answered(answer)
        if not stream:
            await answer.aread()
        return answer


@lru_cache(maxsize=4096)
def _place(path: str) -> dict[str, Any]:
    """An address as the server of a service takes it apart."""
    url = httpx.URL(path)
    return {"path": url.path, "raw_path": url.raw_path.partition(b"?")[0], "query_string": url.query}


def _headers(service: str, ask: Ask, body: bytes, caller: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    headers = {"host": service, "accept": "*/*", **caller}
    if ask.method == "POST":
        headers["idempotency-key"] = str(uuid.uuid4())
    if ask.tag is not None:
        headers["if-match"] = f'"{ask.tag["id"]}:{ask.tag["version"]}"'
    if body or ask.method != "GET":
        headers["content-length"] = str(len(body))
    if ask.file is not None or ask.json is not None:
        headers["content-type"] = "application/json" if ask.file is None else ask.kind
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]


async def send(app: Any, service: str, ask: Ask, caller: Mapping[str, str]) -> str:
    """`done`, or the slug of the problem that was answered."""
    body = ask.file if ask.file is not None else b"" if ask.json is None else json.dumps(ask.json).encode()
    answered = asyncio.Event()
    coming, status, parts = [{"type": "http.request", "body": body, "more_body": False}], 0, list[bytes]()

    async def receive() -> dict[str, Any]:
        if not coming:
            # Who listens on hears of the end alone: nobody hangs up before it.
            await answered.wait()
            return {"type": "http.disconnect"}
        return coming.pop()

    async def answer(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                answered.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": ask.method,
        "scheme": "http",
        "headers": _headers(service, ask, body, caller),
        "server": (service, None),
        "client": ("127.0.0.1", 123),
        "root_path": "",
        **_place(f"/v1/{service}{ask.path}"),
    }
    await app(scope, receive, answer)
    assert answered.is_set(), "the answer has no end"
    return "done" if 200 <= status < 300 else slug_of(json.loads(b"".join(parts)))
