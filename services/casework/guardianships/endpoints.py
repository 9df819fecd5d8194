"""/guardianships."""

from functools import partial
from typing import Annotated

from fastapi import Query

from services.casework.demands import CanEditGuardianships, CanReadGuardianships
from services.casework.guardianships import actions, queries
from services.casework.guardianships.schemas import (
    GuardianshipCreate,
    GuardianshipEnd,
    GuardianshipList,
    GuardianshipRead,
)
from services.casework.problems import (
    GuardianshipNotFound,
    GuardianshipRuns,
    PersonNotFound,
    ProcessingRestricted,
)
from services.casework.reads import Category, opened_page, record_read
from services.chassis.data.effects import Subject
from services.chassis.data.work import Stored
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

router = slice_router(prefix="/guardianships", tags=["guardianships"])


def _stored(guardianship: GuardianshipRead) -> Stored:
    return Stored(guardianship.id, guardianship.version, guardianship.model_dump_json())


@router.get("", responses=answers(Page[GuardianshipRead]))
async def list_guardianships(
    caller: CanReadGuardianships,
    reading: Audited,
    terms: Terms,
    query: Annotated[GuardianshipList, Query()],
) -> Answer:
    """The guardianships of children within the caller's reach, with their scopes and
    periods, ended ones included.
    """
    listed = queries.list_guardianships(query, caller)
    # Row by row: the ruling is shown only to callers who may change
    # that child's guardianships.
    opened = partial(queries.opened, caller=caller)
    page, guardianships = await opened_page(
        reading, terms, query, listed, GuardianshipRead, opened
    )
    # The guardians as well, because their data were shown, too.
    people = [
        person for each in guardianships for person in (each.child_id, each.guardian_id)
    ]
    subject = Subject("guardianships")
    record_read(reading, "list_guardianships", subject, people, Category.FAMILY)
    return page_answer(page, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        GuardianshipRead,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        GuardianshipRuns,
        StateConflict,
        UnknownReference,
        status=201,
    ),
)
async def begin_guardianship(
    caller: CanEditGuardianships, change: Change, new: GuardianshipCreate
) -> Answer:
    """Let somebody act for a child, from a day on.

    Parental authority and foster care end by themselves when the child is of age.
    Somebody who may see the records after that, with the pupil's consent, needs a
    guardianship of the kind `adult_consent`.
    """
    guardianship = await actions.begin_guardianship(change, new, clock.today())
    return created_answer(
        _stored(guardianship), f"/v1/casework/guardianships/{guardianship.id}"
    )


@router.get(
    # No 410: the row stays after an erasure, without the ruling.
    "/{guardianship_id}",
    responses=answers(GuardianshipRead, GuardianshipNotFound),
)
async def get_guardianship(
    caller: CanReadGuardianships, reading: Audited, terms: Terms, guardianship_id: Id
) -> Answer:
    """One guardianship. The access is written to the audit log."""
    guardianship = await queries.get_guardianship(reading, guardianship_id)
    subject = Subject(
        f"guardianships/{guardianship.id}", county=guardianship.county_terc
    )
    people = [guardianship.child_id, guardianship.guardian_id]
    record_read(reading, "get_guardianship", subject, people, Category.FAMILY)
    return stored_answer(_stored(guardianship), terms)


@router.post(
    "/{guardianship_id}/end",
    responses=answers(
        GuardianshipRead,
        GuardianshipNotFound,
        Erased,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
# No 423: a former guardian loses access even while processing is restricted.
async def end_guardianship(
    caller: CanEditGuardianships,
    change: Change,
    guardianship_id: Id,
    end: GuardianshipEnd,
    if_match: IfMatch = None,
) -> Answer:
    """Record since when and why somebody no longer acts for a child. From the next
    request on their account does not see the child.
    """
    version = expected_version(if_match, guardianship_id)
    guardianship = await actions.end_guardianship(
        change, guardianship_id, end, version, clock.today()
    )
    return stored_answer(_stored(guardianship))
