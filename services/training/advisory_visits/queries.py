"""Every question asked of advisory visits."""

from uuid import UUID

from sqlalchemy import func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Reading, Rows
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.advisory_visits.models import AdvisoryVisit
from services.training.advisory_visits.schemas import (
    AdvisoryVisitList,
    AdvisoryVisitRead,
    VisitSums,
)
from services.training.authorities.models import Authority
from services.training.authorities.queries import work_within
from services.training.authorities.rules import Window
from services.training.permissions import Permission

VISITS = rows_of(AdvisoryVisit)
_WIRE = {name: VISITS.c[name] for name in AdvisoryVisitRead.model_fields}
STORED = stored_columns(_WIRE, VISITS.c.id, VISITS.c.version)
_SORTED = {name: VISITS.c[name] for name in ("visited_on", "minutes")}
_LISTING = Listing(_WIRE, _SORTED, "visited_on", VISITS.c.id)


def list_visits(
    reading: Reading, authority_id: UUID, query: AdvisoryVisitList
) -> Listed:
    """The visits to an authority."""
    reach = work_within(reading.caller, Permission.READ_AUTHORITY_WORK, VISITS)
    rows: Rows = select(VISITS).where(VISITS.c.authority_id == authority_id, reach)
    if query.topic:
        rows = rows.where(VISITS.c.topic.in_(query.topic))
    return Listed(_LISTING, rows)


def window_of(authority: Authority) -> Window | None:
    """The days on which an authority is advised; None before it is trained."""
    starts_on, ends_on = authority.advisory_starts_on, authority.advisory_ends_on
    # Both or none, by a constraint; the type does not know it.
    if starts_on is None or ends_on is None:
        return None
    return Window(starts_on, ends_on)


async def get_sums(reading: Reading, authority: Authority) -> VisitSums:
    """What an authority that is within reach was given."""
    # Minutes as they were recorded: hours would be rounded twice.
    minutes = func.coalesce(func.sum(VISITS.c.minutes), 0)
    statement = select(func.count(), minutes)
    of_authority = VISITS.c.authority_id == authority.id
    visits, given = await reading.one(statement.where(of_authority))
    return VisitSums(
        visits=visits,
        minutes=given,
        window_starts_on=authority.advisory_starts_on,
        window_ends_on=authority.advisory_ends_on,
    )
