"""Who came to a conference: from its day on, corrected with a history, counted by audience."""

from typing import Any

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change, fetch
from tests.training.authorities.made import read, set_day
from tests.training.conference_attendances.asks import OVER
from tests.training.conference_registrations.test_endpoints import HERE, own, somebody, withdraw
from tests.training.conferences.made import opened, register
from tests.training.conferences.test_endpoints import codes
from tests.training.groups.made import Made, post, send

ALL = call_as("training_manager", subject="everywhere", counties=["*"])


async def over(client: httpx.AsyncClient, *people: Made, **facts: Any) -> tuple[Made, list[Made]]:
    """A conference of 2 October 2023 that is over, and the registrations of these people for it."""
    conference = await opened(client, **{"capacity": 9, **facts})
    made = [(await register(client, conference, somebody(n), **each)).json() for n, each in enumerate(people)]
    await change(client, OVER)
    return conference, made


def came(*pairs: tuple[Made, bool]) -> Made:
    """A list of who came."""
    return {"items": [{"registration_id": who["id"], "has_attended": did} for who, did in pairs]}


def figures(read_: Made) -> dict[str, tuple[int, int, int]]:
    """Who came, who did not and of whom it is not known, by audience."""
    return {each["audience"]: (each["attended"], each["absent"], each["unrecorded"]) for each in read_["items"]}


async def test_who_came_is_recorded_from_the_day_on_and_corrected_with_a_history(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    conference, [anna, jan, ewa, late] = await over(
        training, {}, {}, {"county_terc": "2401"}, {"audience": "local_authorities"}, capacity=3
    )
    path = f"/conferences/{conference['id']}/attendance"
    set_day(monkeypatch, "2023-10-01")
    early = assert_problem(await send(training, path, came((anna, True)), headers=HERE), 409, "conference-not-begun")
    assert early["begins_on"] == "2023-10-02"
    set_day(monkeypatch, "2023-10-02")
    assert codes(await send(training, path, came((ewa, True)), headers=HERE)) == [
        ("/items/0/registration_id", "not_found")
    ]
    counts = await post(training, path, came((anna, True), (jan, False)), headers=HERE)
    assert figures(counts) == {"health_sector": (1, 1, 1)}
    again = came((anna, True), (jan, True), (anna, True), (late, True))
    assert codes(await send(training, path, again, headers=ALL)) == [
        ("/items/1/has_attended", "contradicts_recorded"),
        ("/items/2/registration_id", "repeated"),
        ("/items/3/registration_id", "without_place"),
    ]
    one = f"/conference-registrations/{jan['id']}"
    said = await read(training, one, headers=HERE)
    wrong = {"has_attended": True, "reason": "on_paper_list"}
    assert codes(await send(training, f"{one}/correct-attendance", wrong | {"has_attended": False}, said)) == [
        ("/has_attended", "unchanged")
    ]
    after = await post(training, f"{one}/correct-attendance", wrong, said, headers=HERE)
    assert (after["has_attended"], after["version"]) == (True, said["version"] + 1)
    assert_problem(await send(training, f"{one}/correct-attendance", wrong, said), 412, "version-mismatch")
    [kept] = (await read(training, f"{one}/attendance-corrections", headers=HERE))["items"]
    assert (kept["had_attended"], kept["reason"], kept["corrected_by"]) == (False, "on_paper_list", "staff here")
    # Whoever was counted does not get away with a withdrawal.
    mine = await own(training, conference, somebody(1))
    assert assert_problem(await withdraw(training, conference, mine, somebody(1)), 409, "state-conflict")["allowed"]
    assert figures(await read(training, path, headers=somebody(1))) == {"health_sector": (2, 0, 1)}
    looks = await fetch(training, "SELECT detail FROM audit_records WHERE action LIKE '%attendance%'")
    assert "Testowa" not in str(looks)
