"""/accounts."""

from typing import Annotated

from fastapi import Query

from services.casework.accounts import actions, queries
from services.casework.accounts.schemas import AccountList, AccountRead, OwnAccount
from services.casework.demands import CanIssueAccountCodes, CanJoinAccounts
from services.casework.problems import AccountNotFound
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, Terms, page_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Audited, Change, Reading

router = slice_router(prefix="/accounts", tags=["accounts"])


@router.get("", responses=answers(Page[AccountRead]))
async def list_accounts(
    caller: CanIssueAccountCodes,
    reading: Reading,
    terms: Terms,
    query: Annotated[AccountList, Query()],
) -> Answer:
    """The accounts of guardians and pupils within the caller's reach, those that have
    ended included.
    """
    page = await page_of(reading, terms, query, queries.list_accounts(query, caller))
    return page_answer(page, terms)


# Before `/{account_id}`: `me` would be read as the id of an account.
@router.get("/me", responses=answers(OwnAccount))
async def get_own_account(caller: CanJoinAccounts, reading: Audited) -> Answer:
    """The person to whom the caller's account belongs, and those for whom it acts now.
    Names are in `GET /people`.
    """
    # No ETag: the answer can change with the day, without a new version.
    own = await actions.read_own_account(reading)
    return Answer(own.model_dump_json())


@router.get("/{account_id}", responses=answers(AccountRead, AccountNotFound))
async def get_account(
    caller: CanIssueAccountCodes, reading: Reading, terms: Terms, account_id: Id
) -> Answer:
    """One account."""
    return stored_answer(await queries.get_account(reading, account_id), terms)


@router.post(
    "/{account_id}/end",
    responses=answers(
        AccountRead,
        AccountNotFound,
        Erased,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def end_account(
    caller: CanIssueAccountCodes,
    change: Change,
    account_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """End an account: from the next request on it gives no access to records."""
    version = expected_version(if_match, account_id)
    return stored_answer(await actions.end_account(change, account_id, version))
