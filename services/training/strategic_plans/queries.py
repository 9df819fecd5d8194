"""Every question asked of strategic plans."""

from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows, Stored
from services.training.authorities.queries import get_worked
from services.training.consultation_events.queries import get_sums
from services.training.diagnoses.queries import content_of as diagnosis_content
from services.training.diagnoses.queries import find_accepted
from services.training.permissions import Permission
from services.training.problems import StrategicPlanNotFound
from services.training.strategic_plans.models import StrategicPlan
from services.training.strategic_plans.rules.content import (
    PlanContent,
    PlanNeed,
    missing_parts,
    unanswered,
)
from services.training.strategic_plans.rules.sums import sums_of
from services.training.strategic_plans.schemas import StrategicPlanRead

PLANS = rows_of(StrategicPlan)
_COMPUTED = {"sums", "missing", "unanswered", "content"}


def content_of(plan: StrategicPlan) -> PlanContent:
    """What a plan says."""
    return PlanContent.model_validate(plan.content)


async def find_plan(reading: Reading, authority_id: UUID) -> StrategicPlan | None:
    """The plan of an authority that is within reach."""
    statement: Rows = select(PLANS).where(PLANS.c.authority_id == authority_id)
    row = await reading.find(statement)
    return None if row is None else StrategicPlan(**row._mapping)


async def get_plan(
    reading: Reading, authority_id: UUID, permission: Permission
) -> StrategicPlan:
    """The plan of an authority within the permission's reach."""
    await get_worked(reading, authority_id, permission)
    plan = await find_plan(reading, authority_id)
    if plan is None:
        raise StrategicPlanNotFound()
    return plan


async def list_unanswered(
    reading: Reading, authority_id: UUID, plan: StrategicPlan | None
) -> list[str] | None:
    """The recommendations that a plan leaves open, or all where there is no plan.

    None without an accepted diagnosis.
    """
    diagnosis = await find_accepted(reading, authority_id)
    if diagnosis is None:
        return None
    # Of the newest accepted diagnosis: an older one may ask for less.
    codes = [each.code for each in diagnosis_content(diagnosis).recommendations]
    return unanswered(PlanContent() if plan is None else content_of(plan), codes)


async def list_missing(
    reading: Reading, plan: StrategicPlan
) -> tuple[list[PlanNeed], list[str]]:
    """All that a plan lacks before it is adopted, and what it leaves unanswered."""
    # Everything at once, whatever the state: an author sees the whole way.
    needs = missing_parts(content_of(plan))
    consulted = await get_sums(reading, plan.authority_id)
    if not consulted.events:
        needs.append(PlanNeed.CONSULTATION)
    left_open = await list_unanswered(reading, plan.authority_id, plan)
    if left_open is None:
        return [*needs, PlanNeed.ACCEPTED_DIAGNOSIS], []
    if left_open:
        needs.append(PlanNeed.ANSWERS_TO_RECOMMENDATIONS)
    return needs, left_open


async def get_shown_plan(reading: Reading, plan: StrategicPlan) -> Stored:
    """A plan as it is shown, with its sums."""
    missing, left_open = await list_missing(reading, plan)
    content = content_of(plan)
    facts = plan.model_dump(include={*StrategicPlanRead.model_fields} - _COMPUTED)
    read = StrategicPlanRead(
        **facts,
        content=content,
        sums=sums_of(content),
        missing=missing,
        unanswered=left_open,
    )
    return Stored(plan.id, plan.version, read.model_dump_json())
