"""Relations of somebody to a single object (working on it, owning it).

A service declares kinds of relation, and keeps a row for each. A permission that is
granted by a relation (`callers.Related`) covers the objects of such rows: by a
condition on an index, and by row-level security. A row that is deleted, or whose time
is over, no longer counts at the next statement; one whose time has not begun does not
count yet.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    any_,
    bindparam,
    column,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import DateTime, Text, Uuid

from services.chassis.trust.callers import Caller

RELATIONS = table(
    "relations",
    column("holder", Text),
    column("kind", Text),
    column("object_id", Uuid),
    column("starts_at", DateTime(timezone=True)),
    column("ends_at", DateTime(timezone=True)),
    column("county_terc", Text),
)
"""The rows of relations, as the service's own connections see them."""

# Selected, so that a policy reads each setting once and not for every row.
_MINE = (
    "holder IN ((SELECT 'account:' || current_setting('app.subject', true)),"
    " (SELECT 'institution:' || current_setting('app.institution', true)))"
    " AND (starts_at IS NULL OR starts_at <= now())"
    " AND (ends_at IS NULL OR ends_at > now())"
)
"""The current relations of the caller in the connection's settings."""


def account_holder(subject: str) -> str:
    """The name of an account as the holder of a relation."""
    return f"account:{subject}"


def institution_holder(institution_id: UUID) -> str:
    """The name of an institution as the holder of a relation of its people."""
    return f"institution:{institution_id}"


def holders_of(caller: Caller) -> list[str]:
    """The holders whose relations count for the caller: account and institution."""
    own = [account_holder(caller.subject)]
    if caller.institution_id is not None:
        own.append(institution_holder(caller.institution_id))
    return own


def holding_now() -> list[ColumnElement[bool]]:
    """The conditions for relations that have begun and not ended."""
    starts_at, ends_at = RELATIONS.c.starts_at, RELATIONS.c.ends_at
    return [
        or_(starts_at.is_(None), starts_at <= func.now()),
        or_(ends_at.is_(None), ends_at > func.now()),
    ]


def related(
    kinds: Iterable[str],
    objects: Mapping[str, ColumnElement[Any]],
    holders: list[str] | None = None,
) -> list[ColumnElement[bool]]:
    """The condition for the rows of each kind of relation.

    The holders are `holders`, or without them the parameter `own_holders` of a
    long-lived statement. `objects`: by kind the column with the object's id. A kind
    without a column leads to no row.
    """
    name, is_unique = "own_holders", holders is not None
    own_holders = bindparam(
        name, holders, ARRAY(Text), required=False, unique=is_unique
    )
    conditions: list[ColumnElement[bool]] = []
    # Sorted: the same text is compiled and planned once.
    for kind in sorted(set(kinds) & set(objects)):
        object_ids = select(RELATIONS.c.object_id).where(
            RELATIONS.c.kind == kind,
            RELATIONS.c.holder == any_(own_holders),
            *holding_now(),
        )
        conditions.append(objects[kind].in_(object_ids))
    return conditions


def policy_of(schema: str, objects: Mapping[str, str]) -> str:
    """The rows that relations lead to, for a policy; `objects`: id columns by kind."""
    # Names of a migration's own tables and columns: no input gets here.
    return " OR ".join(
        f"{name} IN (SELECT object_id FROM {schema}.relations WHERE kind = '{kind}' AND {_MINE})"  # noqa: S608
        for kind, name in objects.items()
    )


OWN_RELATIONS = _MINE
"""For the policy of the relations themselves: their holders see them."""
