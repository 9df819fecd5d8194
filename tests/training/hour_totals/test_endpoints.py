"""Sums from elsewhere: a second run changes nothing, and nobody takes over another county's."""

import uuid
from typing import Any

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.annulled import annulled
from tests.training.hour_totals.asks import totals
from tests.training.sessions.made import a_programme, tag

TOTALS = "/v1/training/hour-totals"


async def sent(client: httpx.AsyncClient, body: dict[str, Any], caller: dict[str, str] | None = None) -> httpx.Response:
    """The answer to sums that are sent."""
    return await client.post(TOTALS, json=body, headers={"idempotency-key": str(uuid.uuid4()), **(caller or {})})


async def test_a_second_run_changes_nothing_and_other_facts_replace_what_was_said(training: httpx.AsyncClient) -> None:
    programme = (await a_programme(training))["programme"]
    body = totals(programme, {"external_id": "1"}, {"external_id": "2", "year": 2022})
    assert (await sent(training, body)).json() == {"created": 2, "changed": 0, "unchanged": 0, "annulled": 0}
    assert (await sent(training, body)).json() == {"created": 0, "changed": 0, "unchanged": 2, "annulled": 0}
    body["items"][0] |= {"minutes": 61, "is_lower_bound": True}
    assert (await sent(training, body)).json() == {"created": 0, "changed": 1, "unchanged": 1, "annulled": 0}
    listed = (await training.get(TOTALS, params={"year": 2023})).json()["items"]
    assert [(each["minutes"], each["is_lower_bound"], each["version"]) for each in listed] == [(61, True, 2)]
    read = await training.get(f"{TOTALS}/{listed[0]['id']}")
    assert (read.json()["source"], read.headers["etag"]) == ("raport", f'"{listed[0]["id"]}:2"')
    rows = await fetch(training, "SELECT type FROM events WHERE type LIKE 'training.hour%' ORDER BY position")
    assert [kind.rpartition(".")[2] for [kind] in rows] == ["created", "created", "changed"]


async def test_sums_may_outgrow_an_integer(training: httpx.AsyncClient) -> None:
    programme = (await a_programme(training))["programme"]
    await sent(training, totals(programme, *({"minutes": 100_000_000} for _ in range(22))))
    hours = (await training.get("/v1/training/hours", params={"programme_id": programme})).json()
    assert hours["total"]["minutes"] == 2_200_000_000


async def test_all_are_taken_or_none(training: httpx.AsyncClient) -> None:
    programme = (await a_programme(training))["programme"]
    wrong = totals(programme, {"external_id": "1"}, {"external_id": "1", "year": 2099})
    errors = assert_problem(await sent(training, wrong), 422, "validation-failed")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/items/1/external_id", "repeated"),
        ("/items/1/year", "in_future"),
    ]
    unknown = totals(programme, {}, {"programme_id": str(uuid.uuid4())})
    [error] = assert_problem(await sent(training, unknown), 422, "unknown-reference")["errors"]
    assert error["pointer"] == "/items/1/programme_id"
    assert_problem(await training.post(TOTALS, json=totals(programme, {})), 400, "missing-idempotency-key")
    assert (await training.get(TOTALS)).json()["items"] == []


async def test_a_sum_of_the_country_or_of_another_county_is_out_of_reach(training: httpx.AsyncClient) -> None:
    programme = (await a_programme(training))["programme"]
    everywhere = call_as("training_manager", counties=["*"])
    whole = totals(programme, {"external_id": "1", "county_terc": None})
    assert_problem(await sent(training, whole), 403, "outside-scope")
    assert (await sent(training, whole, everywhere)).status_code == 200
    # The row names the own county, and the sum that is known does not.
    assert_problem(await sent(training, totals(programme, {"external_id": "1"})), 403, "outside-scope")


async def test_an_annulled_sum_counts_no_more_and_no_later_file_brings_it_back(training: httpx.AsyncClient) -> None:
    programme = (await a_programme(training))["programme"]
    body = totals(programme, {"external_id": "1", "minutes": 600}, {"external_id": "2"})
    await sent(training, body)
    [wrong] = (await training.get(TOTALS, params={"sort": "-minutes", "limit": 1})).json()["items"]
    elsewhere = call_as("training_manager", counties=["2401"])
    url = f"{TOTALS}/{wrong['id']}/annul"
    refused = await training.post(url, json={"reason": "wrong_facts"}, headers=elsewhere | tag(wrong))
    assert_problem(refused, 403, "outside-scope")
    await annulled(training, "/hour-totals", wrong)
    hours = (await training.get("/v1/training/hours", params={"programme_id": programme})).json()
    assert hours["total"]["minutes"] == 60
    body["items"][0]["minutes"] = 601
    assert (await sent(training, body)).json() == {"created": 0, "changed": 0, "unchanged": 1, "annulled": 1}
