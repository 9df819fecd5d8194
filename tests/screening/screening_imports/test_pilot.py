"""The real pilot's numbers, entered as they were: from files, and selected for the whole country at once.

N1 to N3 of source 000: 21,944 small children, 15,971 in 36 counties of the project and 5,973 in 69 of the
nurseries' association; 8,318 pupils, of whom 2,662 went on to stage two.
"""

import uuid
from collections.abc import Iterator
from itertools import chain

import httpx

from tests.screening.campaigns.results import add_protocol, open_campaign
from tests.screening.screening_imports.made import IMPORTS, row, table
from tests.screening.screenings.made import CALLING, TYPICAL
from tests.support.callers import call_as
from tests.support.files import send_file

URL = "/v1/screening/campaigns"
PROJECT = [f"{number:04}" for number in range(201, 237)]
NURSERIES = [f"{number:04}" for number in range(401, 470)]
NATIONAL = call_as("early_screening_coordinator", counties=["*"])
MANAGER = call_as("programme_manager", counties=["*"])


def children(total: int, counties: list[str], positive: int, **facts: str) -> Iterator[dict[str, str]]:
    """So many children over these counties by turns, the first so many of them positive; girls and boys by turns."""
    for number in range(total):
        county = counties[number % len(counties)]
        named = {"county_terc": county, "external_id": f"{county}-{number}", "sex": "KM"[number // len(counties) % 2]}
        reference = str(uuid.UUID(int=int(county) << 32 | number))
        yield row(number, CALLING if number < positive else TYPICAL, subject_ref=reference, **(named | facts))


async def load(client: httpx.AsyncClient, campaign: str, rows: Iterator[dict[str, str]], stage: int = 1) -> int:
    """How many of a file's rows were taken; none is refused."""
    url = f"{IMPORTS}-{stage}&campaign_id={campaign}&stage={stage}"
    loaded = await send_file(client, url, table(*rows), headers=NATIONAL)
    assert loaded.problems == []
    return int(loaded.counts[0])


async def opened(client: httpx.AsyncClient, *implementers: str) -> str:
    return await open_campaign(client, await add_protocol(client, "DEMO"), *implementers)


async def test_21944_children_of_the_pilot_come_from_a_file_and_are_told_by_implementer_county_and_sex(
    working_screening: httpx.AsyncClient,
) -> None:
    campaign = await opened(working_screening, "project", "nursery_association")
    project = children(15_971, PROJECT, 1_600, implementer="project")
    nurseries = children(5_973, NURSERIES, 600, implementer="nursery_association")
    assert await load(working_screening, campaign, chain(project, nurseries)) == 21_944
    tables = "&".join(f"table={name}" for name in ("implementer", "county", "age_band_sex_stage_one"))
    told = (await working_screening.get(f"{URL}/{campaign}/statistics?{tables}", headers=NATIONAL)).json()
    assert (told["subjects"], told["distinct_counties"]) == (21_944, 105)
    by = {row["implementer"]: (row["subjects"], row["distinct_counties"]) for row in told["rows"] if row["implementer"]}
    assert by == {"project": (15_971, 36), "nursery_association": (5_973, 69)}
    crossed = [row for row in told["rows"] if row["table"] == "age_band_sex_stage_one" and row["subjects"]]
    assert sum(row["subjects"] for row in crossed) == 21_944
    assert sum(row["subjects"] for row in crossed if row["status"] == "positive") == 2_200
    assert {(row["age_from"], row["age_below"]) for row in crossed} == {(6, 36)}, "all are 23 months old"


async def test_2662_of_8318_pupils_are_selected_by_the_manager_and_complete_stage_two(
    working_screening: httpx.AsyncClient,
) -> None:
    campaign = await opened(working_screening)
    assert await load(working_screening, campaign, children(8_318, PROJECT, 2_662)) == 8_318
    made = await working_screening.post(f"{URL}/{campaign}/selections", json={}, headers=MANAGER)
    assert made.status_code == 200, made.text
    assert made.json()["selected"] is None
    again = await working_screening.post(f"{URL}/{campaign}/selections", json={}, headers=NATIONAL)
    assert (again.json()["selected"], again.json()["already_selected"]) == (0, 2_662)
    # The positive ones come first (`children`), so that these are the selected ones.
    assert await load(working_screening, campaign, children(2_662, PROJECT, 2_662), stage=2) == 2_662
    funnel = (await working_screening.get(f"{URL}/{campaign}/funnel", headers=NATIONAL)).json()
    steps = ("started", "complete", "positive", "selected", "stage_two_complete")
    assert [funnel["in_all"][step] for step in steps] == [8_318, 8_318, 2_662, 2_662, 2_662]
    # 2662 / 8318 with its Wilson interval, by R: binom::binom.confint(2662, 8318, methods = "wilson").
    share = funnel["shares"]["selected_of_complete"]
    assert [round(100 * share[name], 2) for name in ("share", "low", "high")] == [32.00, 31.01, 33.01]
    schools = (await working_screening.get(f"{URL}/{campaign}/institutions", headers=NATIONAL)).json()
    assert (len(schools["items"]), schools["in_all"]["selected"]) == (36, 2_662)
