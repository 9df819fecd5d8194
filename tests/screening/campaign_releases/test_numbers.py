"""The figures of source 000, computed from results that were counted one by one."""

import uuid
from collections.abc import Iterator

import httpx

from tests.screening.campaigns.results import (
    add_protocol,
    count,
    open_campaign,
    post,
    publish_instrument,
    read,
    result,
)
from tests.support.asks import Made

PROJECT = [f"{number:04}" for number in range(201, 237)]
NURSERIES = [f"{number:04}" for number in range(401, 470)]


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


async def test_21944_children_are_15971_in_36_counties_and_5973_in_69_n1_n2_f1_source_000(
    screening: httpx.AsyncClient,
) -> None:
    instrument = await publish_instrument(screening)
    campaign = await open_campaign(
        screening, await add_protocol(screening, instrument), "project", "nursery_association"
    )
    await count(screening, children(campaign, instrument, "project", 15_971, PROJECT))
    await count(screening, children(campaign, instrument, "nursery_association", 5_973, NURSERIES))
    found = await read(screening, campaign, "statistics")
    assert (found["subjects"], found["distinct_counties"]) == (21_944, 105)
    by = {row["implementer"]: row for row in found["rows"] if row["table"] == "implementer"}
    told = {code: (row["subjects"], row["distinct_counties"]) for code, row in by.items()}
    assert told == {"project": (15_971, 36), "nursery_association": (5_973, 69)}
    assert sum(row["subjects"] for row in found["rows"] if row["table"] == "county") == 21_944


async def test_a_county_where_two_implementers_screen_is_one_county_n2(screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(screening)
    campaign = await open_campaign(screening, await add_protocol(screening, instrument), "project", "others")
    for implementer in ("project", "others"):
        await count(screening, children(campaign, instrument, implementer, 40, ["0201", "0202"]))
    # the same references: a child whom both screened is one child, of who screened it first
    found = await read(screening, campaign, "statistics")
    assert (found["subjects"], found["distinct_counties"]) == (40, 2)


async def test_2662_of_8318_pupils_are_selected_which_is_32_percent_n3_f2_source_000(
    screening: httpx.AsyncClient,
) -> None:
    instrument = await publish_instrument(screening)
    campaign = await open_campaign(screening, await add_protocol(screening, instrument))
    pupils = children(campaign, instrument, "project", 8_318, PROJECT)
    for place, pupil in enumerate(pupils):
        pupil["outcome"] = "positive" if place % 8_318 < 2_662 else "negative"
    await count(screening, pupils)
    made = await post(screening, f"/campaigns/{campaign}/selections", {})
    assert (made["selected"], made["already_selected"]) == (2_662, 0)
    found = await read(screening, campaign, "funnel")
    assert [found["in_all"][step] for step in ("started", "complete", "selected")] == [8_318, 8_318, 2_662]
    share = found["shares"]["selected_of_complete"]
    assert [round(100 * share[name], 2) for name in ("share", "low", "high")] == [32.00, 31.01, 33.01]
    again = await post(screening, f"/campaigns/{campaign}/selections", {})
    assert (again["selected"], again["already_selected"]) == (0, 2_662)
