"""Every question asked of the members of bodies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.bodies.models import Body
from services.registry.bodies.queries import BODIES, require_body, unknown
from services.registry.body_members.models import BodyMember
from services.registry.body_members.schemas import MemberList, MemberRead
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import lock_institution
from services.registry.problems import InstitutionNotFound, MemberNotFound

MEMBERS: FromClause = rows_of(BodyMember)
_WIRE: dict[str, ColumnElement[Any]] = {
    # `group` is a reserved word of SQL, so that the column has another name.
    name: MEMBERS.c["group_code" if name == "group" else name]
    for name in MemberRead.model_fields
}
_LISTING = Listing(_WIRE, {"held_from": MEMBERS.c.held_from}, "held_from", MEMBERS.c.id)
STORED = stored_columns(_WIRE, MEMBERS.c.id, MEMBERS.c.version)


def sits_on(day: date) -> ColumnElement[bool]:
    """The members of a day; `held_to` is the first day without the seat."""
    has_not_ended = func.coalesce(MEMBERS.c.held_to > day, True)
    return and_(MEMBERS.c.held_from <= day, has_not_ended)


async def list_members(
    reading: Reading, terms: ListTerms, body_id: UUID, query: MemberList
) -> ItemPage:
    """A page of a body's members, the present and the past ones."""
    await require_body(reading, body_id)
    members = select(MEMBERS).where(MEMBERS.c.body_id == body_id)
    if query.group:
        members = members.where(MEMBERS.c.group_code == query.group)
    if query.as_of:
        members = members.where(sits_on(query.as_of))
    return await page_of(reading, terms, query, Listed(_LISTING, members))


async def get_member(reading: Reading, body_id: UUID, member_id: UUID) -> Stored:
    """One member of a body."""
    of_body = (MEMBERS.c.id == member_id) & (MEMBERS.c.body_id == body_id)
    return await reading.stored(select(*STORED).where(of_body), MemberNotFound)


async def lock_member(change: Change, body_id: UUID, member_id: UUID) -> BodyMember:
    """A member of a body, locked until the transaction ends."""
    of_body = (MEMBERS.c.id == member_id) & (MEMBERS.c.body_id == body_id)
    statement = select(MEMBERS).where(of_body).with_for_update()
    return await change.instance(BodyMember, statement, MemberNotFound)


async def lock_represented(change: Change, institution_id: UUID) -> Institution:
    """The institution that a member is to represent; it cannot be closed meanwhile."""
    try:
        # Closing takes the same lock: a member of the institution is seated before it
        # closes, or refused.
        return await lock_institution(change, institution_id)
    except InstitutionNotFound:
        raise unknown("institution_id") from None


async def lock_delegating_body(change: Change, body_id: UUID) -> Body:
    """The body that a member is to come from; it cannot be dissolved meanwhile."""
    # Shared: many members may be delegated at once, and only dissolving has to wait.
    statement = select(BODIES).where(BODIES.c.id == body_id).with_for_update(read=True)
    row = await change.find(statement)
    if row is None:
        raise unknown("delegating_body_id")
    return Body(**row._mapping)
