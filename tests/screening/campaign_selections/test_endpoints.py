"""Who goes on to stage two, through the API."""

import uuid

import httpx
import pytest

from services.chassis.ground.problems import Problem
from tests.screening.campaign_releases.released import mixed
from tests.screening.campaigns.results import (
    ALL,
    URL,
    add_protocol,
    count,
    open_campaign,
    post,
    publish_instrument,
    read,
    result,
    send,
)
from tests.screening.protocols.asks import two_stages
from tests.support.asks import Made
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

COORDINATOR = call_as("pupil_screening_coordinator")


@pytest.fixture
async def instrument(screening: httpx.AsyncClient) -> str:
    return await publish_instrument(screening)


@pytest.fixture
async def protocol(screening: httpx.AsyncClient, instrument: str) -> str:
    return await add_protocol(screening, instrument)


async def selections(client: httpx.AsyncClient, campaign: str, headers: dict[str, str] = COORDINATOR) -> list[Made]:
    listed = await client.get(f"{URL}/campaigns/{campaign}/selections", headers=headers)
    found: list[Made] = listed.json()["items"]
    return found


async def test_who_has_not_completed_stage_one_is_refused_by_their_place(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign = await open_campaign(screening, protocol)
    here, there = result(campaign, instrument), result(campaign, instrument, county_terc="2401")
    await count(screening, [here, there])
    asked = {"subjects": [here["subject_ref"], there["subject_ref"], str(uuid.uuid4())], "reason": "prośba"}
    answer = await screening.post(f"{URL}/campaigns/{campaign}/selections", json=asked, headers=COORDINATOR)
    errors = assert_problem(answer, 422, "validation-failed")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/subjects/1", "not_in_stage_one"),
        ("/subjects/2", "not_in_stage_one"),
    ]
    assert await selections(screening, campaign, ALL) == []
    bare = await screening.post(
        f"{URL}/campaigns/{campaign}/selections", json={"subjects": asked["subjects"][:1]}, headers=COORDINATOR
    )
    assert assert_problem(bare, 422, "validation-failed")["errors"][0]["pointer"] == "/reason"


async def test_a_rule_selects_in_the_callers_counties_and_says_so(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign, _ = await mixed(screening, instrument, protocol)
    made = await screening.post(f"{URL}/campaigns/{campaign}/selections", json={}, headers=COORDINATOR)
    assert made.json()["selected"] == 20
    assert made.json()["rule"]["en"] == "Everybody whose stage one is positive."
    found = await selections(screening, campaign)
    assert {row["county_terc"] for row in found} == {"2469"}
    assert found[0]["rule"] == {"kind": "outcome_in", "outcomes": ["positive"]}
    assert found[0]["selected_by"] == "pupil_screening_coordinator"
    elsewhere = {"county_terc": ["2401"]}
    answer = await screening.post(f"{URL}/campaigns/{campaign}/selections", json=elsewhere, headers=COORDINATOR)
    assert_problem(answer, 403, "outside-scope")


async def test_a_selection_is_withdrawn_with_a_reason_and_its_child_is_selected_again_by_hand_only(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign = await open_campaign(screening, protocol)
    child = result(campaign, instrument, outcome="positive")
    await count(screening, [child])
    await post(screening, f"/campaigns/{campaign}/selections", {})
    [made] = await selections(screening, campaign)
    path = f"/campaigns/{campaign}/selections/{made['id']}/withdraw"
    gone = await post(screening, path, {"reason": "wyjazd"}, f'"{made["id"]}:1"')
    assert (gone["withdrawing_reason"], gone["withdrawn_by"]) == ("wyjazd", "somebody else")
    assert await fetch(screening, "SELECT is_selected, stage_two FROM campaign_subjects") == [(False, "not_selected")]
    assert (await post(screening, f"/campaigns/{campaign}/selections", {}))["selected"] == 0
    by_hand = {"subjects": [child["subject_ref"]], "reason": "wróciło"}
    assert (await post(screening, f"/campaigns/{campaign}/selections", by_hand))["selected"] == 1
    answer = await send(screening, path, {"reason": "x"}, f'"{made["id"]}:2"')
    assert assert_problem(answer, 409, "state-conflict")["state"] == "withdrawn"


async def test_stage_two_is_for_the_selected_and_ends_what_could_be_withdrawn(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign = await open_campaign(screening, protocol)
    child, other = (result(campaign, instrument, outcome="positive") for _ in range(2))
    await count(screening, [child, other])
    by_hand = {"subjects": [child["subject_ref"]], "reason": "wybór"}
    await post(screening, f"/campaigns/{campaign}/selections", by_hand)
    with pytest.raises(Problem, match="subject-not-selected"):
        await count(screening, [other | {"stage": 2}])
    await count(screening, [child | {"stage": 2}])
    assert await fetch(screening, "SELECT stage_two FROM campaign_subjects WHERE is_selected") == [("positive",)]
    [made] = await selections(screening, campaign)
    path = f"/campaigns/{campaign}/selections/{made['id']}/withdraw"
    answer = await send(screening, path, {"reason": "x"}, f'"{made["id"]}:1"')
    assert assert_problem(answer, 409, "stage-two-begun")["state"] == "positive"


async def test_a_rule_by_band_reads_the_bands_that_were_counted(screening: httpx.AsyncClient, instrument: str) -> None:
    rule: Made = {"kind": "band_at_least", "instrument_code": instrument, "scale": "TOTAL"}
    rule |= {"bands": ["low", "raised", "high"], "at_least": "raised"}
    campaign = await open_campaign(screening, await add_protocol(screening, version=two_stages(instrument, **rule)))
    bands = ["low", "raised", "high", None]
    await count(screening, [result(campaign, instrument, bands=band and {"TOTAL": band}) for band in bands])
    assert (await post(screening, f"/campaigns/{campaign}/selections", {}))["selected"] == 2


async def test_a_protocol_of_one_stage_selects_nobody(screening: httpx.AsyncClient, instrument: str) -> None:
    version = {"stage_one": two_stages(instrument)["stage_one"]}
    campaign = await open_campaign(screening, await add_protocol(screening, version=version))
    for path, body in (("selections", {}), ("targets", {"stage": 2, "subjects": 3})):
        answer = await send(screening, f"/campaigns/{campaign}/{path}", body)
        assert_problem(answer, 409, "campaign-has-one-stage")
    assert (await read(screening, campaign, "funnel"))["in_all"]["selected"] == 0
    days = (await screening.get(f"{URL}/campaigns/{campaign}")).json()
    assert (days["stage_one_due_on"], days["stage_two_due_on"]) == ("2026-04-01", None)
