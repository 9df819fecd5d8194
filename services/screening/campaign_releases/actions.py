"""Releasing the counts of a campaign: a job that changes of the campaign start, never a read."""

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from services.chassis.background.jobs import Job, JobRun, Outcome
from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.trust.callers import Caller
from services.screening.campaign_counts.queries import get_roll_up
from services.screening.campaign_counts.rules import RollUp
from services.screening.campaign_releases import queries
from services.screening.campaign_releases.models import ReleasedTable
from services.screening.campaign_releases.rules.county_tables import Frame, tabulate
from services.screening.campaign_releases.rules.plans import (
    CampaignPlan,
    frame_of,
    has_one_implementer,
)
from services.screening.campaign_releases.rules.published import LastRelease, counts_of
from services.screening.campaign_releases.rules.releases import Terms, next_release
from services.screening.campaign_releases.schemas import ReleaseResult
from services.screening.campaign_releases.statements import (
    DUE_RELEASES,
    ONE_RELEASE_AT_A_TIME,
)
from services.screening.campaigns.actions import enqueue_release
from services.screening.campaigns.rules.disclosure import Counts, threshold_of
from services.screening.campaigns.rules.life import RELEASE

_SERVICE = Caller("screening", counties=frozenset({"*"}))


async def _release_counts(change: Change, run: JobRun) -> Outcome:
    """The job of a release: publish the tables of each county that may be published now."""
    campaign_id = UUID(run.parameters["campaign_id"])
    # Two releases at once would both be compared with the same earlier one, and could
    # differ from each other by few children. So the earlier tables are read
    # after the lock.
    await change.run(ONE_RELEASE_AT_A_TIME, str(campaign_id))
    campaign = await queries.get_plan(change, campaign_id)
    last_releases = await queries.list_releases(change, campaign_id)
    roll_up = await get_roll_up(change, campaign_id, campaign.implementers)
    # In a thread: a large campaign takes longer than other requests should wait.
    rows = await asyncio.to_thread(_rows_to_release, campaign, last_releases, roll_up)
    counties, tables = len({row["county_terc"] for row in rows}), len(rows)
    if rows:
        await _store(change, rows)
        subject = Subject(f"campaigns/{campaign_id}", county=campaign.county_terc)
        # An audit record and no event: clients notice a release when they read the
        # numbers (docs/decisions/0012-who-sees-an-event.md).
        change.record("release_counts", subject, counties=counties, tables=tables)
    return Outcome(ReleaseResult(counties=counties, tables=tables))


async def _store(change: Change, rows: list[dict[str, Any]]) -> None:
    """Store the tables in place of those that were released before."""
    statement = insert(ReleasedTable)
    upsert = statement.on_conflict_do_update(
        index_elements=["campaign_id", "county_terc", "name"],
        set_={"counts": statement.excluded.counts, "released_at": func.now()},
    )
    await change.execute(upsert, rows)


def _rows_to_release(
    campaign: CampaignPlan, last_releases: Collection[LastRelease], roll_up: RollUp
) -> list[dict[str, Any]]:
    """The rows of the tables that are released now."""
    frame = frame_of(
        campaign, roll_up.counties, [release.county for release in last_releases]
    )
    released: dict[str, dict[str, Counts]] = {county: {} for county in frame.counties}
    for release in last_releases:
        released[release.county][release.name] = counts_of(release, frame)
    tables = tabulate(roll_up, frame)
    rows = []
    for place, county in enumerate(frame.counties):
        current = {name: counts[place] for name, counts in tables.items()}
        terms = Terms(
            threshold_of(campaign.small_cell),
            has_one_implementer=has_one_implementer(campaign, county),
        )
        for name, counts in next_release(released[county], current, terms).items():
            stored_counts = _stored_counts(name, counts, frame)
            key = {"campaign_id": campaign.id, "county_terc": county, "name": name}
            rows.append({**key, "counts": stored_counts})
    return rows


# Implementers by code and not by place: one that is added later would shift the places.
def _stored_counts(name: str, counts: Counts, frame: Frame) -> Any:
    """The counts as `ReleasedTable` stores them."""
    numbers = counts.tolist()
    if name.startswith("implementer"):
        return dict(zip(frame.implementers, numbers, strict=True))
    return numbers


async def ask_for_due_releases(database: Database) -> None:
    """Enqueue a release job for every campaign whose release is due."""
    # Two processes may enqueue the same release: the second job waits for the first.
    async with database.change(_SERVICE) as change:
        for (campaign_id,) in await change.fetch(DUE_RELEASES, RELEASE):
            await enqueue_release(change, campaign_id)


# Without a permission: the service starts this job itself (`ask_for_release`),
# never a caller.
RELEASING = Job(RELEASE, _release_counts, ReleaseResult)
