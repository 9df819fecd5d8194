"""Cursors of the event feed, encrypted: a number would tell of what is not shown."""

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
    """Who may follow the events of a service, and what they need to see them.

    `kinds` leads from the beginning of a type to the permission that must reach the
    event's county or institution; None for what every follower sees. The longest
    beginning counts; what none fits is shown to nobody.
    """

    permission: StrEnum
    kinds: Mapping[str, StrEnum | None]


class Place(NamedTuple):
    """How far a caller has come: the number passed, and how many were shown.

    `last` is the id of the event with that number. A restored database gives the same
    numbers to other events: a caller who was ahead would miss them.
    """

    passed: int
    shown: int
    last: UUID | None = None


def stale_cursor() -> ValidationFailed:
    """The cursor is not of this question, these rights or this feed any more."""
    return ValidationFailed(FieldError("parameter", "after", "stale_cursor"))


class Cursors:
    """Makes and reads the cursors of one question.

    They are encrypted, for a number would tell of what is not shown.
    """

    def __init__(
        self,
        request: Request,
        caller: Caller,
        asked: Feed,
        kind: str,
        path: str | None = None,
    ) -> None:
        """`path`: the address of the feed, where it is not the one asked now."""
        terms = terms_of(request)
        # A key of its own: no other cursor of the platform passes for one of a feed.
        secret = hashlib.blake2b(
            b"event feed",
            key=terms.cursor_key[: hashlib.blake2b.MAX_KEY_SIZE],
            digest_size=32,
        )
        question = [path or terms.path, kind, _rights(caller, asked)]
        # Deterministic, so that a cursor replays; bound to the question and rights.
        self._cipher = AESSIV(secret.digest())
        self._about = [json.dumps(question).encode()]

    def sealed(self, place: Place) -> str:
        """A place as a cursor."""
        sealed = b""
        if place.passed:
            last = place.last.bytes if place.last else b""
            packed = _NUMBERS.pack(place.passed, place.shown) + last
            sealed = self._cipher.encrypt(packed, self._about)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=") or "0"

    def opened(self, cursor: str) -> Place:
        """The place of a cursor; ValidationFailed for another question or rights."""
        # The beginning is the same for all, and tells nothing.
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


def _rights(caller: Caller, asked: Feed) -> list[Any]:
    """How far the caller sees: with other rights, a place would be another one."""
    reaches = {
        str(needed): caller.reach(needed)
        for needed in asked.kinds.values()
        if needed is not None
    }
    own = {
        Reach.OWN_COUNTIES: sorted(caller.counties),
        Reach.OWN_INSTITUTION: str(caller.institution_id),
    }
    return [
        [needed, reach, own.get(reach) if reach else None]
        for needed, reach in sorted(reaches.items())
    ]
