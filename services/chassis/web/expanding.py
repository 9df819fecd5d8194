"""References shown together with the resource they refer to: one level, in the service.

The resource is read as its own list would show it to this caller: `expand` opens
nothing that could not be read separately.
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
    """A reference in a list's items, and the list that it refers to.

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
    reading: Reading, items: bytes, expand: str, expansions: Expansions
) -> bytes:
    """The items of a page with the resources of their references; null for none.

    Raises UnknownExpansion, Forbidden where the caller may read nothing of the kind, or
    ValidationFailed where the reference itself was left out by `fields`.
    """
    names = expand.split(",")
    if not set(names) <= expansions.keys():
        raise UnknownExpansion(
            FieldError("parameter", "expand", "not_listed"), allowed=sorted(expansions)
        )
    resources: list[dict[str, Any]] = from_json(b"[%b]" % items)
    for name in names:
        await _open(reading, resources, name, expansions[name])
    return to_json(resources)[1:-1]


async def opened(
    reading: Reading, stored: Stored, expand: str | None, expansions: Expansions
) -> Stored:
    """One resource with those of its references; raises as `expanded` does."""
    if not expand:
        return stored
    body = await expanded(reading, stored.body.encode(), expand, expansions)
    return stored._replace(body=body.decode())


async def _open(
    reading: Reading, items: Sequence[dict[str, Any]], name: str, expansion: Expansion
) -> None:
    if reading.caller.reach(expansion.permission) is None:
        raise Forbidden(permission=str(expansion.permission))
    if any(expansion.field not in item for item in items):
        raise ValidationFailed(FieldError("parameter", "fields", "missing"))
    keys = {UUID(item[expansion.field]) for item in items if item[expansion.field]}
    bodies: dict[str, Any] = {}
    if keys:
        listing = expansion.listing
        rows = having(expansion.shown(reading.caller), listing.key, sorted(keys))
        body = json_object(listing.wire)
        columns = (listing.key, body.label("body"))
        statement = rows.with_only_columns(*columns, maintain_column_froms=True)
        for key, text in await reading.rows(statement.order_by(None)):
            bodies[str(key)] = from_json(text)
    for item in items:
        item[name] = bodies.get(item[expansion.field])
