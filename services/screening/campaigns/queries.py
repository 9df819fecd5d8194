"""Every SELECT on campaigns and their implementers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    bindparam,
    cast,
    func,
    select,
)

from services.chassis.data.tables import JOBS, rows_of
from services.chassis.data.wire import json_object, stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import StateConflict
from services.chassis.web.expanding import Expansion
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.screening.campaigns.models import Campaign, CampaignImplementer
from services.screening.campaigns.rules.disclosure import FEW
from services.screening.campaigns.rules.life import (
    RELEASE,
    CampaignState,
    allowed_verbs,
)
from services.screening.campaigns.schemas import (
    CampaignList,
    CampaignRead,
    ImplementerRead,
)
from services.screening.permissions import Permission
from services.screening.problems import CampaignNotFound
from services.screening.protocols.queries import VERSIONS

CAMPAIGNS: FromClause = rows_of(Campaign)
IMPLEMENTERS: FromClause = rows_of(CampaignImplementer)


def _days(stage: str) -> ColumnElement[int]:
    return cast(CAMPAIGNS.c.plan[stage]["days"].astext, Integer)


# Null until the campaign opens, and for stage two also when the plan has no stage two:
# in PostgreSQL a sum with a null is null.
STAGE_ONE_DUE_ON = cast(CAMPAIGNS.c.opened_on + _days("1"), Date)
STAGE_TWO_DUE_ON = cast(CAMPAIGNS.c.opened_on + _days("1") + _days("2"), Date)
_COMPUTED: Mapping[str, ColumnElement[Any]] = {
    "label": func.json_build_object(
        "pl", CAMPAIGNS.c.name_pl, "en", CAMPAIGNS.c.name_en
    ),
    "stage_one_due_on": STAGE_ONE_DUE_ON,
    "stage_two_due_on": STAGE_TWO_DUE_ON,
    # Campaigns older than this floor may have stored a lower threshold.
    "small_cell": func.greatest(CAMPAIGNS.c.small_cell, FEW),
}
_LISTING = Listing(
    {
        name: _COMPUTED[name] if name in _COMPUTED else CAMPAIGNS.c[name]
        for name in CampaignRead.model_fields
    },
    {name: CAMPAIGNS.c[name] for name in ("changed_at", "state")}
    | {"name_pl": in_polish_order(CAMPAIGNS.c.name_pl)},
    "-changed_at",
    CAMPAIGNS.c.id,
)
_LIST = Filtered(
    _LISTING,
    CAMPAIGNS,
    {name: Filter(CAMPAIGNS.c[name]) for name in ("state", "protocol_code")},
)
STORED = stored_columns(_LISTING.wire, CAMPAIGNS.c.id, CAMPAIGNS.c.version)
_IMPLEMENTER_LISTING = Listing(
    {name: IMPLEMENTERS.c[name] for name in ImplementerRead.model_fields},
    {"code": IMPLEMENTERS.c.code},
    "code",
    IMPLEMENTERS.c.code,
)
IMPLEMENTER_BODY = json_object(_IMPLEMENTER_LISTING.wire)


REFERRED = Expansion(
    "campaign_id",
    Permission.READ_CAMPAIGNS,
    _LISTING,
    # A caller who may read campaigns may read all of them.
    lambda _: select(CAMPAIGNS),
)
"""How a reference to a campaign is expanded."""


def list_campaigns(query: CampaignList) -> Listed:
    """The campaigns that a list or a file shows."""
    campaigns = narrowed(_LIST, {name: getattr(query, name) for name in _LIST.filters})
    if not query.county_terc:
        return campaigns
    of_counties = CAMPAIGNS.c.county_terc.in_(query.county_terc)
    of_several = CAMPAIGNS.c.county_terc.is_(None)
    return campaigns.where(of_counties | of_several)


_ONE_CAMPAIGN: Rows = select(*STORED).where(CAMPAIGNS.c.id == bindparam("key"))


async def get_campaign(reading: Reading, campaign_id: UUID) -> Stored:
    """One campaign."""
    return await reading.stored(_ONE_CAMPAIGN, CampaignNotFound, {"key": campaign_id})


async def require_campaign(reading: Reading, campaign_id: UUID) -> None:
    """CampaignNotFound when there is no such campaign."""
    statement = select(CAMPAIGNS.c.id).where(CAMPAIGNS.c.id == campaign_id)
    await reading.one(statement, CampaignNotFound)


async def lock_campaign(change: Change, campaign_id: UUID) -> Campaign:
    """A campaign, locked until the transaction ends."""
    statement = select(CAMPAIGNS).where(CAMPAIGNS.c.id == campaign_id)
    return await change.instance(
        Campaign, statement.with_for_update(), CampaignNotFound
    )


async def lock_open_campaign(change: Change, campaign_id: UUID) -> Campaign:
    """A campaign that takes screenings. Nobody can close it until the transaction ends."""
    statement = select(CAMPAIGNS).where(CAMPAIGNS.c.id == campaign_id)
    # A shared lock: many transactions count in the campaign at once, and only a change
    # of the campaign itself waits.
    campaign = await change.instance(
        Campaign, statement.with_for_update(read=True), CampaignNotFound
    )
    require_open(campaign.state)
    return campaign


def require_open(state: str) -> None:
    """StateConflict for a campaign that takes no screenings."""
    if state != CampaignState.OPEN:
        raise StateConflict(state=state, allowed=allowed_verbs(CampaignState(state)))


async def one_person_is_enough(reading: Reading, campaign_id: UUID) -> bool:
    """Whether the campaign's protocol lets one person submit and confirm a positive result."""
    of_campaign = (CAMPAIGNS.c.protocol_code == VERSIONS.c.protocol_code) & (
        CAMPAIGNS.c.protocol_version == VERSIONS.c.number
    )
    statement = select(VERSIONS.c.one_person_may_confirm).join(CAMPAIGNS, of_campaign)
    of_this = statement.where(CAMPAIGNS.c.id == campaign_id)
    return bool(await reading.scalar(of_this))


async def list_implementers(
    reading: Reading, terms: ListTerms, campaign_id: UUID, query: ListQuery
) -> ItemPage:
    """A page of a campaign's implementers."""
    await require_campaign(reading, campaign_id)
    implementers = select(IMPLEMENTERS).where(IMPLEMENTERS.c.campaign_id == campaign_id)
    return await page_of(
        reading, terms, query, Listed(_IMPLEMENTER_LISTING, implementers)
    )


async def implementer_exists(reading: Reading, campaign_id: UUID) -> bool:
    """Whether the campaign has an implementer."""
    of_campaign = IMPLEMENTERS.c.campaign_id == campaign_id
    implementer = select(IMPLEMENTERS.c.code).where(of_campaign).limit(1)
    return await reading.find(implementer) is not None


async def release_job_exists(reading: Reading, campaign_id: UUID) -> bool:
    """Whether a job of the last hour releases counts of the campaign."""
    of_campaign = JOBS.c.parameters["campaign_id"].astext == str(campaign_id)
    # The index of jobs begins with `requested_by`.
    recent = (JOBS.c.requested_by == "screening") & (
        JOBS.c.created_at > func.now() - timedelta(hours=1)
    )
    job = select(JOBS.c.id).where(recent, JOBS.c.kind == RELEASE, of_campaign)
    return await reading.find(job.limit(1)) is not None
