"""One request to a receiver: an address that was looked at, five seconds, no redirect.

Of its answer the status counts; at most 64 KB of the rest are read, and none is kept.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from services.chassis.webhooks.outcomes import Outcome
from services.chassis.webhooks.targets import addresses_of, fault_of, may_be_asked

SECONDS = 5.0
MOST_READ = 65_536
_LONGEST_PAUSE = 3600
Resolve = Callable[[str, int], Awaitable[list[tuple[int, str]]]]


class _NotPublic(OSError):
    """The name leads to an address inside."""


class _PublicAddresses(AbstractResolver):
    """The addresses that a connection is then made to, all of them public."""

    def __init__(self, resolve: Resolve, *, loopback: bool) -> None:
        self._resolve, self._loopback = resolve, loopback

    async def resolve(
        self, host: str, port: int = 0, family: int = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Looked at here and connected to without being asked again: a name cannot
        change in between.
        """
        found = await self._resolve(host, port)
        # All of them: of one that is inside the next try could make use.
        if not all(may_be_asked(each, loopback=self._loopback) for _, each in found):
            raise _NotPublic
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=kind,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, address in found
            if family in {socket.AF_UNSPEC, kind}
        ]

    async def close(self) -> None:
        """Nothing is held."""


class Poster:
    """Connections to receivers, until it is closed."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = addresses_of,
    ) -> None:
        self._loopback = loopback
        connector = aiohttp.TCPConnector(
            resolver=_PublicAddresses(resolve, loopback=loopback),
            use_dns_cache=False,
            ssl=tls or True,
        )
        # Nothing of one answer goes into another request, and no proxy is asked.
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close them."""
        await self._session.close()

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> Outcome:
        """What came of it; nothing is raised."""
        # Again, for the rules may have become stricter since it was created.
        if fault_of(url, loopback=self._loopback):
            return Outcome(None, "address_refused")
        try:
            async with asyncio.timeout(SECONDS):
                return await self._answer(url, headers, body)
        except TimeoutError:
            return Outcome(None, "timeout")
        except (ssl.SSLError, aiohttp.ClientSSLError):
            return Outcome(None, "tls_failed")
        except (OSError, aiohttp.ClientError, ValueError) as error:
            inner = getattr(error, "os_error", error)
            return Outcome(
                None,
                "address_refused" if _is_refused(inner) else "connection_failed",
            )

    async def _answer(self, url: str, headers: Mapping[str, str], body: str) -> Outcome:
        async with self._session.post(
            url, data=body.encode(), headers=headers, allow_redirects=False
        ) as answer:
            read = 0
            while read < MOST_READ and (
                part := await answer.content.read(MOST_READ - read)
            ):
                read += len(part)
            # The rest is left where it is: its connection is closed, not read to the end.
            if not answer.content.at_eof():
                answer.close()
            return Outcome(
                answer.status, None, _seconds(answer.headers.get("retry-after"))
            )


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, _NotPublic) or isinstance(error.__cause__, _NotPublic)


def _seconds(retry_after: str | None) -> int | None:
    """What a receiver asks for, an hour at most; a date is not read."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return None
    return min(int(retry_after[:9]), _LONGEST_PAUSE)
