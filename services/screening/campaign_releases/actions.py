"""Telling the counts of a campaign, in a job that its staff's work asks for and no reading does."""

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert

from services.chassis import audit
from services.chassis.jobs import Job, JobRun, Outcome
from services.chassis.work import Change, Record
from services.screening.campaign_releases import queries
from services.screening.campaign_releases.models import ToldTable
from services.screening.campaign_releases.rules import Terms, told_next
from services.screening.campaigns.queries import get_plan, get_roll_up
from services.screening.campaigns.rules.counted import Counts, Frame, RollUp, counted
from services.screening.campaigns.rules.life import RELEASE
from services.screening.campaigns.rules.telling import threshold_of

_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('release ' || :campaign, 0))"
)


async def _release_counts(change: Change, run: JobRun) -> Outcome:
    """The job of a release: the tables of each county that may be told anew."""
    campaign_id = UUID(run.parameters["campaign_id"])
    await change.execute(_ONE_AT_A_TIME, {"campaign": str(campaign_id)})
    campaign = await get_plan(change, campaign_id)
    told, rolled = (
        await queries.list_told(change, campaign_id),
        await get_roll_up(change, campaign_id),
    )
    rows = await asyncio.to_thread(_moved, campaign, told, rolled)
    if rows:
        new = insert(ToldTable)
        anew = {"counts": new.excluded.counts, "released_at": func.now()}
        key = ["campaign_id", "county_terc", "name"]
        await change.execute(
            new.on_conflict_do_update(index_elements=key, set_=anew), rows
        )
    result = {
        "counties": len({row["county_terc"] for row in rows}),
        "tables": len(rows),
    }
    if rows:
        subject = f"campaigns/{campaign_id}"
        audit.record(
            change,
            run.caller,
            "release_counts",
            subject,
            county=campaign.county_terc,
            detail=result,
        )
    return Outcome(result)


def _moved(
    campaign: Record, told: Collection[queries.Kept], rolled: RollUp
) -> list[dict[str, Any]]:
    """The rows of the tables that are told now."""
    frame = queries.frame_of(campaign, told, rolled)
    before: dict[str, dict[str, Counts]] = {county: {} for county in frame.counties}
    for kept in told:
        before[kept.county][kept.name] = queries.counts_of(kept, frame)
    now, threshold = counted(rolled, frame), threshold_of(campaign.small_cell)
    found = []
    for place, county in enumerate(frame.counties):
        live = {table: counts[place] for table, counts in now.items()}
        terms = Terms(
            threshold,
            has_one_implementer=queries.implementers_in(campaign, county) == 1,
        )
        for name, counts in told_next(before[county], live, terms).items():
            key = {"campaign_id": campaign.id, "county_terc": county, "name": name}
            found.append({**key, "counts": _kept(name, counts, frame)})
    return found


def _kept(name: str, counts: Counts, frame: Frame) -> Any:
    """The numbers as they are kept: those of implementers by their codes, to which others may be added."""
    listed = counts.tolist()
    return (
        dict(zip(frame.implementers, listed, strict=True))
        if name.startswith("implementer")
        else listed
    )


RELEASING = Job(RELEASE, _release_counts)
