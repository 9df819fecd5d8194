"""Every change of a campaign and its implementers, and the request for a release of its counts."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
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
    """The campaign as the subject of an audit record or an event, in its own version or
    in a later `version`.
    """
    path = f"campaigns/{campaign.id}"
    return Subject(path, version or campaign.version, campaign.county_terc)


def _plan_of(protocol: ProtocolVersion) -> dict[str, Any]:
    """The part of a protocol that a campaign stores: each stage by its number, and the
    selection rule.
    """
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
    """The campaign to change, locked: in the caller's reach, and in a state that allows
    the verb.
    """
    campaign = await queries.lock_campaign(change, campaign_id)
    demand(change.caller, Permission.EDIT_CAMPAIGNS, county=campaign.county_terc)
    allowed = allowed_verbs(CampaignState(campaign.state))
    if verb not in allowed:
        raise StateConflict(state=campaign.state, allowed=allowed)
    return campaign


async def _change(
    change: Change,
    campaign: Campaign,
    action: str,
    event: str,
    *,
    detail: Mapping[str, Any] = MappingProxyType({}),
    **values: Any,
) -> Stored:
    statement = (
        update(Campaign)
        .where(col(Campaign.id) == campaign.id)
        .values(**values, version=Campaign.version + 1, changed_at=func.now())
    )
    stored_campaign = await change.stored(statement.returning(*queries.STORED))
    state = values.get("state", campaign.state)
    subject = subject_of(campaign, stored_campaign.version)
    change.record(action, subject, event, state=state, **detail)
    return stored_campaign


async def amend_campaign(
    change: Change, campaign_id: UUID, patch: CampaignUpdate, version: int
) -> Stored:
    """Change a planned campaign. Once it is open, its age bands and its threshold are fixed."""
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
    """Open a campaign for screenings; it needs at least one implementer."""
    campaign = await lock_campaign_for(change, campaign_id, CampaignVerb.OPEN)
    require_version(campaign.version, version)
    if opening.opened_on > today:
        refuse(("opened_on", "in_future"))
    # A screening in a campaign names its implementer: without an implementer none could
    # be recorded.
    if not await queries.implementer_exists(change, campaign_id):
        allowed = allowed_verbs(CampaignState(campaign.state))
        missing = ["implementer"]
        raise StateConflict(state=campaign.state, allowed=allowed, missing=missing)
    values: dict[str, Any] = {
        "state": CampaignState.OPEN,
        "opened_on": opening.opened_on,
    }
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
    # Even within the hour after another release: no later change will start one.
    await enqueue_release(change, campaign_id)
    values: dict[str, Any] = {
        "state": CampaignState.CLOSED,
        "closed_on": closing.closed_on,
    }
    return await _change(
        change, campaign, "close_campaign", "campaign.closed", **values
    )


async def reopen_campaign(
    change: Change, campaign_id: UUID, reopening: CampaignReopen, version: int
) -> Stored:
    """Open a closed campaign for screenings again, with the reason.

    `closed_on` is set to null; the audit trail and the event keep the day.
    """
    campaign = await lock_campaign_for(change, campaign_id, CampaignVerb.REOPEN)
    require_version(campaign.version, version)
    values = {
        "state": CampaignState.OPEN,
        "closed_on": None,
        "reopened_at": func.now(),
        "reopening_reason": reopening.reason,
    }
    detail = {"closed_on": str(campaign.closed_on)}
    return await _change(
        change,
        campaign,
        "reopen_campaign",
        "campaign.reopened",
        detail=detail,
        **values,
    )


async def ask_for_release(change: Change, campaign_id: UUID) -> None:
    """Enqueue a release of the campaign's counts, once an hour at most.

    A change of the campaign starts the release. A read never does, so that no reader
    can choose the moment at which the numbers change.
    """
    # Two requests at once may enqueue two jobs: the second waits for the first and is
    # compared with the tables that the first has released (`ONE_RELEASE_AT_A_TIME`).
    if not await queries.release_job_exists(change, campaign_id):
        await enqueue_release(change, campaign_id)


async def enqueue_release(change: Change, campaign_id: UUID) -> None:
    """Enqueue a release of the campaign's counts."""
    # Requested by the service itself: a job shows its result, here numbers of counties
    # and tables, to the account that requested it.
    parameters = {"campaign_id": str(campaign_id)}
    await enqueue(change, Caller("screening"), RELEASE, parameters)


async def add_implementer(
    change: Change, campaign_id: UUID, new: ImplementerCreate
) -> str:
    """Add an implementer to a campaign; returns the implementer as JSON."""
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
