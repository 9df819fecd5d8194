"""Releasing the counts of a campaign, in a job that its staff's work asks for and no reading does."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from services.chassis import audit
from services.chassis.jobs import Job, JobRun, Outcome
from services.chassis.work import Change
from services.screening.campaign_releases import queries
from services.screening.campaign_releases.models import CampaignRelease
from services.screening.campaign_releases.rules import (
    Terms,
    by_county,
    released_last,
    released_next,
)
from services.screening.campaigns.queries import get_campaign_facts, get_roll_up
from services.screening.campaigns.rules.life import RELEASE

_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('release ' || :campaign, 0))"
)


async def _release_counts(change: Change, run: JobRun) -> Outcome:
    """The job of a release: the counties that may move; when the campaign has ended, all of them."""
    campaign_id = UUID(run.parameters["campaign_id"])
    await change.execute(_ONE_AT_A_TIME, {"campaign": str(campaign_id)})
    campaign, live = (
        await get_campaign_facts(change, campaign_id),
        by_county(await get_roll_up(change, campaign_id)),
    )
    earlier = await queries.list_releases(change, campaign_id)
    if run.parameters["is_final"]:
        released = released_last(earlier, live)
    else:
        terms = Terms(campaign.age_bands, campaign.small_cell)
        released = await asyncio.to_thread(released_next, earlier, live, terms)
    if released:
        key = {"campaign_id": campaign_id, "number": len(earlier) + 1}
        rows = [
            {**key, "county_terc": county, "cells": _listed(cells)}
            for county, cells in released.items()
        ]
        await change.execute(insert(CampaignRelease), rows)
        subject, told = (
            f"campaigns/{campaign_id}",
            {"counties": len(released), "number": key["number"]},
        )
        audit.record(
            change,
            run.caller,
            "release_counts",
            subject,
            county=campaign.county_terc,
            detail=told,
        )
    return Outcome({"counties": len(released)})


def _listed(cells: Any) -> list[Any]:
    return [[*cell, subjects] for cell, subjects in cells.items()]


RELEASING = Job(RELEASE, _release_counts)
