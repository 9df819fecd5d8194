"""/campaigns/{id}/targets: setting them.

Reading them is in `campaign_releases`, because it needs the
campaign's published numbers.
"""

from services.chassis.ground.problems import OutsideScope, StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.screening.campaign_targets import actions
from services.screening.campaign_targets.schemas import TargetCreate
from services.screening.demands import CanEditCampaigns
from services.screening.problems import (
    CampaignHasOneStage,
    CampaignNotFound,
    TargetOfUnknownImplementer,
)

router = slice_router(tags=["campaigns"])


@router.post(
    "/campaigns/{campaign_id}/targets",
    status_code=201,
    responses=answers(
        TargetCreate,
        CampaignNotFound,
        OutsideScope,
        StateConflict,
        CampaignHasOneStage,
        TargetOfUnknownImplementer,
        status=201,
    ),
)
async def set_campaign_target(
    caller: CanEditCampaigns,
    change: Change,
    campaign_id: Id,
    new: TargetCreate,
) -> Answer:
    """Set how many children are to complete a stage: in all, in a county, or
    with an implementer.
    """
    await actions.set_target(change, campaign_id, new)
    return Answer(new.model_dump_json(), 201)
