"""Relations: what somebody is to a single thing (working on it, its owner).

A service declares kinds of relation, and keeps a row for each that holds now. A
permission that is granted by a relation (`callers.Related`) covers what such a row
leads to: as a predicate on an index, and as row-level security. A row that is taken
away, or whose time is over, counts no more at the next question; one whose time has not
begun does not count yet.
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
"""The relations of the caller in the settings that hold now."""


def account_holder(subject: str) -> str:
    """How a relation names the account that has it."""
    return f"account:{subject}"


def institution_holder(institution_id: UUID) -> str:
    """How a relation names the institution whose people have it."""
    return f"institution:{institution_id}"


def holders_of(caller: Caller) -> list[str]:
    """The holders whose relations are the caller's: account and institution."""
    own = [account_holder(caller.subject)]
    if caller.institution_id is not None:
        own.append(institution_holder(caller.institution_id))
    return own


def holding_now() -> list[ColumnElement[bool]]:
    """The relations that have begun and not ended."""
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
    """For each kind of relation the rows that it leads to.

    Whose relations: `holders`, or without them the parameter `own_holders` of a kept
    statement. `objects`: the column that holds what a relation of that kind is to. A
    kind without a column leads to no row.
    """
    name, of_one = "own_holders", holders is not None
    mine = bindparam(name, holders, ARRAY(Text), required=False, unique=of_one)
    conditions: list[ColumnElement[bool]] = []
    # In one order: the same text is compiled and planned once.
    for kind in sorted(set(kinds) & set(objects)):
        leads_to = select(RELATIONS.c.object_id).where(
            RELATIONS.c.kind == kind,
            RELATIONS.c.holder == any_(mine),
            *holding_now(),
        )
        conditions.append(objects[kind].in_(leads_to))
    return conditions


def policy_of(schema: str, objects: Mapping[str, str]) -> str:
    """The rows that relations lead to, for a policy: by kind the column that leads."""
    # Names of a migration's own tables and columns: nothing of a request gets here.
    return " OR ".join(
        f"{name} IN (SELECT object_id FROM {schema}.relations WHERE kind = '{kind}' AND {_MINE})"  # noqa: S608
        for kind, name in objects.items()
    )


OWN_RELATIONS = _MINE
"""For the policy of the relations themselves: whose they are sees them."""
