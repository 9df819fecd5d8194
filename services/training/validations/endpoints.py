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

# Without a prefix: the sheet is below `/groups`.
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
    """Validations of outcomes, the newest first; a trainee sees their own."""
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
    """Record whether a person has achieved an outcome, by its criterion and method.

    Trainers of the group or of one of its sessions are refused, and so are people
    trained in it.
    """
    # The civil day of the server, since future days are refused.
    validation = await actions.record_validation(change, new, clock.today())
    return created_answer(validation, f"/v1/training/validations/{validation.key}")


@router.get(_ONE, responses=answers(ValidationRead, ValidationNotFound))
async def get_validation(
    caller: CanReadValidations, reading: Audited, terms: Terms, validation_id: Id
) -> Answer:
    """The validation of one outcome of one person."""
    # Two queries: the first checks the reach, the second makes the answer.
    validation = await queries.get_validation(reading, validation_id)
    subject = Subject(f"validations/{validation_id}")
    record_read(reading, "get_validation", subject, [validation.trainee_id])
    return stored_answer(await queries.get_stored(reading, validation_id), terms)


@router.post(
    _ONE + "/correct",
    # Independence is checked again: the caller may have become a trainer.
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
    """Correct a validation, with the reason. The former values stay readable.

    An outcome on which a valid certificate rests cannot be taken back: the certificate
    has to be revoked first.
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
    """The corrections of a validation.

    With former values, account and reason, the oldest first.
    """
    validation = await queries.get_validation(reading, validation_id)
    subject = Subject(f"validations/{validation_id}/corrections")
    record_read(
        reading, "list_validation_corrections", subject, [validation.trainee_id]
    )
    listed = queries.list_corrections(validation)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.get(
    "/groups/{group_id}/validation-sheet",
    responses=answers(ValidationSheetRead, GroupNotFound),
)
async def get_validation_sheet(
    caller: CanReadValidations, reading: Audited, group_id: Id
) -> Answer:
    """Everybody who is trained in a group, by name, with the state of every outcome of
    the group's programme version.
    """
    sheet = await actions.read_sheet(reading, group_id)
    # Without an ETag: a sheet of many rows has no version.
    return Answer(sheet.model_dump_json())
