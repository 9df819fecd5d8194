"""Every query on the codes that join accounts."""

from uuid import UUID

from sqlalchemy import func, select, text

from services.casework.account_codes.models import AccountCode
from services.casework.account_codes.schemas import AccountCodeRead
from services.casework.permissions import Permission
from services.casework.problems import AccountCodeNotFound, AccountCodeRefused
from services.chassis.data.tables import AUDIT_RECORDS, rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.access import within

CODES = rows_of(AccountCode)
_WIRE = {name: CODES.c[name] for name in AccountCodeRead.model_fields}
STORED = stored_columns(_WIRE, CODES.c.id, CODES.c.version)


async def get_account_code(reading: Reading, person_id: UUID, code_id: UUID) -> Stored:
    """The state of a code, without the code itself; AccountCodeNotFound."""
    permission, county = Permission.ISSUE_ACCOUNT_CODES, CODES.c.county_terc
    statement = select(*STORED).where(
        CODES.c.id == code_id,
        CODES.c.person_id == person_id,
        within(reading.caller, permission, county=county),
    )
    return await reading.stored(statement, AccountCodeNotFound)


async def find_person(reading: Reading, digest: bytes) -> UUID | None:
    """The person for whom a code was issued, whether it is still valid or not."""
    statement = select(CODES.c.person_id).where(CODES.c.digest == digest)
    person_id: UUID | None = await reading.scalar(statement)
    return person_id


async def lock_code(change: Change, digest: bytes) -> AccountCode:
    """The code, locked until the transaction ends; AccountCodeRefused where it is no
    longer valid.

    Nobody can use a code that they have issued themselves.
    """
    statement = select(CODES).where(
        CODES.c.digest == digest,
        CODES.c.used_at.is_(None),
        CODES.c.withdrawn_at.is_(None),
        CODES.c.expires_at > func.now(),
        # Otherwise staff could sign in as a family and approve a plan in its name.
        CODES.c.issued_by != change.caller.subject,
    )
    return await change.instance(
        AccountCode, statement.with_for_update(), AccountCodeRefused
    )


async def count_misses(reading: Reading) -> int:
    """How many of the caller's attempts within the last hour failed."""
    # A failed attempt rolls back its transaction and leaves only the audit record of
    # the refusal.
    records = AUDIT_RECORDS.c
    statement = select(func.count()).where(
        records.actor == reading.caller.subject,
        records.recorded_at > func.now() - text("interval '1 hour'"),
        records.action == AccountCodeRefused.missed,
        records.outcome == "missed",
    )
    misses: int = await reading.scalar(statement)
    return misses
