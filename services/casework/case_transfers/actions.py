"""Every change of a transfer: a case is proposed to another county, and moves when that
county accepts it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.case_transfers import queries
from services.casework.case_transfers.models import CaseTransfer
from services.casework.case_transfers.schemas import TransferPropose, TransferState
from services.casework.case_transitions.queries import referral_is_open
from services.casework.cases.actions import add_step, change_case
from services.casework.cases.actions import record_change as record_case
from services.casework.cases.models import Case
from services.casework.cases.queries import WORKED_WITH, lock_case
from services.casework.cases.rules import (
    TRANSITIONS,
    CaseFacts,
    CaseState,
    CaseVerb,
    Need,
    allowed_verbs,
    missing,
    state_after,
)
from services.casework.consents.queries import Recipient, find_basis, lock_basis
from services.casework.consents.rules import Purpose
from services.casework.people.queries import lock_person, place_of
from services.casework.permissions import Permission
from services.casework.problems import CaseNotReady
from services.casework.record_moves.actions import end_work, move_records
from services.casework.record_moves.queries import get_snapshot, lock_rows
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_in
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.vault import seal

_P = Permission.TRANSFER_CASES
# Not a verb of cases: it is only written to the case's history.
WITHDRAWN = "withdraw-transfer"


def _record(change: Change, action: str, transfer: CaseTransfer, **detail: Any) -> None:
    """The audit record, and an event for each of the two counties."""
    path = f"case-transfers/{transfer.id}"
    event = f"case-transfer.{transfer.state}"
    subject = Subject(path, transfer.version, transfer.county_terc)
    people = [str(transfer.person_id)]
    change.record(action, subject, event, people=people, **detail)
    to = Subject(path, transfer.version, transfer.to_county_terc)
    change.tell(event, to, people=people, **detail)


async def _find_consent(
    change: Change, person_id: UUID, institution_id: UUID, today: date
) -> UUID | None:
    """The legal basis on which the receiving institution may get the case;
    None without one.
    """
    recipient = Recipient(person_id, Purpose.CASEWORK, institution_id, WORKED_WITH)
    return await find_basis(change, recipient, today)


async def propose_transfer(
    change: Change, new: TransferPropose, now: datetime
) -> Stored:
    """Propose a case to another county. The case is not worked on until
    that county has decided.
    """
    case = await lock_case(change, new.case_id, _P)
    state = CaseState(case.state)
    if CaseVerb.TRANSFER not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    await lock_person(change, case.person_id, _P)
    today = now.astimezone(CIVIL_TIME).date()
    await _require_ready(change, case, new, today)
    statement = insert(CaseTransfer).values(
        **new.model_dump(),
        county_terc=case.county_terc,
        person_id=case.person_id,
        case_number=case.number,
        case_state=state,
        state=TransferState.PROPOSED,
        proposed_by=change.caller.subject,
    )
    row = await change.one(statement.returning(*queries.TRANSFERS.c))
    transfer = CaseTransfer(**row._mapping)
    after = state_after(state, CaseVerb.TRANSFER)
    # The case counts as closed until the transfer is decided.
    moved = await change_case(change, case, state=after, closed_on=today)
    await add_step(change, moved, CaseVerb.TRANSFER, now, new.reason)
    record_case(change, "transfer_case", moved, after.value, reason=new.reason)
    _record(change, "propose_case_transfer", transfer, reason=new.reason)
    return queries.to_stored(transfer)


async def _require_ready(
    change: Change, case: Case, new: TransferPropose, today: date
) -> None:
    """CaseNotReady with everything that is missing. Required are another county, a
    consent that names its institution, and no open referral.
    """
    consent = await _find_consent(change, case.person_id, new.to_institution_id, today)
    facts = CaseFacts(
        has_receiving_county=new.to_county_terc != case.county_terc,
        has_receiving_county_consent=consent is not None,
        # The body cannot be without one.
        has_reason=True,
    )
    lacking = missing(CaseState(case.state), CaseVerb.TRANSFER, facts)
    names = [need.value for need in lacking]
    if await referral_is_open(change, case):
        # An institution would answer, or hold a place, for a county that no longer has
        # the case.
        names.append("no_open_referrals")
    if names:
        raise CaseNotReady(missing=names)


def _require_proposed(transfer: CaseTransfer, version: int) -> None:
    require_version(transfer.version, version)
    if transfer.state != TransferState.PROPOSED:
        raise StateConflict(state=transfer.state, allowed=[])


async def _decide(
    change: Change, transfer: CaseTransfer, now: datetime, **values: Any
) -> CaseTransfer:
    statement = (
        update(CaseTransfer)
        .where(
            col(CaseTransfer.id) == transfer.id,
            col(CaseTransfer.version) == transfer.version,
        )
        .values(
            **values,
            decided_by=change.caller.subject,
            decided_at=now,
            version=CaseTransfer.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.TRANSFERS.c)
    )
    return CaseTransfer(**(await change.one(statement))._mapping)


async def accept_transfer(
    change: Change, transfer_id: UUID, version: int, now: datetime
) -> Stored:
    """Take a case over. In one transaction the case and everything about the child move
    to this county.
    """
    reach = queries.receives(change.caller)
    transfer = await queries.lock_transfer(change, transfer_id, reach)
    _require_proposed(transfer, version)
    async with acting_in(change, transfer.county_terc):
        after = await _take_over(change, transfer, now)
    _record(change, "accept_case_transfer", after)
    return queries.to_stored(after)


async def _take_over(
    change: Change, transfer: CaseTransfer, now: datetime
) -> CaseTransfer:
    """The move itself, for a caller of both counties."""
    case = await lock_case(change, transfer.case_id, _P)
    state = CaseState(case.state)
    if CaseVerb.ACCEPT_TRANSFER not in TRANSITIONS[state]:
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    child, today = case.person_id, now.astimezone(CIVIL_TIME).date()
    # Lock all rows about the child: transactions of the old county end first.
    await lock_rows(change, [child])
    record = await lock_person(change, child, _P)
    # Checked again: the consent may have been withdrawn since the proposal.
    consent = await _find_consent(change, child, transfer.to_institution_id, today)
    if consent is None:
        raise CaseNotReady(missing=[Need.RECEIVING_COUNTY_CONSENT.value])
    # Locked, so that a withdrawal comes wholly before or wholly after this transaction.
    await lock_basis(change, consent)
    # The copy is made before anything is changed:
    # the old county keeps its record as it was.
    snapshot = await get_snapshot(change, child, record.key)
    kept = seal(record.key, place_of("case_transfers", transfer.id), snapshot)
    await end_work(change, case.id, child, now, today)
    to_county = transfer.to_county_terc
    await move_records(change, child, transfer.county_terc, to_county, today)
    verb, before = CaseVerb.ACCEPT_TRANSFER, CaseState(transfer.case_state)
    moved = await change_case(
        change,
        case,
        state=state_after(state, verb, before),
        county_terc=to_county,
        # The person who accepts coordinates the case until somebody else is named.
        coordinator=change.caller.subject,
        institution_id=transfer.to_institution_id,
        organiser_institution_id=None,
        closed_on=None,
    )
    await add_step(change, moved, verb, now)
    record_case(change, "accept_transfer_of_case", moved, moved.state)
    return await _decide(change, transfer, now, state=TransferState.ACCEPTED, kept=kept)


async def decline_transfer(
    change: Change, transfer_id: UUID, reason: str, version: int, now: datetime
) -> Stored:
    """Decline a transfer. The case returns to its former state, in the old county."""
    reach = queries.receives(change.caller)
    transfer = await queries.lock_transfer(change, transfer_id, reach)
    _require_proposed(transfer, version)
    async with acting_in(change, transfer.county_terc):
        await _give_back(change, transfer, CaseVerb.DECLINE_TRANSFER, reason, now)
        values = {"state": TransferState.DECLINED, "declining_reason": reason}
        after = await _decide(change, transfer, now, **values)
    _record(change, "decline_case_transfer", after, reason=reason)
    return queries.to_stored(after)


async def withdraw_transfer(
    change: Change, transfer_id: UUID, version: int, now: datetime
) -> Stored:
    """Withdraw a proposal. The case returns to its former state, in the old county."""
    reach = queries.hands_over(change.caller)
    transfer = await queries.lock_transfer(change, transfer_id, reach)
    _require_proposed(transfer, version)
    await _give_back(change, transfer, WITHDRAWN, transfer.reason, now)
    after = await _decide(change, transfer, now, state=TransferState.WITHDRAWN)
    _record(change, "withdraw_case_transfer", after)
    return queries.to_stored(after)


async def _give_back(
    change: Change, transfer: CaseTransfer, verb: str, reason: str | None, now: datetime
) -> None:
    """Return the case to the state before the transfer. A case that the family has
    withdrawn in the meantime stays withdrawn.
    """
    case = await lock_case(change, transfer.case_id, _P)
    if case.state != CaseState.TRANSFERRED:
        return
    values = {"state": transfer.case_state, "closed_on": None}
    back = await change_case(change, case, **values)
    await add_step(change, back, verb, now, reason)
    record_case(change, "give_case_back", back, back.state, reason=reason)
