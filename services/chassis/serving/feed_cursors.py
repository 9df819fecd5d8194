"""Cursors of the event feed, encrypted: a number would reveal hidden events."""

import base64
import binascii
import hashlib
import json
import struct
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from starlette.requests import Request

from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.trust.callers import Caller, Reach
from services.chassis.web.answers import terms_of

_NUMBERS = struct.Struct(">QQ")


class Feed(NamedTuple):
    """Who may follow the events of a service, and which permission shows which events.

    `kinds` maps the prefix of a type to the permission that must reach the event's
    county or institution; None for events that every follower sees. The longest prefix
    counts; an event that none fits is visible to nobody.
    """

    permission: StrEnum
    kinds: Mapping[str, StrEnum | None]


class Place(NamedTuple):
    """How far a caller has read: the number passed, and how many events were visible.

    `last` is the id of the event with that number. A restored database gives the same
    numbers to other events: a caller who was ahead would miss them.
    """

    passed: int
    shown: int
    last: UUID | None = None


def stale_cursor() -> ValidationFailed:
    """The cursor is not one of this query, these rights or this feed any more."""
    return ValidationFailed(FieldError("parameter", "after", "stale_cursor"))


class Cursors:
    """Makes and reads the cursors of one query.

    They are encrypted, because a number would reveal hidden events.
    """

    def __init__(
        self,
        request: Request,
        caller: Caller,
        feed: Feed,
        kind: str,
        path: str | None = None,
    ) -> None:
        """`path`: the address of the feed, if it is not the address of the request."""
        terms = terms_of(request)
        # A key of its own: no other cursor of the platform is accepted for a feed.
        secret = hashlib.blake2b(
            b"event feed",
            key=terms.cursor_key[: hashlib.blake2b.MAX_KEY_SIZE],
            digest_size=32,
        )
        query = [path or terms.path, kind, _rights(caller, feed)]
        # Deterministic, so that a cursor replays; bound to the query and rights.
        self._cipher = AESSIV(secret.digest())
        self._about = [json.dumps(query).encode()]

    def sealed(self, place: Place) -> str:
        """A place as a cursor."""
        sealed = b""
        if place.passed:
            last = place.last.bytes if place.last else b""
            packed = _NUMBERS.pack(place.passed, place.shown) + last
            sealed = self._cipher.encrypt(packed, self._about)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=") or "0"

    def opened(self, cursor: str) -> Place:
        """The place of a cursor; ValidationFailed for another query or other rights."""
        # The beginning is the same for all, and reveals nothing.
        if cursor == "0":
            return Place(0, 0)
        try:
            sealed = base64.b64decode(
                cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
            )
            packed = self._cipher.decrypt(sealed, self._about)
            last = packed[_NUMBERS.size :]
            # Cursors of earlier versions name no event.
            id_ = UUID(bytes=last) if last else None
            passed, shown = _NUMBERS.unpack(packed[: _NUMBERS.size])
            return Place(passed, shown, id_)
        except (binascii.Error, ValueError, InvalidTag, struct.error):
            raise stale_cursor() from None


def _rights(caller: Caller, feed: Feed) -> list[Any]:
    """The reach of the caller's rights: with others, a place would be another one."""
    reaches = {
        str(permission): caller.reach(permission)
        for permission in feed.kinds.values()
        if permission is not None
    }
    own = {
        Reach.OWN_COUNTIES: sorted(caller.counties),
        Reach.OWN_INSTITUTION: str(caller.institution_id),
    }
    return [
        [permission, reach, own.get(reach) if reach else None]
        for permission, reach in sorted(reaches.items())
    ]
