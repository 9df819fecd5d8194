"""Files of another platform: good rows are scored and counted, bad ones named by line, a second run changes nothing."""

import json
import uuid

import httpx

from services.screening import peers
from tests.screening.screening_imports.made import IMPORTS, row, table
from tests.screening.screenings.made import CALLING, TYPICAL, URL, add_campaign, counts_of, events_of
from tests.support.callers import call_as
from tests.support.files import send_file
from tests.support.institutions import institutions_by, registry_with
from tests.support.problems import assert_problem


async def test_a_file_is_scored_and_counted_and_a_second_run_changes_nothing(
    working_screening: httpx.AsyncClient,
) -> None:
    campaign = await add_campaign(working_screening)
    url = f"{IMPORTS}&campaign_id={campaign}"
    content = table(*[row(number, CALLING if number % 3 == 0 else TYPICAL) for number in range(1, 31)])
    first = await send_file(working_screening, url, content)
    assert (first.counts, first.problems) == ((30, 0, 0, 0), [])
    assert await counts_of(working_screening, campaign) == {"positive": 10, "negative": 20}
    found = (await working_screening.get(f"{URL}?external_id=3&source=platform")).json()["items"][0]
    facts = {
        "state": "scored",
        "outcome": "positive",
        "age_months": 23,
        "birth_month": "2024-03-01",
        "form_code": "YOUNGER",
    }
    assert {name: found[name] for name in facts} == facts
    told = [event for event in await events_of(working_screening) if event["type"].startswith("screening.screening.")]
    assert len(told) == 30
    assert "2024-03-15" not in json.dumps(told)
    again = await send_file(working_screening, url, content)
    assert again.counts == (0, 0, 30, 0)
    assert await counts_of(working_screening, campaign) == {"positive": 10, "negative": 20}


async def test_other_facts_under_a_known_id_are_refused(working_screening: httpx.AsyncClient) -> None:
    await send_file(working_screening, IMPORTS, table(row(1), row(2)))
    changed = await send_file(working_screening, IMPORTS, table(row(1, CALLING), row(2)))
    assert changed.counts == (0, 0, 1, 1)
    assert changed.problems == [(2, "/external_id", "already_taken")]


async def test_a_countys_ids_are_its_own(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    url = f"{IMPORTS}&campaign_id={campaign}"
    assert (await send_file(working_screening, url, table(row(1)))).counts == (1, 0, 0, 0)
    there = row(1, CALLING, county_terc="2401")
    elsewhere = call_as("early_screening_coordinator", counties=["2401"])
    assert (await send_file(working_screening, url, table(there), headers=elsewhere)).counts == (1, 0, 0, 0)
    both = call_as("early_screening_coordinator", counties=["2401", "2469"])
    again = await send_file(
        working_screening, url, table(row(1), there, row(2), row(2, county_terc="2401")), headers=both
    )
    assert (again.counts, again.problems) == ((2, 0, 2, 0), [])
    twice = await send_file(working_screening, url, table(row(3), row(3)))
    assert twice.problems == [(3, "/external_id", "repeated_in_file")]


async def test_institutions_that_are_registered_nowhere_are_named_by_line_and_asked_about_once(
    working_screening: httpx.AsyncClient,
) -> None:
    known, nowhere = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
    named = (known, nowhere, "", known, nowhere, "no id")
    lines = [row(number) | {"institution_id": one} for number, one in enumerate(named, 1)]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    asked: list[list[str]] = []
    async with peers.asking(institutions_by(registry_with(known, asked=asked))):
        done = await send_file(working_screening, IMPORTS, content, kind="application/x-ndjson")
    assert done.counts == (3, 0, 0, 3)
    code = "not_found"
    wrong = [(2, "/institution_id", code), (5, "/institution_id", code), (6, "/institution_id", "wrong_format")]
    assert (done.problems, asked) == (wrong, [[known, nowhere]])


async def test_a_second_file_adds_to_what_is_counted(working_screening: httpx.AsyncClient) -> None:
    campaign = await add_campaign(working_screening)
    url = f"{IMPORTS}&campaign_id={campaign}"
    await send_file(working_screening, url, table(row(1), row(2)))
    again = [row(1), row(3, subject_ref=str(uuid.UUID(int=2)), born_on="2024-03-16")]
    again[1] |= CALLING
    done = await send_file(working_screening, url, table(*again))
    assert done.counts == (1, 0, 1, 0)
    assert await counts_of(working_screening, campaign) == {"negative": 1, "positive": 1}


async def test_a_dry_run_writes_nothing(working_screening: httpx.AsyncClient) -> None:
    done = await send_file(working_screening, f"{IMPORTS}&dry_run=true", table(row(1)))
    assert done.counts == (1, 0, 0, 0)
    assert (await working_screening.get(URL)).json()["items"] == []


async def test_an_unknown_instrument_or_campaign_is_refused_before_the_file(screening: httpx.AsyncClient) -> None:
    headers = {"content-type": "text/csv", "idempotency-key": "a"}
    for url in (IMPORTS.replace("DEMO", "NONE"), f"{IMPORTS}&campaign_id={uuid.uuid4()}"):
        refused = await screening.post(url, content=table(row(1)), headers=headers)
        assert_problem(refused, 422, "unknown-reference")
