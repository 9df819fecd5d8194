"""Published numbers of a campaign: what is small is suppressed, but for who may read the screenings."""

import csv
import io

import httpx
import pytest

from tests.screening.campaign_releases.released import by, mixed, release
from tests.screening.campaign_releases.released import told as released
from tests.screening.campaigns.results import ALL, URL, add_protocol, open_campaign, publish_instrument, read
from tests.support.callers import call_as
from tests.support.problems import assert_problem


@pytest.fixture
async def instrument(screening: httpx.AsyncClient) -> str:
    return await publish_instrument(screening)


@pytest.fixture
async def protocol(screening: httpx.AsyncClient, instrument: str) -> str:
    return await add_protocol(screening, instrument)


async def test_a_table_of_a_county_with_small_cells_is_suppressed_and_in_no_sum_f19(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign, made = await mixed(screening, instrument, protocol)
    await release(screening, campaign)
    outsider = call_as("researcher")
    found = await released(screening, campaign, outsider, table=["county", "county_stage_one", "stage_one"])
    assert (len(made), found["subjects"], found["counties"]) == (115, 112, 3)
    assert by(found, "county", "county_terc") == {"0219": 29, "2401": 33, "2469": 50}
    positive = {row["county_terc"]: row for row in found["rows"] if row["status"] == "positive" and row["county_terc"]}
    assert [positive[county]["is_suppressed"] for county in ("0219", "2401", "2469")] == [False, True, False]
    sums = {row["status"]: (row["subjects"], row["counties"]) for row in found["rows"] if row["county_terc"] is None}
    assert (sums["positive"], sums["negative"]) == ((29, 2), (50, 2))
    assert not [row for row in found["rows"] if row["subjects"] is not None and 0 < row["subjects"] < 5]
    funnel = await released(screening, campaign, outsider, "funnel")
    steps = {row["county_terc"]: row for row in funnel["by_county"]}
    assert (steps["2401"]["positive"], steps["2401"]["is_suppressed"]) == (None, True)
    assert (funnel["in_all"]["positive"], funnel["in_all"]["complete"]) == (29, 79)
    assert (funnel["in_all"]["stage_one_counties"], funnel["in_all"]["stage_two_counties"]) == (2, 0)


async def test_whoever_reads_all_screenings_sees_small_numbers_too(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign, made = await mixed(screening, instrument, protocol)
    found = await read(screening, campaign, "statistics", table=["county_stage_one", "sex_stage_two"])
    assert found["subjects"] == len(made) == 115
    assert by(found, "county_stage_one", "county_terc", "status")["2401", "positive"] == 3
    assert sum(row["subjects"] for row in found["rows"] if row["table"] == "sex_stage_two") == 115


async def test_statistics_come_as_files_too(racing_screening: httpx.AsyncClient) -> None:
    instrument = await publish_instrument(racing_screening)
    campaign, _ = await mixed(racing_screening, instrument, await add_protocol(racing_screening, instrument))
    url = f"{URL}/campaigns/{campaign}/statistics"
    answer = await racing_screening.get(url, params={"table": "county_sex", "format": "csv"}, headers=ALL)
    rows = [*csv.DictReader(io.StringIO(answer.text))]
    told = (await read(racing_screening, campaign, "statistics", table="county_sex"))["rows"]
    assert [row["subjects"] for row in rows] == [
        "" if row["subjects"] is None else str(row["subjects"]) for row in told
    ]
    assert (await racing_screening.get(url, params={"format": "xlsx"})).content[:2] == b"PK"
    assert_problem(await racing_screening.get(url, headers={"accept": "application/geo+json"}), 406, "not-acceptable")


async def test_an_empty_campaign_has_no_numbers_and_no_shares(screening: httpx.AsyncClient, protocol: str) -> None:
    campaign = await open_campaign(screening, protocol)
    found = await read(screening, campaign, "statistics")
    assert (found["subjects"], found["distinct_counties"]) == (0, 0)
    assert {*found["shares"].values()} == {None}
    assert (await read(screening, campaign, "funnel"))["by_county"] == []
