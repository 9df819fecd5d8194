"""One request to a receiver: an address that was looked at, five seconds, no redirect.

Of its answer the status counts; at most 64 KB of the rest are read, and none is kept.
"""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from services.chassis.sending.outcomes import Outcome
from services.chassis.sending.targets import fault_of, may_be_asked

SECONDS = 5.0
MOST_READ = 65_536
_LONGEST_PAUSE = 3600


class _NotPublic(OSError):
    """The name leads to an address inside."""


class _PublicAddresses(AbstractResolver):
    """The addresses that a connection is then made to, all of them public.

    Looked at here and connected to without being asked again: a name cannot change in
    between.
    """

    def __init__(self, names: AbstractResolver, *, loopback: bool) -> None:
        self._names, self._loopback = names, loopback

    async def resolve(
        self, host: str, port: int = 0, *more: Any, **others: Any
    ) -> list[ResolveResult]:
        """All addresses of a name; an OSError where one is inside."""
        found = await self._names.resolve(host, port, *more, **others)
        places = [each["host"] for each in found]
        # All of them: of one that is inside the next try could make use.
        if not all(may_be_asked(each, loopback=self._loopback) for each in places):
            raise _NotPublic
        return found

    async def close(self) -> None:
        """Let go of what finds names."""
        await self._names.close()


class Poster:
    """Connections to receivers, until it is closed."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        tls: ssl.SSLContext | None = None,
        names: AbstractResolver | None = None,
    ) -> None:
        self._loopback = loopback
        connector = aiohttp.TCPConnector(
            resolver=_PublicAddresses(
                names or aiohttp.ThreadedResolver(), loopback=loopback
            ),
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
