"""What holds for every view: who asks, for how long, and what is told of what is missing."""

import asyncio

from gateway.proxy import Answer
from gateway.shared_reads import SharedReads
from gateway.views.references import References
from tests.gateway.views.conftest import COORDINATOR, HASTY, PATIENT, Screens
from tests.support.callers import call_as
from tests.support.problems import assert_problem

COUNTY = "/counties/2469"


async def test_a_service_that_is_silent_is_named_and_the_rest_is_answered_within_the_deadline(screens: Screens) -> None:
    whole = await screens.get(COUNTY)
    screens.gates["screening"].is_silent = True
    screens.hurry()
    loop = asyncio.get_running_loop()
    began = loop.time()
    answer = await screens.get(COUNTY, accept_language="en")
    assert HASTY <= loop.time() - began < PATIENT
    shown = answer.json()
    [missing] = shown["partial"]
    assert (answer.status_code, missing["service"], missing["part"]) == (200, "screening", "campaigns")
    assert missing["problem"] == {
        "type": "/problems/upstream-timeout",
        "title": "The answer did not come in time",
        "status": 504,
        "code": "upstream_timeout",
    }
    assert {*shown} == {*whole.json()} - {"campaigns", "has_older_campaigns"}
    began = loop.time()
    assert_problem(await screens.get("/counties/9999"), 404, "county-not-found")
    assert loop.time() - began < HASTY, "nobody waits for the slowest part of what is not there"
    assert answer.headers["etag"] != whole.headers["etag"]
    screens.gates["screening"].is_silent = False
    assert (await screens.view(COUNTY))["partial"] == []


async def test_where_the_subject_cannot_be_had_its_problem_is_the_answer(screens: Screens) -> None:
    assert_problem(await screens.get("/counties/9999"), 404, "county-not-found")
    screens.gates["registry"].is_broken = True
    answer = await screens.get("/institutions/01990000-0000-7000-8000-000000000001")
    assert assert_problem(answer, 502, "upstream-invalid-response")["instance"].startswith("/v1/views/institutions/")


async def test_services_are_asked_with_the_callers_token_trace_and_what_is_left_of_the_time(screens: Screens) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    parent = f"00-{trace}-00f067aa0ba902b7-01"
    answer = await screens.get(COUNTY, traceparent=parent, accept_language="en", if_none_match='"x"')
    assert answer.headers["traceparent"].split("-")[1] == trace
    seen = [headers for gate in screens.gates.values() for headers in gate.seen]
    assert {headers["authorization"] for headers in seen} == {COORDINATOR["authorization"]}
    assert {headers["traceparent"].split("-")[1] for headers in seen} == {trace}
    assert {headers["accept-language"] for headers in seen} == {"en"}
    assert all(0 < int(headers["x-deadline-ms"]) <= PATIENT * 1000 for headers in seen)
    assert not any("if-none-match" in headers for headers in seen)
    parts = {leg.split(";")[0] for leg in answer.headers["server-timing"].split(", ")}
    assert {"county", "resources", "network", "needs", "campaigns"} <= parts


async def test_what_the_caller_has_already_is_not_sent_again_and_a_change_is(screens: Screens) -> None:
    answer = await screens.get(COUNTY)
    tag = answer.headers["etag"]
    again = await screens.get(COUNTY, if_none_match=tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    head = await screens.client.head(COUNTY, headers=COORDINATOR)
    assert (head.status_code, head.headers["etag"], head.content) == (200, tag, b"")
    assert int(head.headers["content-length"]) == len(answer.content)
    host = {"name": "Poradnia", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    await screens.make("registry", "/institutions", host)
    changed = await screens.get(COUNTY, if_none_match=tag)
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


async def test_of_a_county_its_name_is_asked_for_once_a_minute(screens: Screens) -> None:
    for _ in range(3):
        await screens.view(COUNTY)
    asked = [headers["target"] for headers in screens.gates["registry"].seen]
    assert asked.count("/v1/registry/counties/2469") == 1
    assert asked.count("/v1/registry/counties/2469/resources") == 3


async def test_after_a_minute_it_is_asked_for_anew() -> None:
    moments, asked = [0.0], list[float]()

    async def ask() -> Answer:
        asked.append(moments[-1])
        return Answer(200, [], b"")

    references = References(SharedReads(), lambda: moments[-1])
    for moment in (0.0, 59.0, 60.0, 61.0):
        moments.append(moment)
        await references.read(("county",), ask)
    assert asked == [0.0, 60.0]


async def test_what_is_no_view_is_refused(screens: Screens) -> None:
    assert_problem(await screens.client.get(COUNTY), 401, "unauthenticated")
    for path in ("/counties", "/counties/24", "/counties/2469/x", "/me/x", "/lanterns", "/cases/UPPER"):
        assert_problem(await screens.get(path), 404, "not-found")
    unknown = assert_problem(await screens.get(f"{COUNTY}?expand=all"), 422, "validation-failed")
    assert unknown["errors"][0]["parameter"] == "expand"
    # What can be more than a name is not said again.
    assert "44051401359" not in (await screens.get(f"{COUNTY}?44051401359=1")).text
    repeated = await screens.get("/national?format=svg&format=png")
    assert assert_problem(repeated, 422, "validation-failed")["errors"][0]["code"] == "repeated"
    answer = await screens.client.post(COUNTY, headers=call_as("county_coordinator"), json={})
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"
