"""/campaigns/{id}/institutions."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import OutsideScope
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import ReplicaReading
from services.screening.campaign_institutions import queries
from services.screening.campaign_institutions.schemas import (
    InstitutionStepsQuery,
    InstitutionStepsRead,
)
from services.screening.demands import CanReadScreenings
from services.screening.problems import CampaignNotFound

router = slice_router(tags=["campaigns"])


@router.get(
    "/campaigns/{campaign_id}/institutions",
    responses=answers(InstitutionStepsRead, CampaignNotFound, OutsideScope),
)
async def list_campaign_institutions(
    caller: CanReadScreenings,
    reading: ReplicaReading,
    campaign_id: Id,
    query: Annotated[InstitutionStepsQuery, Query()],
) -> Answer:
    """The funnel of each school, nursery or other institution, and the totals: exact
    and current.

    It covers the counties whose screenings the caller may read. A caller who may read
    only one institution gets the children whose forms are all of that institution.
    Other callers get no numbers of an institution: its children are few, and its kind
    shows how old they are (docs/decisions/0014-what-is-told-of-few.md).
    """
    steps = await queries.get_institution_steps(reading, campaign_id, query.county_terc)
    # No ETag: the numbers can change without a new version of the campaign.
    return Answer(steps.model_dump_json(), headers={"cache-control": "no-cache"})
