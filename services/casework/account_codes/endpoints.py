"""/people/{person_id}/account-codes and /accounts:join."""

from services.casework.account_codes import actions, queries
from services.casework.account_codes.schemas import (
    AccountCodeIssued,
    AccountCodeRead,
    AccountJoin,
)
from services.casework.accounts.schemas import OwnAccount
from services.casework.demands import CanIssueAccountCodes, CanJoinAccounts
from services.casework.problems import (
    AccountAlreadyJoined,
    AccountCodeNotFound,
    AccountCodeRefused,
    AccountNotPossible,
    PersonNotFound,
    ProcessingRestricted,
)
from services.chassis.data.work import Stored
from services.chassis.ground import clock
from services.chassis.ground.problems import RateLimited, StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.units import Change, Reading

router = slice_router(tags=["accounts"])


@router.post(
    "/people/{person_id}/account-codes",
    status_code=201,
    responses=answers(
        AccountCodeIssued,
        PersonNotFound,
        Erased,
        ProcessingRestricted,
        AccountNotPossible,
        StateConflict,
        status=201,
    ),
)
async def issue_account_code(
    caller: CanIssueAccountCodes, change: Change, person_id: Id
) -> Answer:
    """Issue a code for a guardian or a pupil, to be handed over in person. It joins
    their account to the record, once, within 14 days.

    The code is shown here and never again. A new code replaces those
    that were issued before.
    """
    issued = await actions.issue_account_code(change, person_id, clock.now())
    stored = Stored(issued.id, issued.version, issued.model_dump_json())
    location = f"/v1/casework/people/{person_id}/account-codes/{issued.id}"
    answer = created_answer(stored, location)
    # This is the only answer that holds the code: no cache may store it.
    answer.headers["cache-control"] = "no-store"
    return answer


@router.get(
    "/people/{person_id}/account-codes/{code_id}",
    responses=answers(AccountCodeRead, AccountCodeNotFound),
)
async def get_account_code(
    caller: CanIssueAccountCodes,
    # Not `Audited`: ids and times reveal nothing about the person.
    reading: Reading,
    terms: Terms,
    person_id: Id,
    code_id: Id,
) -> Answer:
    """The state of a code: used, replaced, or still unused.
    The code itself is not stored.
    """
    return stored_answer(
        await queries.get_account_code(reading, person_id, code_id), terms
    )


@router.post(
    # On the collection: the caller knows neither the id of the person nor
    # that of the code.
    "/accounts:join",
    responses=answers(
        OwnAccount, AccountCodeRefused, AccountAlreadyJoined, Erased, RateLimited
    ),
)
async def join_account(
    caller: CanJoinAccounts, change: Change, join: AccountJoin
) -> Answer:
    """Join the caller's account to the person whose code was handed over.

    A wrong code is recorded; after several within an hour the next attempt is refused
    for some time. The person's former account ends.
    """
    own = await actions.join_account(change, join.code)
    return Answer(own.model_dump_json())
