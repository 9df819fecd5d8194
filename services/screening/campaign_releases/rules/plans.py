"""The facts of a campaign that its numbers depend on. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.screening.campaign_releases.rules.county_tables import Frame


class CampaignPlan(NamedTuple):
    """A campaign with the last days of its stages and all that names counties in it.

    `implementers` holds counties by the implementer's code; an empty list
    means every county.
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
    """The frame of a campaign's tables: the counties that it names, and `counties`.

    A campaign names its own county, those of the targets in force, and those where its
    implementers screen. A named county is listed with or without children: otherwise
    the list would show where there are any.
    """
    own_county = {campaign.county_terc} if campaign.county_terc else set[str]()
    county_codes = own_county.union(
        campaign.counties_with_targets or (),
        *campaign.implementers.values(),
        *counties,
    )
    return Frame(
        sorted(county_codes), sorted(campaign.implementers), campaign.age_bands
    )


def has_one_implementer(campaign: CampaignPlan, county: str) -> bool:
    """Whether only one implementer may screen in the county."""
    implementers = [
        code
        for code, counties in campaign.implementers.items()
        if not counties or county in counties
    ]
    # Implementers who may screen there, not those who did: this decides whether the
    # numbers of the latter are published.
    return len(implementers) == 1
