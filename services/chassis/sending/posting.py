"""One request to a receiver: a checked address, five seconds, no redirect.

Only the status of the answer counts; at most 64 KB of its body are read, none is kept.
"""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from services.chassis.sending.outcomes import Outcome
from services.chassis.sending.targets import fault_of, may_connect

SECONDS = 5.0
MOST_READ = 65_536
_LONGEST_PAUSE = 3600


class _NotPublic(OSError):
    """The name leads to an internal address."""


class _PublicAddresses(AbstractResolver):
    """The addresses that a connection is then made to, all of them public.

    Checked here and used without another lookup: a name cannot change in between.
    """

    def __init__(self, names: AbstractResolver, *, loopback: bool) -> None:
        self._names, self._loopback = names, loopback

    async def resolve(
        self, host: str, port: int = 0, *more: Any, **others: Any
    ) -> list[ResolveResult]:
        """All addresses of a name; an OSError where one is internal."""
        results = await self._names.resolve(host, port, *more, **others)
        addresses = [each["host"] for each in results]
        # All of them: the connection may be made to any.
        if not all(may_connect(each, loopback=self._loopback) for each in addresses):
            raise _NotPublic
        return results

    async def close(self) -> None:
        """Close the resolver of names."""
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
        """Close the connections."""
        await self._session.close()

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> Outcome:
        """The outcome of a request; nothing is raised."""
        # Checked again: the rules may be stricter than when it was created.
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
            size = 0
            while size < MOST_READ and (
                part := await answer.content.read(MOST_READ - size)
            ):
                size += len(part)
            # The rest is not read: the connection is closed instead.
            if not answer.content.at_eof():
                answer.close()
            return Outcome(
                answer.status, None, _seconds(answer.headers.get("retry-after"))
            )


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, _NotPublic) or isinstance(error.__cause__, _NotPublic)


def _seconds(retry_after: str | None) -> int | None:
    """The seconds a receiver asks for, an hour at most; a date is not read."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return None
    return min(int(retry_after[:9]), _LONGEST_PAUSE)
