"""What a campaign has planned, as far as its numbers depend on it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.screening.campaign_releases.rules.county_tables import Frame


class CampaignPlan(NamedTuple):
    """A campaign with the last days of its stages, and what names counties in it.

    `implementers` are the counties by the implementer's code; none stand for every
    county.
    """

    id: UUID
    county_terc: str | None
    age_bands: Sequence[int]
    small_cell: int
    opened_on: date | None
    stage_one_due_on: date | None
    stage_two_due_on: date | None
    counties_with_targets: Sequence[str] | None
    implementers: Mapping[str, Sequence[str]]


def frame_of(campaign: CampaignPlan, *counties: Collection[str]) -> Frame:
    """The frame of a campaign's tables, with these counties beside those that it names.

    It names its own county, those of the targets in force, and those where its
    implementers screen. A county that is named is listed with children or without: else
    the list would say where there are any.
    """
    named = {campaign.county_terc} if campaign.county_terc else set[str]()
    listed = named.union(
        campaign.counties_with_targets or (),
        *campaign.implementers.values(),
        *counties,
    )
    return Frame(sorted(listed), sorted(campaign.implementers), campaign.age_bands)


def has_one_implementer(campaign: CampaignPlan, county: str) -> bool:
    """Whether only one implementer may screen in the county."""
    screening = [
        code
        for code, counties in campaign.implementers.items()
        if not counties or county in counties
    ]
    # Of those who may screen there and not of those who did: who did is what is being
    # decided about.
    return len(screening) == 1
