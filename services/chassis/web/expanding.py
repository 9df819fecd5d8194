"""References shown together with what they refer to: one level, within the service.

What is referred to is asked for as its own list would show it to this caller: `expand`
opens nothing that could not be read beside.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json, to_json

from services.chassis.data.wire import json_object
from services.chassis.data.work import Reading, Rows, Stored
from services.chassis.ground.problems import (
    FieldError,
    Forbidden,
    Problem,
    ValidationFailed,
)
from services.chassis.trust.callers import Caller
from services.chassis.web.of_ids import having
from services.chassis.web.pages import Listing


class Expansion(NamedTuple):
    """A reference of a list's items, and what it refers to.

    `shown` gives the rows that a caller with the permission may read.
    """

    field: str
    permission: StrEnum
    listing: Listing
    shown: Callable[[Caller], Rows]


Expansions = Mapping[str, Expansion]


class UnknownExpansion(Problem):
    """This address cannot be expanded by that name."""

    status, title_pl = 422, "Pod tym adresem nie można rozwinąć tej nazwy"


async def expanded(
    reading: Reading, items: bytes, asked: str, expansions: Expansions
) -> bytes:
    """The items of a page with what their references refer to; null for none.

    Raises UnknownExpansion, Forbidden where the caller may read nothing of the kind, or
    ValidationFailed where the reference itself was left out by `fields`.
    """
    names = asked.split(",")
    if not set(names) <= expansions.keys():
        raise UnknownExpansion(
            FieldError("parameter", "expand", "not_listed"), allowed=sorted(expansions)
        )
    opened: list[dict[str, Any]] = from_json(b"[%b]" % items)
    for name in names:
        await _open(reading, opened, name, expansions[name])
    return to_json(opened)[1:-1]


async def opened(
    reading: Reading, thing: Stored, asked: str | None, expansions: Expansions
) -> Stored:
    """One thing with what its references refer to; raises as `expanded` does."""
    if not asked:
        return thing
    body = await expanded(reading, thing.body.encode(), asked, expansions)
    return thing._replace(body=body.decode())


async def _open(
    reading: Reading, items: Sequence[dict[str, Any]], name: str, way: Expansion
) -> None:
    if reading.caller.reach(way.permission) is None:
        raise Forbidden(permission=str(way.permission))
    if any(way.field not in item for item in items):
        raise ValidationFailed(FieldError("parameter", "fields", "missing"))
    keys = {UUID(item[way.field]) for item in items if item[way.field]}
    found: dict[str, Any] = {}
    if keys:
        listing = way.listing
        rows = having(way.shown(reading.caller), listing.key, sorted(keys))
        body = json_object(listing.wire)
        columns = (listing.key, body.label("body"))
        asked = rows.with_only_columns(*columns, maintain_column_froms=True)
        for key, text in await reading.rows(asked.order_by(None)):
            found[str(key)] = from_json(text)
    for item in items:
        item[name] = found.get(item[way.field])
