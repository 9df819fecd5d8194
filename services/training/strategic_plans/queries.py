"""Every query of strategic plans."""

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
    """The content of a plan, validated."""
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
    """The recommendations that no measure answers; all of them without a plan.

    None without an accepted diagnosis.
    """
    diagnosis = await find_accepted(reading, authority_id)
    if diagnosis is None:
        return None
    # Of the newest accepted diagnosis.
    codes = [each.code for each in diagnosis_content(diagnosis).recommendations]
    return unanswered(PlanContent() if plan is None else content_of(plan), codes)


async def list_missing(
    reading: Reading, plan: StrategicPlan
) -> tuple[list[PlanNeed], list[str]]:
    """Everything that a plan lacks to be adopted, and its open recommendations."""
    # In every state, so that an author sees all that is left to do.
    needs = missing_parts(content_of(plan))
    consultations = await get_sums(reading, plan.authority_id)
    if not consultations.events:
        needs.append(PlanNeed.CONSULTATION)
    open_codes = await list_unanswered(reading, plan.authority_id, plan)
    if open_codes is None:
        return [*needs, PlanNeed.ACCEPTED_DIAGNOSIS], []
    if open_codes:
        needs.append(PlanNeed.ANSWERS_TO_RECOMMENDATIONS)
    return needs, open_codes


async def get_shown_plan(reading: Reading, plan: StrategicPlan) -> Stored:
    """The answer of a plan, with its sums and needs."""
    missing, open_codes = await list_missing(reading, plan)
    content = content_of(plan)
    facts = plan.model_dump(include={*StrategicPlanRead.model_fields} - _COMPUTED)
    read = StrategicPlanRead(
        **facts,
        content=content,
        sums=sums_of(content),
        missing=missing,
        unanswered=open_codes,
    )
    return Stored(plan.id, plan.version, read.model_dump_json())
