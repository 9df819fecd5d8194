"""/case-transfers."""

from typing import Annotated

from fastapi import Query

from services.casework.case_transfers import actions, queries
from services.casework.case_transfers.schemas import (
    KeptRecord,
    TransferDecline,
    TransferList,
    TransferPropose,
    TransferRead,
)
from services.casework.demands import CanTransferCases
from services.casework.problems import (
    CaseAlreadyOpen,
    CaseNotFound,
    CaseNotReady,
    CaseTransferNotFound,
    ConsentRequired,
    PersonAlreadyRegistered,
    ProcessingRestricted,
    TransferAlreadyProposed,
)
from services.casework.reads import Category, Look, read_page, record_read
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
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change

_LOOK = Look("list_case_transfers", "case-transfers", Category.CASE)
_DECIDED = (
    CaseTransferNotFound,
    # Only a safeguard: the unique index counts the waiting case, too.
    CaseAlreadyOpen,
    Erased,
    ProcessingRestricted,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)
router = slice_router(prefix="/case-transfers", tags=["case-transfers"])


@router.get("", responses=answers(Page[TransferRead]))
async def list_case_transfers(
    caller: CanTransferCases,
    reading: Audited,
    terms: Terms,
    query: Annotated[TransferList, Query()],
) -> Answer:
    """Transfers from the caller's counties and to them, the newest first."""
    listed = queries.list_transfers(query, caller)
    return page_answer(await read_page(reading, terms, query, listed, _LOOK), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        TransferRead,
        CaseNotFound,
        Erased,
        ProcessingRestricted,
        CaseNotReady,
        StateConflict,
        # Of two at once, the unique index refuses one.
        TransferAlreadyProposed,
        status=201,
    ),
)
async def propose_case_transfer(
    caller: CanTransferCases, change: Change, new: TransferPropose
) -> Answer:
    """Propose to hand an open case over to another county. Until that county decides,
    the case is not worked on, and still belongs to this county.

    Required: a consent (`purpose` `casework`, categories `identity` and `case`) that
    names the institution which is to coordinate the case there; and no open referral of
    the case.
    """
    transfer = await actions.propose_transfer(change, new, clock.now())
    return created_answer(transfer, f"/v1/casework/case-transfers/{transfer.key}")


@router.get("/{transfer_id}", responses=answers(TransferRead, CaseTransferNotFound))
async def get_case_transfer(
    caller: CanTransferCases, reading: Audited, terms: Terms, transfer_id: Id
) -> Answer:
    """One transfer, as both counties see it."""
    transfer = await queries.get_transfer(reading, transfer_id)
    # Audited under the county that proposed it, whichever of the two reads it.
    subject = Subject(f"case-transfers/{transfer_id}", county=transfer.county_terc)
    people = [transfer.person_id]
    record_read(reading, "get_case_transfer", subject, people, Category.CASE)
    return stored_answer(queries.to_stored(transfer), terms)


@router.post(
    "/{transfer_id}/accept",
    responses=answers(
        TransferRead,
        *_DECIDED,
        CaseNotReady,
        # The consent was withdrawn while the transfer was accepted.
        ConsentRequired,
        # The receiving county may have a record with the same number.
        PersonAlreadyRegistered,
    ),
)
async def accept_case_transfer(
    caller: CanTransferCases, change: Change, transfer_id: Id, if_match: IfMatch = None
) -> Answer:
    """Take a case over. The case and everything about the child belong to this county
    from now on.

    The old county's team leaves the case, and its legal bases without a recipient end.
    A guardian's record moves, too, unless other children in the old county need it:
    then this county gets a copy. The old county no longer sees the case; its former
    record is kept for it at `/record`.
    """
    version = expected_version(if_match, transfer_id)
    transfer = await actions.accept_transfer(change, transfer_id, version, clock.now())
    return stored_answer(transfer)


@router.post("/{transfer_id}/decline", responses=answers(TransferRead, *_DECIDED))
async def decline_case_transfer(
    caller: CanTransferCases,
    change: Change,
    transfer_id: Id,
    decline: TransferDecline,
    if_match: IfMatch = None,
) -> Answer:
    """Decline a transfer. The case stays with its county and returns to the state that
    it had before.
    """
    version = expected_version(if_match, transfer_id)
    transfer = await actions.decline_transfer(
        change, transfer_id, decline.reason, version, clock.now()
    )
    return stored_answer(transfer)


@router.post("/{transfer_id}/withdraw", responses=answers(TransferRead, *_DECIDED))
async def withdraw_case_transfer(
    caller: CanTransferCases, change: Change, transfer_id: Id, if_match: IfMatch = None
) -> Answer:
    """Withdraw an undecided proposal. The case returns to its former state."""
    version = expected_version(if_match, transfer_id)
    transfer = await actions.withdraw_transfer(
        change, transfer_id, version, clock.now()
    )
    return stored_answer(transfer)


@router.get(
    # Only for the old county: the new one has the records themselves.
    "/{transfer_id}/record",
    responses=answers(KeptRecord, CaseTransferNotFound, Erased),
)
async def get_kept_record(
    caller: CanTransferCases, reading: Audited, transfer_id: Id
) -> Answer:
    """The copy for the county that handed a case over: its own record as it was on that
    day, and nothing newer.
    """
    transfer, record = await queries.get_record(reading, transfer_id)
    path = f"case-transfers/{transfer_id}/record"
    subject = Subject(path, county=transfer.county_terc)
    people = [transfer.person_id]
    record_read(reading, "get_kept_record", subject, people, Category.CASE)
    # No ETag: the copy never changes.
    return Answer(record)
