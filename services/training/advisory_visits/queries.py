"""Every query of advisory visits."""

from uuid import UUID

from sqlalchemy import func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
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
from services.training.problems import AdvisoryVisitNotFound

VISITS = rows_of(AdvisoryVisit)
# Annulled records are stored and shown, and count nowhere.
COUNTS = VISITS.c.annulled_by.is_(None)
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
    if query.is_annulled is not None:
        rows = rows.where(~COUNTS if query.is_annulled else COUNTS)
    return Listed(_LISTING, rows)


def window_of(authority: Authority) -> Window | None:
    """The days on which an authority is advised; None before it is trained."""
    starts_on, ends_on = authority.advisory_starts_on, authority.advisory_ends_on
    # A constraint allows both or none; the type checker does not know it.
    if starts_on is None or ends_on is None:
        return None
    return Window(starts_on, ends_on)


async def get_sums(reading: Reading, authority: Authority) -> VisitSums:
    """Number and minutes of the visits to an authority that is within reach."""
    # Minutes as they were recorded: hours would be rounded twice.
    minutes_sum = func.coalesce(func.sum(VISITS.c.minutes), 0)
    statement = select(func.count(), minutes_sum)
    of_authority = (VISITS.c.authority_id == authority.id) & COUNTS
    visits, minutes = await reading.one(statement.where(of_authority))
    return VisitSums(
        visits=visits,
        minutes=minutes,
        window_starts_on=authority.advisory_starts_on,
        window_ends_on=authority.advisory_ends_on,
    )


async def get_visit(reading: Reading, authority_id: UUID, visit_id: UUID) -> Stored:
    """One visit of an authority that is within reach."""
    is_this = (VISITS.c.id == visit_id) & (VISITS.c.authority_id == authority_id)
    return await reading.stored(select(*STORED).where(is_this), AdvisoryVisitNotFound)


async def lock_visit(
    change: Change, authority_id: UUID, visit_id: UUID
) -> AdvisoryVisit:
    """The same, locked until the transaction ends."""
    is_this = (VISITS.c.id == visit_id) & (VISITS.c.authority_id == authority_id)
    locking = select(VISITS).where(is_this).with_for_update()
    return await change.instance(AdvisoryVisit, locking, AdvisoryVisitNotFound)
