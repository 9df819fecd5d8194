"""Every query on the cases."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.casework.cases.models import Case, CaseStep
from services.casework.cases.rules import CaseState, allowed_verbs
from services.casework.cases.schemas import CaseList, CaseRead, CaseSummary
from services.casework.consents.queries import Recipient, find_basis
from services.casework.consents.rules import Purpose
from services.casework.people.queries import get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.problems import CaseNotFound
from services.casework.reads import Category
from services.casework.referrals.queries import REFERRALS
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

CASES = rows_of(Case)
STEPS = rows_of(CaseStep)
RELATED = {
    "team": CASES.c.id,
    "guardian": CASES.c.person_id,
    "break_glass": CASES.c.person_id,
}
"""The column that each kind of relation to a case is matched with."""
WORKED_WITH = (Category.IDENTITY, Category.CASE)
"""The categories of data that the county's own work on a case uses, and that need a
legal basis.
"""
_LIST = Filtered(
    Listing(
        {name: CASES.c[name] for name in CaseSummary.model_fields},
        {"changed_at": CASES.c.changed_at, "number": CASES.c.number},
        "-changed_at",
        CASES.c.id,
    ),
    CASES,
    {
        **{
            name: Filter(CASES.c[name])
            for name in (
                "county_terc",
                "state",
                "track",
                "person_id",
                "coordinator",
                "institution_id",
            )
        },
        "review_due_to": Filter(CASES.c.review_due_on, "to"),
    },
    county=CASES.c.county_terc,
    objects=RELATED,
)


def reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """The cases that the caller's permission reaches."""
    return within(caller, permission, county=CASES.c.county_terc, objects=RELATED)


def list_cases(query: CaseList, caller: Caller) -> Listed:
    """The cases that a list shows."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    listed = filtered(_LIST, values, caller, Permission.READ_CASES)
    if query.is_open is None:
        return listed
    # By the closing day: a case that waits for another county is not open.
    is_open = CASES.c.closed_on.is_(None)
    return listed._replace(
        rows=listed.rows.where(is_open if query.is_open else ~is_open)
    )


def _select(case_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(CASES)
    return statement.where(CASES.c.id == case_id, reach(caller, permission))


async def get_case(
    reading: Reading, case_id: UUID, permission: Permission = Permission.READ_CASES
) -> Case:
    """One case within the caller's reach."""
    query = by_key(_LIST, case_id, reading.caller, permission)
    return await reading.instance(Case, query.statement, CaseNotFound, query.values)


async def lock_case(change: Change, case_id: UUID, permission: Permission) -> Case:
    """One case within the caller's reach, locked until the transaction ends.

    Its child is locked before it, and the parts of the case after it.
    """
    statement = _select(case_id, change.caller, permission)
    await lock_people(change, statement.with_only_columns(CASES.c.person_id))
    return await change.instance(Case, statement.with_for_update(), CaseNotFound)


async def get_shown(reading: Reading, case: Case) -> Stored:
    """A case as it is shown, with why the family came."""
    key = await get_key(reading, case.person_id)
    sealed = unseal(key, place_of("cases", case.id), case.sealed)
    facts = case.model_dump(include={*CaseSummary.model_fields})
    allowed = allowed_verbs(CaseState(case.state))
    body = CaseRead(**facts, **sealed, allowed=allowed)
    return Stored(case.id, case.version, body.model_dump_json())


async def get_highest_number(reading: Reading, prefix: str) -> int:
    """The highest number of the cases of a county and year; 0 where there is none."""
    # Five digits with leading zeros: as texts they sort like numbers.
    newest = func.max(func.split_part(CASES.c.number, "/", 3))
    # A range of this prefix, so that the index on the number is used.
    numbered = CASES.c.number.between(f"{prefix}/", f"{prefix}/\uffff")
    text: str | None = await reading.scalar(select(newest).where(numbered))
    return int(text or 0)


async def get_highest_step(reading: Reading, case_id: UUID) -> int:
    """The number of a case's last step; 0 before its first."""
    statement = select(func.coalesce(func.max(STEPS.c.number), 0))
    number: int = await reading.scalar(statement.where(STEPS.c.case_id == case_id))
    return number


async def find_working_basis(reading: Reading, case: Case, today: date) -> UUID | None:
    """The id of a legal basis for the county's own work, or else of one that names the
    institution that coordinates the case; None without either.
    """
    county = Recipient(case.person_id, Purpose.CASEWORK, None, WORKED_WITH)
    basis = await find_basis(reading, county, today)
    # A transferred case has a consent that names its institution.
    if basis is None and case.institution_id is not None:
        institution = county._replace(institution_id=case.institution_id)
        basis = await find_basis(reading, institution, today)
    return basis


async def require_referral_of(
    reading: Reading, referral_id: UUID, person_id: UUID
) -> None:
    """UnknownReference unless it is an inbound referral of this child."""
    statement = select(REFERRALS.c.id).where(
        REFERRALS.c.id == referral_id,
        REFERRALS.c.person_id == person_id,
        REFERRALS.c.direction == "inbound",
    )
    if await reading.find(statement) is None:
        raise UnknownReference(FieldError("pointer", "/referral_id", "not_found"))
