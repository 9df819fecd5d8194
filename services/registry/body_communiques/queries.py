"""Every question asked of the communiqués of bodies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Reading, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.bodies.queries import require_body
from services.registry.body_communiques.models import BodyCommunique
from services.registry.body_communiques.schemas import CommuniqueList, CommuniqueRead
from services.registry.problems import CommuniqueNotFound

_COMMUNIQUES: FromClause = rows_of(BodyCommunique)
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _COMMUNIQUES.c[name] for name in CommuniqueRead.model_fields
}
_SORTABLE = {"issued_on": _COMMUNIQUES.c.issued_on}
_LISTING = Listing(_WIRE, _SORTABLE, "-issued_on", _COMMUNIQUES.c.id)
STORED = stored_columns(_WIRE, _COMMUNIQUES.c.id, _COMMUNIQUES.c.version)


async def list_communiques(
    reading: Reading, terms: ListTerms, body_id: UUID, query: CommuniqueList
) -> ItemPage:
    """A page of a body's communiqués, the latest first."""
    await require_body(reading, body_id)
    recipients = _COMMUNIQUES.c.recipients
    communiques = select(_COMMUNIQUES).where(_COMMUNIQUES.c.body_id == body_id)
    if query.recipient:
        communiques = communiques.where(recipients.contains([query.recipient]))
    return await page_of(reading, terms, query, Listed(_LISTING, communiques))


async def get_communique(
    reading: Reading, body_id: UUID, communique_id: UUID
) -> Stored:
    """One communiqué of a body."""
    columns = _COMMUNIQUES.c
    of_body = (columns.id == communique_id) & (columns.body_id == body_id)
    return await reading.stored(select(*STORED).where(of_body), CommuniqueNotFound)


async def list_issued(reading: Reading, body_id: UUID, day: date) -> list[str]:
    """The addresses of the communiqués that a body had issued by a day, the latest first."""
    columns = _COMMUNIQUES.c
    issued = (columns.body_id == body_id) & (columns.issued_on <= day)
    statement = select(columns.id).where(issued)
    latest_first = statement.order_by(columns.issued_on.desc(), columns.id.desc())
    communiques = await reading.scalars(latest_first)
    return [f"bodies/{body_id}/communiques/{key}" for key in communiques]
