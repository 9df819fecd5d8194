"""Where a webhook may lead: to a public address, by https, to no system port."""

import asyncio
import re
import socket
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from urllib.parse import urlsplit

from services.chassis.ground.problems import refuse

# Names in ASCII with a last label of letters: no number in any of its notations, no
# name that looks like another one, no dot at the end.
_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
    re.ASCII,
)
# Names that lead nowhere public by their standards (RFC 6761, 6762, 7686, 8375, 9476).
_INSIDE = re.compile(
    r"(?:.*\.)?(?:local|localhost|internal|intranet|lan|home\.arpa|in-addr\.arpa|ip6\.arpa"
    r"|invalid|test|onion|alt)",
    re.ASCII,
)
_VISIBLE = re.compile(r"[\x21-\x7e]+", re.ASCII)
_LOOPBACK = {"localhost", "127.0.0.1"}
# Below are system ports: a receiver behind one must not be reached from here.
_FIRST_FREE_PORT = 1024
# The part of IPv6 that is assigned to the public network. Python also calls global
# what leads inside: site-local addresses, and a network's own translators (RFC 8215).
_ASSIGNED = IPv6Network("2000::/3")
# In IPv4: addresses at which a network's own devices answer (RFC 6890, 2.2.2).
_OF_PROTOCOLS = IPv4Network("192.0.0.0/24")
# IPv4 behind a translator (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")
SECONDS_TO_RESOLVE = 2.0


def fault_of(url: str, *, loopback: bool) -> str | None:
    """The fault of a receiver's address, as a code; None if there is none.

    `loopback` allows this machine, for development.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "wrong_format"
    host = parts.hostname or ""
    if loopback and host in _LOOPBACK and parts.scheme in {"http", "https"}:
        return None
    if parts.scheme != "https":
        return "not_https"
    # Two parsers could read a backslash or an `@` in different ways.
    if not _VISIBLE.fullmatch(url) or any(mark in url for mark in "\\@#"):
        return "wrong_format"
    if port not in {None, 443} and (port or 0) < _FIRST_FREE_PORT:
        return "not_public"
    is_public = _NAME.fullmatch(host) and not _INSIDE.fullmatch(host)
    return None if is_public else "not_public"


def is_public(address: str) -> bool:
    """Whether an address is in the public network, also any that it contains.

    >>> [is_public(each) for each in ("193.0.6.139", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    ip = ip_address(address.partition("%")[0])
    return all(_is_global(each) for each in _unwrapped(ip))


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        is_assigned = address in _ASSIGNED
    else:
        is_assigned = address not in _OF_PROTOCOLS and not address.is_multicast
    return address.is_global and is_assigned


def may_connect(address: str, *, loopback: bool) -> bool:
    """Whether a connection may be made to this address."""
    return is_public(address) or (loopback and ip_address(address).is_loopback)


def _unwrapped(
    address: IPv4Address | IPv6Address,
) -> list[IPv4Address | IPv6Address]:
    """The address, or the IPv4 address that it stands for."""
    if isinstance(address, IPv4Address):
        return [address]
    if address in _TRANSLATED:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    return [address]


async def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a name; OSError where there are none."""
    loop = asyncio.get_running_loop()
    infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in infos]


async def demand_receiver(url: str, *, loopback: bool) -> None:
    """ValidationFailed unless events may be sent to this address.

    A name that does not exist yet is accepted: it is looked up again at each sending.
    """
    if fault := fault_of(url, loopback=loopback):
        refuse(("url", fault))
    parts = urlsplit(url)
    if loopback and parts.hostname in _LOOPBACK:
        return
    try:
        async with asyncio.timeout(SECONDS_TO_RESOLVE):
            addresses = await addresses_of(parts.hostname or "", parts.port or 443)
    except (OSError, TimeoutError, UnicodeError):
        return
    if not all(is_public(address) for address in addresses):
        refuse(("url", "not_public"))
