"""/groups/{id}/validators."""

from typing import Annotated

from fastapi import Query, Response

from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import ListQuery, Page, page_of
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditGroups
from services.training.group_validators import actions, queries
from services.training.group_validators.schemas import (
    GroupValidatorName,
    GroupValidatorRead,
)
from services.training.problems import (
    GroupNotFound,
    GroupValidatorNamed,
    GroupValidatorNotFound,
    ValidatorNotIndependent,
)

router = slice_router(prefix="", tags=["validations"])
# Below a group: nobody is a validator of all groups.
_ALL = "/groups/{group_id}/validators"
_ONE = _ALL + "/{validator_id}"


@router.get(_ALL, responses=answers(Page[GroupValidatorRead]))
async def list_group_validators(
    caller: CanEditGroups,
    reading: Reading,
    terms: Terms,
    group_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The validators of a group's outcomes."""
    # No audit record: validators are staff, not trainees.
    listed = queries.list_validators(reading, group_id)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.post(
    _ALL,
    status_code=201,
    responses=answers(
        GroupValidatorRead,
        GroupNotFound,
        GroupValidatorNamed,
        ValidatorNotIndependent,
        StateConflict,
        status=201,
    ),
)
async def name_group_validator(
    caller: CanEditGroups, change: Change, group_id: Id, new: GroupValidatorName
) -> Answer:
    """Make an account a validator of a group's outcomes.

    Trainers and trainees of the group are refused.
    """
    # The account need not exist yet: the right applies once somebody signs in with it.
    validator = await actions.name_validator(change, group_id, new)
    return created_answer(
        validator, f"/v1/training/groups/{group_id}/validators/{validator.key}"
    )


@router.get(_ONE, responses=answers(GroupValidatorRead, GroupValidatorNotFound))
async def get_group_validator(
    caller: CanEditGroups,
    reading: Reading,
    terms: Terms,
    group_id: Id,
    validator_id: Id,
) -> Answer:
    """One validator of a group."""
    validator = await queries.get_validator(reading, group_id, validator_id)
    return stored_answer(validator, terms)


@router.delete(
    _ONE,
    status_code=204,
    response_class=Response,
    responses=problems(
        GroupValidatorNotFound, StateConflict, PreconditionRequired, VersionMismatch
    ),
)
async def dismiss_group_validator(
    caller: CanEditGroups,
    change: Change,
    group_id: Id,
    validator_id: Id,
    if_match: IfMatch = None,
) -> Response:
    """Remove a validator of a group. Their validations stay."""
    # If-Match although the row is deleted: it has to be the version that was read.
    version = expected_version(if_match, validator_id)
    await actions.dismiss_validator(change, group_id, validator_id, version)
    return Response(status_code=204)
