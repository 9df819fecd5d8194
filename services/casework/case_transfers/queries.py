"""Every query on transfers."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from services.casework.case_transfers.models import CaseTransfer
from services.casework.case_transfers.schemas import (
    KeptRecord,
    TransferList,
    TransferRead,
    TransferState,
)
from services.casework.cases.queries import CASES
from services.casework.people.queries import get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.problems import CaseTransferNotFound
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import rows_of
from services.chassis.data.work import AuditedReading, Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

TRANSFERS = rows_of(CaseTransfer)
_C = TRANSFERS.c
_LISTING = Listing(
    {name: _C[name] for name in TransferRead.model_fields},
    {"created_at": _C.created_at},
    "-created_at",
    _C.id,
)
_P = Permission.TRANSFER_CASES


def hands_over(caller: Caller) -> ColumnElement[bool]:
    """The transfers that the caller's counties hand over."""
    return within(caller, _P, county=_C.county_terc)


def receives(caller: Caller) -> ColumnElement[bool]:
    """The transfers that the caller's counties may accept."""
    return within(caller, _P, county=_C.to_county_terc)


def list_transfers(query: TransferList, caller: Caller) -> Listed:
    """The transfers from and to the caller's counties."""
    # Without `filtered`: here two columns hold the counties of a row.
    rows: Rows = select(TRANSFERS)
    rows = rows.where(or_(hands_over(caller), receives(caller)))
    for name in ("state", "county_terc", "to_county_terc"):
        if several := getattr(query, name):
            rows = rows.where(_C[name].in_([*several]))
    if query.case_id is not None:
        rows = rows.where(_C.case_id == query.case_id)
    return Listed(_LISTING, rows)


async def get_transfer(
    reading: Reading, transfer_id: UUID, *reach: ColumnElement[bool]
) -> CaseTransfer:
    """One transfer from or to the caller's counties; `reach` narrows the direction."""
    conditions = reach or (or_(hands_over(reading.caller), receives(reading.caller)),)
    statement = select(TRANSFERS).where(_C.id == transfer_id, *conditions)
    return await reading.instance(CaseTransfer, statement, CaseTransferNotFound)


async def lock_transfer(
    change: Change, transfer_id: UUID, reach: ColumnElement[bool]
) -> CaseTransfer:
    """One transfer, locked with its child and case until the transaction ends."""
    statement = select(TRANSFERS).where(_C.id == transfer_id, reach)
    # The receiving county reaches neither of them before it has accepted.
    async with acting_everywhere(change):
        await lock_people(change, statement.with_only_columns(_C.person_id))
        case = CASES.c.id.in_(statement.with_only_columns(_C.case_id))
        await change.find(select(CASES.c.id).where(case).with_for_update())
    locking = statement.with_for_update()
    return await change.instance(CaseTransfer, locking, CaseTransferNotFound)


def to_stored(transfer: CaseTransfer) -> Stored:
    """A transfer as it is shown."""
    body = TransferRead.model_validate(transfer.model_dump())
    return Stored(transfer.id, transfer.version, body.model_dump_json())


async def get_record(
    change: AuditedReading, transfer_id: UUID
) -> tuple[CaseTransfer, str]:
    """The old county's copy, opened; CaseTransferNotFound unless
    the transfer was accepted.

    Raises Erased once the child's key is gone.
    """
    caller = change.caller
    transfer = await get_transfer(change, transfer_id, hands_over(caller))
    # 404: before the acceptance there is no copy.
    if transfer.state != TransferState.ACCEPTED or transfer.kept is None:
        raise CaseTransferNotFound()
    # The key has moved with the child, possibly on to a third county.
    async with acting_everywhere(change):
        key = await get_key(change, transfer.person_id)
    place = place_of("case_transfers", transfer.id)
    record = KeptRecord(
        transfer_id=transfer.id,
        kept_at=transfer.decided_at or transfer.changed_at,
        rows=unseal(key, place, transfer.kept),
    )
    return transfer, record.model_dump_json()
