"""Asking another service: one total deadline, the caller's own rights or our account's, a Problem whatever goes wrong.

A service keeps its own models of the fields it uses in its `peers.py`, and never asks inside a transaction after the
first write.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import quote_plus

import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import BaseModel, ValidationError

from services.chassis.ground.correlation import current_trace, remaining_seconds
from services.chassis.ground.problems import (
    Problem,
    UpstreamInvalidResponse,
    UpstreamTimeout,
    UpstreamUnavailable,
)

LARGEST_ANSWER = 8_388_608
Model = TypeVar("Model", bound=BaseModel)


class PeerRefused(Problem):
    """A service that is needed refused the question."""

    status, title_pl = 502, "Potrzebna usługa odmówiła odpowiedzi"


class Peer:
    """One other service, by its address or `unix:PATH`. Made when the process starts, closed when it ends."""

    def __init__(
        self,
        url: str,
        *,
        seconds: float = 2.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.seconds = seconds
        if url.startswith("unix:"):
            transport, url = (
                transport or httpx.AsyncHTTPTransport(uds=url.removeprefix("unix:")),
                "http://localhost",
            )
        transport = transport or AiohttpTransport()
        self._client = httpx.AsyncClient(
            base_url=url, transport=transport, timeout=seconds, trust_env=False
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def get(
        self,
        path: str,
        model: type[Model],
        *,
        token: str,
        **query: str | int | Sequence[str],
    ) -> Model:
        """What the service answers at `path` for the holder of the token, as `model`.

        Raises PeerRefused with the peer's own problem, UpstreamTimeout after the total deadline (that of the request
        being served, and never more than this peer's), UpstreamUnavailable, or UpstreamInvalidResponse.
        """
        answer = await self._asked(path, token, query)
        if answer.is_error:
            raise PeerRefused(
                peer_status=answer.status_code, peer_code=_code_of(answer)
            )
        try:
            return model.model_validate_json(answer.content)
        except ValidationError:
            raise UpstreamInvalidResponse() from None

    async def _asked(
        self, path: str, token: str, query: dict[str, Any]
    ) -> httpx.Response:
        seconds = remaining_seconds(self.seconds)
        headers = {
            "authorization": f"Bearer {token}",
            "x-deadline-ms": str(max(1, int(seconds * 1000))),
        }
        headers["accept-encoding"] = "identity"
        if trace := current_trace.get():
            headers["traceparent"] = trace.traceparent
        try:
            async with asyncio.timeout(seconds):
                return await self._twice(path, query, headers)
        except TimeoutError:
            raise UpstreamTimeout() from None
        except httpx.TransportError:
            raise UpstreamUnavailable() from None

    async def _twice(
        self, path: str, query: dict[str, Any], headers: dict[str, str]
    ) -> httpx.Response:
        """Ask once more when the connection turned out to be closed: reading changes nothing."""
        try:
            return await self._once(path, query, headers)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.ConnectError):
            return await self._once(path, query, headers)

    async def _once(
        self, path: str, query: dict[str, Any], headers: dict[str, str]
    ) -> httpx.Response:
        request = self._client.build_request("GET", path, params=query, headers=headers)
        answer = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise UpstreamInvalidResponse()
        finally:
            await answer.aclose()
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            content=bytes(body),
            request=request,
        )


class Account(Peer):
    """This service's account at the identity provider: a token by client credentials, renewed before it ends."""

    def __init__(
        self, url: str, client: tuple[str, str], scope: str, **more: Any
    ) -> None:
        socket, _, path = (
            url.rpartition(":/") if url.startswith("unix:") else ("", "", "")
        )
        super().__init__(socket, **more)
        self._url, self._scope = f"/{path}" if socket else url, scope
        self._client.auth = httpx.BasicAuth(*map(quote_plus, client))
        self._token, self._ends, self._renewing = "", 0.0, asyncio.Lock()

    async def token(self) -> str:
        """A token that holds for half a minute at least; UpstreamUnavailable when none is given."""
        async with self._renewing:
            if self._ends < time.monotonic() + 30:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        asked = {"grant_type": "client_credentials", "scope": self._scope}
        try:
            async with asyncio.timeout(remaining_seconds(self.seconds)):
                answer = (
                    (await self._client.post(self._url, data=asked))
                    .raise_for_status()
                    .json()
                )
            self._token, self._ends = (
                str(answer["access_token"]),
                time.monotonic() + float(answer["expires_in"]),
            )
        except (TimeoutError, httpx.HTTPError, ValueError, KeyError, TypeError):
            raise UpstreamUnavailable() from None


def _code_of(answer: httpx.Response) -> str | None:
    """The stable code of the peer's problem, if it is one."""
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        return None
    return code if isinstance(code, str) and code.isidentifier() else None
