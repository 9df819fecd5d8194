"""Every change of a campaign and of who carries it out, and asking for a release of its counts."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.background.jobs import enqueue
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
from services.chassis.trust.callers import Caller
from services.screening.campaigns import queries
from services.screening.campaigns.models import Campaign, CampaignImplementer
from services.screening.campaigns.rules.life import (
    RELEASE,
    CampaignState,
    CampaignVerb,
    allowed_verbs,
    are_edges,
)
from services.screening.campaigns.schemas import (
    CampaignClose,
    CampaignCreate,
    CampaignOpen,
    CampaignReopen,
    CampaignUpdate,
    ImplementerCreate,
)
from services.screening.permissions import Permission
from services.screening.protocols.models import ProtocolVersion
from services.screening.protocols.queries import require_protocol_version
from services.screening.protocols.rules.batteries import stage_plan


def subject_of(campaign: Campaign, version: int | None = None) -> Subject:
    """The campaign as the subject of an audit record or an event, in a later version if named."""
    path = f"campaigns/{campaign.id}"
    return Subject(path, version or campaign.version, campaign.county_terc)


def _plan_of(protocol: ProtocolVersion) -> dict[str, Any]:
    """What a campaign stores of its protocol: each stage by its number, and the selection rule."""
    plan = {"1": stage_plan(protocol.stage_one)}
    if protocol.stage_two is not None and protocol.selection is not None:
        plan["2"] = stage_plan(protocol.stage_two)
        plan["selection"] = protocol.selection["rule"]
    return plan


def _check_edges(age_bands: list[int]) -> None:
    if not are_edges(age_bands):
        refuse(("age_bands", "wrong_order"))


async def create_campaign(change: Change, new: CampaignCreate) -> Stored:
    """Plan a campaign by a version of a protocol."""
    demand(change.caller, Permission.EDIT_CAMPAIGNS, county=new.county_terc)
    _check_edges(new.age_bands)
    protocol = await require_protocol_version(
        change, new.protocol_code, new.protocol_version
    )
    statement = insert(Campaign).values(**new.model_dump(), plan=_plan_of(protocol))
    campaign = await change.stored(statement.returning(*queries.STORED))
    subject = Subject(f"campaigns/{campaign.key}", campaign.version, new.county_terc)
    change.record("create_campaign", subject, "campaign.created")
    return campaign


async def lock_campaign_for(
    change: Change, campaign_id: UUID, verb: CampaignVerb
) -> Campaign:
    """The campaign to change: within the caller's reach, and in a state that allows the verb."""
    campaign = await queries.lock_campaign(change, campaign_id)
    demand(change.caller, Permission.EDIT_CAMPAIGNS, county=campaign.county_terc)
    allowed = allowed_verbs(CampaignState(campaign.state))
    if verb not in allowed:
        raise StateConflict(state=campaign.state, allowed=allowed)
    return campaign


async def _change(
    change: Change, campaign: Campaign, action: str, event: str, **values: Any
) -> Stored:
    statement = (
        update(Campaign)
        .where(col(Campaign.id) == campaign.id)
        .values(**values, version=Campaign.version + 1, changed_at=func.now())
    )
    after = await change.stored(statement.returning(*queries.STORED))
    state = values.get("state", campaign.state)
    change.record(action, subject_of(campaign, after.version), event, state=state)
    return after


async def amend_campaign(
    change: Change, campaign_id: UUID, patch: CampaignUpdate, version: int
) -> Stored:
    """Change a planned campaign. Its bands and its threshold stay once it is open."""
    campaign = await lock_campaign_for(change, campaign_id, CampaignVerb.AMEND)
    require_version(campaign.version, version)
    values = patch.model_dump(exclude_unset=True)
    _check_edges(values.get("age_bands", []))
    return await _change(
        change, campaign, "amend_campaign", "campaign.changed", **values
    )


async def open_campaign(
    change: Change, campaign_id: UUID, opening: CampaignOpen, version: int, today: date
) -> Stored:
    """Let a campaign take screenings; somebody must carry it out."""
    campaign = await lock_campaign_for(change, campaign_id, CampaignVerb.OPEN)
    require_version(campaign.version, version)
    if opening.opened_on > today:
        refuse(("opened_on", "in_future"))
    # A screening in a campaign names its implementer: without one none could be
    # recorded.
    if not await queries.implementer_exists(change, campaign_id):
        allowed = allowed_verbs(CampaignState(campaign.state))
        missing = ["implementer"]
        raise StateConflict(state=campaign.state, allowed=allowed, missing=missing)
    values = {"state": CampaignState.OPEN, "opened_on": opening.opened_on}
    return await _change(change, campaign, "open_campaign", "campaign.opened", **values)


async def close_campaign(
    change: Change, campaign_id: UUID, closing: CampaignClose, version: int, today: date
) -> Stored:
    """End a campaign; its numbers stay."""
    campaign = await lock_campaign_for(change, campaign_id, CampaignVerb.CLOSE)
    require_version(campaign.version, version)
    if closing.closed_on > today:
        refuse(("closed_on", "in_future"))
    if campaign.opened_on is not None and closing.closed_on < campaign.opened_on:
        refuse(("closed_on", "wrong_order"))
    # Whatever the hour: no work follows that would ask for a release later.
    await enqueue_release(change, campaign_id)
    values = {"state": CampaignState.CLOSED, "closed_on": closing.closed_on}
    return await _change(
        change, campaign, "close_campaign", "campaign.closed", **values
    )


async def reopen_campaign(
    change: Change, campaign_id: UUID, reopening: CampaignReopen, version: int
) -> Stored:
    """Let a closed campaign take screenings again, with the reason.

    The day on which it was closed stays in the audit trail.
    """
    campaign = await lock_campaign_for(change, campaign_id, CampaignVerb.REOPEN)
    require_version(campaign.version, version)
    values = {
        "state": CampaignState.OPEN,
        "closed_on": None,
        "reopened_at": func.now(),
        "reopening_reason": reopening.reason,
    }
    return await _change(
        change, campaign, "reopen_campaign", "campaign.reopened", **values
    )


async def ask_for_release(change: Change, campaign_id: UUID) -> None:
    """Have the campaign's counts released in the background, once an hour at most.

    Whoever works on the campaign asks for it by that work. Nobody asks by reading, so
    that no reader chooses the moment at which numbers move.
    """
    # Two that ask at once may enqueue two jobs: the second waits for the first and is
    # compared with what that has released (`ONE_RELEASE_AT_A_TIME`).
    if not await queries.release_job_exists(change, campaign_id):
        await enqueue_release(change, campaign_id)


async def enqueue_release(change: Change, campaign_id: UUID) -> None:
    """Have the campaign's counts released in the background."""
    # The service itself requests it: a job shows its result, here numbers of counties and
    # tables, to whoever requested it.
    parameters = {"campaign_id": str(campaign_id)}
    await enqueue(change, Caller("screening"), RELEASE, parameters)


async def add_implementer(
    change: Change, campaign_id: UUID, new: ImplementerCreate
) -> str:
    """Add somebody who carries a campaign out; the implementer as JSON."""
    campaign = await lock_campaign_for(
        change, campaign_id, CampaignVerb.ADD_IMPLEMENTERS
    )
    statement = insert(CampaignImplementer).values(
        **new.model_dump(), campaign_id=campaign_id, added_by=change.caller.subject
    )
    body: str = await change.scalar(statement.returning(queries.IMPLEMENTER_BODY))
    change.record(
        "add_implementer",
        subject_of(campaign),
        "campaign.implementer-added",
        implementer=new.code,
    )
    return body
