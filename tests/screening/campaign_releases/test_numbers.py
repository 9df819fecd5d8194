"""Distinct counties are counted, and not added up (source 000)."""

import uuid
from collections.abc import Iterator

import httpx

from tests.screening.campaigns.results import (
    add_protocol,
    count,
    open_campaign,
    publish_instrument,
    read,
    result,
)
from tests.support.asks import Made


def spread(total: int, counties: list[str]) -> Iterator[tuple[str, int]]:
    """So many children over these counties, as evenly as can be."""
    for place, county in enumerate(counties):
        yield county, total // len(counties) + (place < total % len(counties))


def children(campaign: str, instrument: str, implementer: str, total: int, counties: list[str]) -> list[Made]:
    return [
        result(
            campaign,
            instrument,
            county_terc=county,
            implementer=implementer,
            sex=("female", "male")[number % 2],
            age_months=6 + number % 66,
            outcome="positive" if number % 4 == 0 else "negative",
            subject_ref=str(uuid.UUID(int=int(county) << 32 | number)),
        )
        for county, there in spread(total, counties)
        for number in range(there)
    ]


async def test_a_county_where_two_implementers_screen_is_one_county_n2(screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(screening)
    campaign = await open_campaign(screening, await add_protocol(screening, instrument), "project", "others")
    for implementer in ("project", "others"):
        await count(screening, children(campaign, instrument, implementer, 40, ["0201", "0202"]))
    # the same references: a child whom both screened is one child, of who screened it first
    found = await read(screening, campaign, "statistics")
    assert (found["subjects"], found["distinct_counties"]) == (40, 2)
