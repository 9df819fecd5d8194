"""Requests as operations make them: parameters, token, key, body."""

import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from splot_client.answers import Answer, File
from splot_client.problems import problem_of
from splot_client.sending import Patience, send

Token = str | Callable[[], Awaitable[str]]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Calls:
    """Carries out what the generated operations ask for."""

    def __init__(
        self, client: httpx.AsyncClient, token: Token | None, patience: Patience
    ) -> None:
        self._client = client
        self._token = token
        self._patience = patience

    @staticmethod
    def quoted(value: object) -> str:
        """A value as one part of a path."""
        return quote(str(value), safe="")

    async def json(self, method: str, path: str, **asked: Any) -> Answer[Any]:
        """What is answered with JSON, or without a body."""
        response = await self.request(method, path, accept=JSON, **asked)
        try:
            content = await response.aread()
        finally:
            await response.aclose()
        data = json.loads(content) if content else None
        return Answer(data, response.status_code, response.headers)

    async def file(
        self, method: str, path: str, *, accept: str | None = None, **asked: Any
    ) -> File:
        """What is answered with a file."""
        return File(await self.request(method, path, accept=accept or "*/*", **asked))

    @asynccontextmanager
    async def stream(
        self, path: str, accept: str, header: Mapping[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """An answer that takes as long as it takes."""
        response = await self.request("GET", path, accept=accept, header=header)
        try:
            yield response
        finally:
            await response.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        accept: str,
        query: Mapping[str, Any] | None = None,
        header: Mapping[str, str | None] | None = None,
        body: Any = None,
        content_type: str | None = None,
    ) -> httpx.Response:
        """Any request; what is refused is raised as a ProblemError. The body is still to be read."""
        given = {
            name: value for name, value in (query or {}).items() if value is not None
        }
        headers = _headers(method, accept, header or {})
        content: Any = None
        if body is not None:
            headers["content-type"] = content_type or _json_kind(method)
            content = _content(body, content_type)
        request = self._client.build_request(
            method, path, params=given, headers=headers, content=content
        )
        response = await self._send(request)
        # A token lives for minutes: one that was good when it was taken may be over now.
        if response.status_code == 401 and callable(self._token):
            response = await self._send(request)
        if not response.is_success:
            raise problem_of(response)
        return response

    async def _send(self, request: httpx.Request) -> httpx.Response:
        token = await self._token() if callable(self._token) else self._token
        if token:
            request.headers["authorization"] = f"Bearer {token}"
        return await send(self._client, request, self._patience)


def _headers(
    method: str, accept: str, given: Mapping[str, str | None]
) -> dict[str, str]:
    headers = {
        name.lower(): value for name, value in given.items() if value is not None
    }
    if method == "POST":
        headers.setdefault("idempotency-key", str(uuid.uuid4()))
    return {"accept": accept, **headers}


def _json_kind(method: str) -> str:
    return "application/merge-patch+json" if method == "PATCH" else JSON


def _content(body: Any, content_type: str | None) -> bytes:
    if content_type == FORM:
        return urlencode(body).encode()
    if content_type:
        return bytes(body)
    return json.dumps(body, ensure_ascii=False).encode()
