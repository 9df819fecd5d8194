"""The counts of cases, from one SELECT over the records within the caller's reach."""

from sqlalchemy import Select, distinct, exists, func, select

from services.casework.case_counts.rules import publishable, publishable_parts
from services.casework.case_counts.schemas import CaseCountsRead
from services.casework.cases.queries import CASES
from services.casework.cases.rules import CaseState
from services.casework.permissions import Permission
from services.casework.plan_reviews.models import Review
from services.casework.plans.queries import PLANS
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.chassis.trust.access import within

_REVIEWS = rows_of(Review)


def _counts() -> Select[int, int, int, int, int]:
    cases = CASES.c
    was_active = exists().where(
        PLANS.c.case_id == cases.id, PLANS.c.activated_at.is_not(None)
    )
    was_reviewed = exists().where(_REVIEWS.c.case_id == cases.id)
    every = func.count()
    return select(
        every,
        func.count(distinct(cases.county_terc)),
        every.filter(was_active),
        every.filter(was_reviewed),
        every.filter(cases.state == CaseState.CLOSED),
    ).select_from(CASES)


async def count_cases(reading: Reading) -> CaseCountsRead:
    """The counts; None where a number must not be published."""
    # By the permission for reports, not the one for cases.
    reach = within(
        reading.caller,
        Permission.READ_MONITORING_REPORTS,
        county=CASES.c.county_terc,
    )
    row = await reading.one(_counts().where(reach))
    cases, counties, active, reviewed, closed = row
    parts = {"with_active_plan": active, "with_review": reviewed, "closed": closed}
    return CaseCountsRead(
        cases=publishable(cases), counties=counties, **publishable_parts(cases, parts)
    )
