"""The life of a campaign, its targets, its published numbers and who goes on to stage two, through the API."""

import csv
import io
import uuid
from typing import Any

import httpx
import pytest

from services.chassis.callers import Caller
from services.chassis.problems import Problem
from tests.screening.campaign_releases.released import by, release
from tests.screening.campaign_releases.released import told as released
from tests.screening.campaigns.results import (
    ALL,
    EVERYWHERE,
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
COUNTIES = ("2469", "2401", None)


@pytest.fixture
async def instrument(screening: httpx.AsyncClient) -> str:
    return await publish_instrument(screening)


@pytest.fixture
async def protocol(screening: httpx.AsyncClient, instrument: str) -> str:
    return await add_protocol(screening, instrument)


def plan(protocol: str, **facts: Any) -> Made:
    names = {"name_pl": "Kampania", "name_en": "Campaign"}
    return {**names, "protocol_code": protocol, "protocol_version": 1, "age_bands": [6, 36, 72], **facts}


async def test_a_campaign_is_planned_opened_and_closed_and_knows_its_last_days(
    screening: httpx.AsyncClient, protocol: str
) -> None:
    made = await screening.post(f"{URL}/campaigns", json=plan(protocol, county_terc="2469"), headers=COORDINATOR)
    path, tag = made.headers["location"], {"if-match": made.headers["etag"]} | COORDINATOR
    assert (made.json()["state"], made.json()["stage_one_due_on"]) == ("planned", None)
    begin, end = {"opened_on": "2026-01-01"}, {"closed_on": "2026-06-30"}
    refused = assert_problem(await screening.post(f"{path}/open", json=begin, headers=tag), 409, "state-conflict")
    assert refused["missing"] == ["implementer"]
    await screening.post(f"{path}/implementers", json={"code": "project", "name": "x"}, headers=COORDINATOR)
    again = await screening.post(f"{path}/implementers", json={"code": "project", "name": "x"}, headers=COORDINATOR)
    assert_problem(again, 409, "implementer-already-added")
    opened = await screening.post(f"{path}/open", json=begin, headers=tag)
    days = (opened.json()["stage_one_due_on"], opened.json()["stage_two_due_on"])
    assert days == ("2026-04-01", "2026-05-31")
    assert_problem(await screening.post(f"{path}/close", json=end, headers=tag), 412, "version-mismatch")
    tag["if-match"] = opened.headers["etag"]
    frozen = await screening.patch(path, json={"small_cell": 6}, headers=tag)
    assert assert_problem(frozen, 409, "state-conflict")["allowed"][-1] == "close"
    early = await screening.post(f"{path}/close", json={"closed_on": "2025-12-31"}, headers=tag)
    assert assert_problem(early, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    closed = await screening.post(f"{path}/close", json=end, headers=tag)
    assert closed.json()["state"] == "closed"
    select = await screening.post(f"{path}/selections", json={}, headers=COORDINATOR)
    assert assert_problem(select, 409, "state-conflict")["state"] == "closed"


@pytest.mark.parametrize(
    ("facts", "slug", "pointer"),
    [
        ({"protocol_version": 2}, "unknown-reference", "/protocol_version"),
        ({"age_bands": [36, 6]}, "validation-failed", "/age_bands"),
        ({"small_cell": 4}, "validation-failed", "/small_cell"),
        ({"county_terc": "9999"}, "validation-failed", "/county_terc"),
    ],
)
async def test_a_campaign_that_cannot_be_is_refused_where_it_is_wrong(
    screening: httpx.AsyncClient, protocol: str, facts: Made, slug: str, pointer: str
) -> None:
    answer = await send(screening, "/campaigns", plan(protocol, **facts))
    assert assert_problem(answer, 422, slug)["errors"][0]["pointer"] == pointer


async def test_a_campaign_of_several_counties_is_planned_by_who_reaches_all(
    screening: httpx.AsyncClient, protocol: str
) -> None:
    for headers, status in ((COORDINATOR, 403), (call_as("programme_manager"), 201)):
        answer = await screening.post(f"{URL}/campaigns", json=plan(protocol), headers=headers)
        assert answer.status_code == status


async def test_a_county_finds_its_own_campaigns_and_those_of_several_counties(
    screening: httpx.AsyncClient, protocol: str
) -> None:
    made = {county: await send(screening, "/campaigns", plan(protocol, county_terc=county)) for county in COUNTIES}
    ids = {county: answer.json()["id"] for county, answer in made.items()}
    asked = {"county_terc": "2469", "protocol_code": protocol}
    listed = (await screening.get(f"{URL}/campaigns", params=asked, headers=COORDINATOR)).json()["items"]
    assert {one["id"] for one in listed} == {ids["2469"], ids[None]}


async def test_targets_say_what_is_reached_who_is_behind_and_nothing_small(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign = await open_campaign(screening, protocol)
    path = f"/campaigns/{campaign}/targets"
    for county, wanted in (("2469", 30), ("2401", 30), ("0219", 30), (None, 10)):
        await post(screening, path, {"county_terc": county, "subjects": wanted})
    await post(screening, path, {"county_terc": "2469", "subjects": 20})
    await post(screening, path, {"implementer": "project", "subjects": 50})
    unknown = await send(screening, path, {"implementer": "nobody", "subjects": 1})
    assert_problem(unknown, 422, "target-of-unknown-implementer")
    both = {"implementer": "project", "county_terc": "2469", "subjects": 1}
    assert_problem(await send(screening, path, both), 422, "validation-failed")
    counties = ["2469"] * 25 + ["2401"] * 12 + ["0219"] * 2
    outcomes = [{"outcome": ("negative", "positive")[place % 2]} for place in range(len(counties))]
    facts = [{"county_terc": county, **outcome} for county, outcome in zip(counties, outcomes, strict=True)]
    await count(screening, [result(campaign, instrument, **fact) for fact in facts])
    await release(screening, campaign)
    items = (await released(screening, campaign, call_as("researcher"), "targets"))["items"]
    assert [item["county_terc"] or item["implementer"] for item in items][:3] == [None, "project", "0219"]
    told = {item["county_terc"] or item["implementer"]: item for item in items}
    assert [told["2469"][name] for name in ("subjects", "reached", "is_reached", "is_behind")] == [20, 25, True, False]
    assert (told["0219"]["reached"], told["0219"]["is_behind"]) == (None, None)
    assert (told["project"]["reached"], told["project"]["is_behind"], told["project"]["is_overdue"]) == (37, True, True)
    assert told[None]["reached"] == 37
    live = (await read(screening, campaign, "targets"))["items"]
    assert {item["county_terc"]: item["reached"] for item in live if item["implementer"] is None}["0219"] == 2
    assert await fetch(screening, "SELECT count(*) FROM campaign_targets WHERE superseded_at IS NOT NULL") == [(1,)]


async def mixed(client: httpx.AsyncClient, instrument: str, protocol: str) -> tuple[str, list[Made]]:
    """A campaign where one county has three positives and another has three children."""
    campaign = await open_campaign(client, protocol)
    kinds = [("2469", "negative", 30), ("2469", "positive", 20), ("2401", "negative", 30), ("2401", "positive", 3)]
    kinds += [("0219", "negative", 20), ("0219", "positive", 9), ("0619", "positive", 3)]
    made = [
        result(
            campaign, instrument, county_terc=county, outcome=outcome, sex=("male", "female")[n % 2], age_months=20 + n
        )
        for county, outcome, number in kinds
        for n in range(number)
    ]
    await count(client, made)
    return campaign, made


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


async def test_the_database_shows_subjects_and_selections_of_the_callers_counties_only(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign, _ = await mixed(screening, instrument, protocol)
    own = Caller("x", counties=frozenset({"2401"}))
    await count(screening, [result(campaign, instrument, county_terc="2401")], own)
    assert await fetch(screening, "SELECT DISTINCT county_terc FROM campaign_subjects", own) == [("2401",)]
    with pytest.raises(Exception, match="row-level security"):
        await count(screening, [result(campaign, instrument)], own)


async def test_a_result_of_somebody_who_does_not_carry_the_campaign_out_is_refused(
    screening: httpx.AsyncClient, instrument: str, protocol: str
) -> None:
    campaign = await open_campaign(screening, protocol)
    with pytest.raises(Exception, match="fk_campaign_counts_implementer"):
        await count(screening, [result(campaign, instrument, implementer="nobody")], EVERYWHERE)


async def test_a_protocol_of_one_stage_selects_nobody(screening: httpx.AsyncClient, instrument: str) -> None:
    version = {"stage_one": two_stages(instrument)["stage_one"]}
    campaign = await open_campaign(screening, await add_protocol(screening, version=version))
    for path, body in (("selections", {}), ("targets", {"stage": 2, "subjects": 3})):
        answer = await send(screening, f"/campaigns/{campaign}/{path}", body)
        assert_problem(answer, 409, "campaign-has-one-stage")
    assert (await read(screening, campaign, "funnel"))["in_all"]["selected"] == 0
