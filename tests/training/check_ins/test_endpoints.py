"""Check-ins: computed periods, nothing before its time, late ones flagged, accepted ones locked."""

import httpx
import pytest

from tests.support.problems import assert_problem
from tests.training.authorities.made import DECIDER, WRITER, read, recruited, set_day, team_of
from tests.training.check_ins.made import begun, monitored, report
from tests.training.groups.made import Made, send

URL = "/v1/training"


async def begin(client: httpx.AsyncClient, authority: Made, body: Made) -> httpx.Response:
    """The answer to the beginning of a check-in."""
    return await send(client, f"/authorities/{authority['id']}/check-ins", body, headers=WRITER)


async def test_no_check_in_comes_before_its_time(training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    early = await recruited(training)
    await team_of(training, early, 1)
    refused = assert_problem(await begin(training, early, report()), 409, "check-in-too-early")
    assert (refused["state"], refused["starts_on"]) == ("recruited", None)
    assert (await read(training, f"/authorities/{early['id']}/check-ins"))["items"] == []


async def test_a_period_is_computed_and_submitted_only_when_over(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = await monitored(training)
    work = await begun(training, authority, monkeypatch, "2025-02-27")
    made = await read(training, work.path)
    # The month of a 31 January ends the day before the last of February.
    assert (made["starts_on"], made["ends_on"], made["due_on"]) == ("2025-01-31", "2025-02-27", "2025-03-13")
    refused = assert_problem(await work.try_to("submit"), 409, "check-in-too-early")
    assert refused["ends_on"] == "2025-02-27"
    refused = assert_problem(await begin(training, authority, report(2)), 409, "check-in-too-early")
    assert refused["starts_on"] == "2025-02-28"
    assert_problem(await begin(training, authority, report()), 409, "check-in-already-begun")
    answer = await begin(training, authority, report(3, kind="yearly"))
    assert answer.json()["errors"][0]["code"] == "too_large"
    set_day(monkeypatch, "2025-02-28")
    submitted = await work.do("submit")
    assert (submitted["state"], submitted["is_late"]) == ("submitted", False)


async def test_an_accepted_check_in_is_locked_and_a_late_one_stays_late(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = await begun(training, await monitored(training), monkeypatch, "2025-03-14")
    await work.do("submit", headers=DECIDER)
    assert_problem(await work.try_to("accept", headers=DECIDER), 409, "submitter-decides")
    returned = await work.do("return", {"reason": "Brakuje wydatków."}, headers={})
    assert (returned["state"], returned["is_late"]) == ("returned", True)
    content = {name: value for name, value in report(spent="0.05").items() if name not in {"kind", "number"}}
    revised = await work.do("", content, method="PUT")
    assert revised["content"]["spent"] == "0.05"
    await work.do("submit")
    accepted = await work.do("accept", headers=DECIDER)
    assert (accepted["state"], accepted["is_late"], accepted["returning_reason"]) == ("accepted", True, None)
    for verb, body, method in (("", content, "PUT"), ("submit", None, "POST"), ("return", {"reason": "Nie."}, "POST")):
        headers = DECIDER if verb == "return" else WRITER
        refused = assert_problem(await work.try_to(verb, body, headers, method), 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("accepted", [])


async def test_late_ones_are_listed_and_those_not_begun_stand_in_the_schedule(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = await monitored(training)
    await begun(training, authority, monkeypatch, "2025-03-13")
    listed = await read(training, "/check-ins", params={"authority_id": authority["id"], "is_late": "true"})
    assert listed["items"] == []
    set_day(monkeypatch, "2025-04-15")
    listed = await read(training, "/check-ins", params={"authority_id": authority["id"], "is_late": "true"})
    assert [(each["number"], each["authority_name"]) for each in listed["items"]] == [(1, "Gmina Testowa")]
    schedule = (await read(training, f"/authorities/{authority['id']}/check-ins"))["items"]
    assert [(each["state"], each["is_late"]) for each in schedule[:3]] == [
        ("draft", True),
        (None, True),
        (None, False),
    ]


async def test_the_file_of_check_ins_holds_their_state(
    racing_training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = await monitored(racing_training)
    await begun(racing_training, authority, monkeypatch, "2025-03-13")
    asked = {"authority_id": authority["id"], "format": "csv", "fields": "kind,number,due_on,state,is_late"}
    file = await racing_training.get(f"{URL}/check-ins", params=asked)
    assert file.text.splitlines() == ["kind,number,due_on,state,is_late", "monthly,1,2025-03-13,draft,false"]
