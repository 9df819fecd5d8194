"""/support-events."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanReadSupportEvents, CanRecordSupportEvents
from services.casework.problems import (
    CaseNotFound,
    NotTheOrganiser,
    ProcessingRestricted,
    RunningBodyConsentRequired,
    SupportEventNotFound,
)
from services.casework.reads import Category, Look, read_page, record_read
from services.casework.support_events import actions, queries
from services.casework.support_events.schemas import (
    SupportEventAnnul,
    SupportEventCreate,
    SupportEventList,
    SupportEventRead,
)
from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

# Notes are texts about a child, and so sealed.
_LOOK = Look(
    "list_support_events", "support-events", Category.SUPPORT, sealed="support_events"
)
router = slice_router(prefix="/support-events", tags=["support-events"])


@router.get("", responses=answers(Page[SupportEventRead]))
async def list_support_events(
    caller: CanReadSupportEvents,
    reading: Audited,
    terms: Terms,
    query: Annotated[SupportEventList, Query()],
) -> Answer:
    """Support events, the latest first: of the caller's counties, of cases in whose
    team the caller is, of children for whom the caller acts, and by referrals to the
    caller's institution. Annulled records are included.
    """
    listed = queries.list_events(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        SupportEventRead,
        CaseNotFound,
        Erased,
        ProcessingRestricted,
        NotTheOrganiser,
        RunningBodyConsentRequired,
        UnknownReference,
        status=201,
    ),
)
async def record_support_event(
    caller: CanRecordSupportEvents, change: Change, new: SupportEventCreate
) -> Answer:
    """Record a meeting, on a day since the case was opened; for a group, all children
    at once.

    Early development support (Dz.U. 2017 poz. 1635, § 6) is given by the case's
    organiser, to one child or a group of at most three. More than eight hours in a
    month need the running body's consent among the child's documents, valid on that
    day. The institution of a support service records by the referral
    that it has accepted.
    """
    event = await actions.record_event(change, new, clock.today())
    # For a group, the path of the first child's record; `group_id` leads to the others.
    return created_answer(event, f"/v1/casework/support-events/{event.key}")


@router.get(
    "/{event_id}", responses=answers(SupportEventRead, SupportEventNotFound, Erased)
)
async def get_support_event(
    caller: CanReadSupportEvents, reading: Audited, terms: Terms, event_id: Id
) -> Answer:
    """One support event: the record of one child at a meeting."""
    event = await queries.get_event(reading, event_id)
    subject = Subject(f"support-events/{event_id}", county=event.county_terc)
    people = [event.person_id]
    record_read(reading, "get_support_event", subject, people, Category.SUPPORT)
    return stored_answer(await queries.get_stored(reading, event), terms)


@router.post(
    # No PATCH and no DELETE: a wrong record stays readable.
    "/{event_id}/annul",
    responses=answers(
        SupportEventRead,
        SupportEventNotFound,
        Erased,
        ProcessingRestricted,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def annul_support_event(
    caller: CanRecordSupportEvents,
    change: Change,
    event_id: Id,
    annulling: SupportEventAnnul,
    if_match: IfMatch = None,
) -> Answer:
    """Annul a record, with the reason: it no longer counts, but stays in lists. In a
    group the records of the other children still count.
    """
    version = expected_version(if_match, event_id)
    return stored_answer(
        await actions.annul_event(change, event_id, annulling.reason, version)
    )
