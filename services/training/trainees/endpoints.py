"""/trainees."""

from typing import Annotated

from fastapi import Query

from services.chassis.data.effects import Subject
from services.chassis.ground.problems import (
    OutsideScope,
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
from services.training.demands import CanEditTrainees, CanReadTrainees
from services.training.problems import (
    TraineeAccountTaken,
    TraineeAlreadyRegistered,
    TraineeEnrolled,
    TraineeNotFound,
)
from services.training.reads import Look, read_page, record_read
from services.training.trainees import actions, queries
from services.training.trainees.schemas import (
    TraineeCreate,
    TraineeList,
    TraineeRead,
    TraineeSummary,
    TraineeUpdate,
)

_LOOK = Look("list_trainees", "trainees", person="id")
router = slice_router(prefix="/trainees", tags=["trainees"])


@router.get("", responses=answers(Page[TraineeSummary]))
async def list_trainees(
    caller: CanReadTrainees,
    reading: Audited,
    terms: Terms,
    query: Annotated[TraineeList, Query()],
) -> Answer:
    """Trainees of the caller's counties or groups, or the caller.

    The access is written to the audit log, with everybody on the page. Erased people
    are listed without a name.
    """
    # `read_page` audits everybody on the page.
    listed = queries.list_trainees(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        TraineeRead,
        OutsideScope,
        UnknownReference,
        TraineeAlreadyRegistered,
        TraineeAccountTaken,
        Erased,
        status=201,
    ),
)
async def register_trainee(
    caller: CanEditTrainees, change: Change, new: TraineeCreate
) -> Answer:
    """Register a person who is to be trained, with their organisation."""
    trainee = await actions.register_trainee(change, new)
    return created_answer(trainee, f"/v1/training/trainees/{trainee.key}")


@router.get("/{trainee_id}", responses=answers(TraineeRead, TraineeNotFound))
async def get_trainee(
    caller: CanReadTrainees, reading: Audited, terms: Terms, trainee_id: Id
) -> Answer:
    """One trainee. The access is written to the audit log, with the caller's role."""
    trainee = await queries.get_trainee(reading, trainee_id)
    # Audited first: without the record there is no answer.
    subject = Subject(f"trainees/{trainee_id}", county=trainee.county_terc)
    record_read(reading, "get_trainee", subject, [trainee_id])
    return stored_answer(await queries.get_stored(reading, trainee_id), terms)


@router.patch(
    "/{trainee_id}",
    responses=answers(
        TraineeRead,
        TraineeNotFound,
        StateConflict,
        TraineeEnrolled,
        UnknownReference,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def amend_trainee(
    caller: CanEditTrainees,
    change: Change,
    trainee_id: Id,
    patch: TraineeUpdate,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Change a trainee by a merge patch.

    Facts on which an enrolment is based cannot change during the enrolment.
    """
    version = expected_version(if_match, trainee_id)
    return stored_answer(
        await actions.amend_trainee(change, trainee_id, patch, version)
    )
