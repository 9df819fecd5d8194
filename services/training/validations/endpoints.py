"""/validations, and the sheet of a group."""

from typing import Annotated

from fastapi import Query

from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
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
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Audited, Change
from services.training.demands import CanReadValidations, CanRecordValidations
from services.training.problems import (
    CertificateStands,
    EnrolmentNotFound,
    GroupNotFound,
    OutcomeValidated,
    ValidationNotFound,
    ValidatorNotIndependent,
)
from services.training.reads import Look, read_page, record_read
from services.training.validations import actions, queries
from services.training.validations.schemas import (
    CorrectionList,
    ValidationCorrect,
    ValidationCorrectionRead,
    ValidationList,
    ValidationRead,
    ValidationRecord,
    ValidationSheetRead,
)

# Without a prefix: the sheet stands under its group.
router = slice_router(prefix="", tags=["validations"])
_ALL = "/validations"
_ONE = _ALL + "/{validation_id}"
_LOOK = Look("list_validations", "validations")


@router.get(_ALL, responses=answers(Page[ValidationRead]))
async def list_validations(
    caller: CanReadValidations,
    reading: Audited,
    terms: Terms,
    query: Annotated[ValidationList, Query()],
) -> Answer:
    """What was found of outcomes, the newest first; a trainee sees the own ones."""
    listed = queries.list_validations(reading, query)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    _ALL,
    status_code=201,
    responses=answers(
        ValidationRead,
        EnrolmentNotFound,
        ValidatorNotIndependent,
        OutcomeValidated,
        StateConflict,
        Erased,
        status=201,
    ),
)
async def record_validation(
    caller: CanRecordValidations, change: Change, new: ValidationRecord
) -> Answer:
    """Record whether somebody has achieved an outcome of the programme.

    By its criterion and method.

    Never by a trainer of the group or of one of its sessions, nor by somebody who is
    trained in it.
    """
    # By the civil day here: one to come is refused, whatever the sender's clock says.
    made = await actions.record_validation(change, new, clock.today())
    return created_answer(made, f"/v1/training/validations/{made.key}")


@router.get(_ONE, responses=answers(ValidationRead, ValidationNotFound))
async def get_validation(
    caller: CanReadValidations, reading: Audited, terms: Terms, validation_id: Id
) -> Answer:
    """What was found of one outcome of one person."""
    # Twice, as reach is judged by the row and names come by another question.
    found = await queries.get_validation(reading, validation_id)
    subject = Subject(f"validations/{validation_id}")
    record_read(reading, "get_validation", subject, [found.trainee_id])
    return stored_answer(await queries.get_stored(reading, validation_id), terms)


@router.post(
    _ONE + "/correct",
    # Independence is asked again: whoever corrects may train the group by now.
    responses=answers(
        ValidationRead,
        ValidationNotFound,
        ValidatorNotIndependent,
        CertificateStands,
        PreconditionRequired,
        VersionMismatch,
        Erased,
    ),
)
async def correct_validation(
    caller: CanRecordValidations,
    change: Change,
    validation_id: Id,
    correction: ValidationCorrect,
    if_match: IfMatch = None,
) -> Answer:
    """Change what a validation says, with the reason.

    What it said before stays readable.

    An outcome on which a valid certificate rests is not taken back: the certificate is
    revoked first.
    """
    version = expected_version(if_match, validation_id)
    return stored_answer(
        await actions.correct_validation(
            change, validation_id, correction, version, clock.today()
        )
    )


@router.get(
    _ONE + "/corrections",
    responses=answers(Page[ValidationCorrectionRead], ValidationNotFound),
)
async def list_validation_corrections(
    caller: CanReadValidations,
    reading: Audited,
    terms: Terms,
    validation_id: Id,
    query: Annotated[CorrectionList, Query()],
) -> Answer:
    """What a validation said before.

    By whom it was changed and why, the first first.
    """
    found = await queries.get_validation(reading, validation_id)
    subject = Subject(f"validations/{validation_id}/corrections")
    record_read(reading, "list_validation_corrections", subject, [found.trainee_id])
    listed = queries.list_corrections(reading, found)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.get(
    "/groups/{group_id}/validation-sheet",
    responses=answers(ValidationSheetRead, GroupNotFound),
)
async def get_validation_sheet(
    caller: CanReadValidations, reading: Audited, group_id: Id
) -> Answer:
    """Everybody who is trained in a group.

    By name, with every outcome of its programme and what was found of it.
    """
    sheet = await actions.read_sheet(reading, group_id)
    # Without an ETag: of many rows none has the version of the sheet.
    return Answer(sheet.model_dump_json())
