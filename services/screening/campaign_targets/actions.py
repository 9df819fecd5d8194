"""Every change of a target."""

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.work import Change
from services.chassis.ground.problems import refuse
from services.screening.campaign_targets.models import CampaignTarget
from services.screening.campaign_targets.queries import in_force
from services.screening.campaign_targets.schemas import TargetCreate
from services.screening.campaigns.actions import lock_campaign_for, subject_of
from services.screening.campaigns.rules.life import CampaignVerb
from services.screening.problems import CampaignHasOneStage


async def set_target(change: Change, campaign_id: UUID, new: TargetCreate) -> None:
    """Set how many children are to complete a stage.

    An earlier target of the same stage, county and implementer is superseded.
    """
    campaign = await lock_campaign_for(change, campaign_id, CampaignVerb.SET_TARGETS)
    if new.county_terc is not None and new.implementer is not None:
        refuse(("implementer", "not_allowed"))
    if new.stage == 2 and "2" not in campaign.plan:
        raise CampaignHasOneStage(state=campaign.state)
    # Before the insert: a unique index allows only one such target in force.
    await _supersede(change, campaign_id, new)
    statement = insert(CampaignTarget).values(
        **new.model_dump(), campaign_id=campaign_id, set_by=change.caller.subject
    )
    await change.execute(statement)
    change.record(
        "set_target", subject_of(campaign), "campaign.target-set", **new.model_dump()
    )


async def _supersede(change: Change, campaign_id: UUID, new: TargetCreate) -> None:
    """End the target of the same stage, county and implementer."""
    of_same = [
        # Null equals null here, as in the unique index: a target of the whole campaign
        # has neither county nor implementer.
        col(getattr(CampaignTarget, name)).is_not_distinct_from(value)
        for name, value in new.model_dump(exclude={"subjects"}).items()
    ]
    statement = update(CampaignTarget).where(in_force(campaign_id), *of_same)
    await change.execute(statement.values(superseded_at=func.now()))
