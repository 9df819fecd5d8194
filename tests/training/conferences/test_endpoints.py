"""Conferences: planned, open, held or cancelled."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.training.conferences.made import DAYS, FACTS, PAST, opened, planned
from tests.training.groups.made import URL, Made, add_programme, post, send


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    """What was refused, and why."""
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


async def test_a_conference_that_contradicts_itself_is_refused_with_all_that_is_wrong(
    training: httpx.AsyncClient,
) -> None:
    body = FACTS | DAYS | {"programme_id": (await add_programme(training))["id"]}
    wrong: Made = {"mode": "hybrid", "ends_at": DAYS["starts_at"], "audience": ["health_sector"] * 2}
    wrong["registration_closes_at"] = "2190-10-03T00:00:00Z"
    assert codes(await send(training, "/conferences", body | wrong)) == [
        ("/place", "missing"),
        ("/registration_closes_at", "too_large"),
        ("/ends_at", "wrong_order"),
        ("/audience", "repeated"),
    ]
    assert codes(await send(training, "/conferences", body | {"place": "Katowice"})) == [("/place", "not_allowed")]
    unknown = body | {"programme_id": "01990000-0000-7000-8000-000000000009"}
    assert codes(await send(training, "/conferences", unknown)) == [("/programme_id", "not_found")]


async def test_a_conference_is_held_after_its_end_and_then_stays_as_it_was(training: httpx.AsyncClient) -> None:
    coming = await opened(training)
    refused = assert_problem(
        await send(training, f"/conferences/{coming['id']}/hold", tag=coming), 409, "conference-not-over"
    )
    assert refused["ends_at"] == "2190-10-02T13:00:00+00:00"
    past = await opened(training, **PAST)
    held = await post(training, f"/conferences/{past['id']}/hold", tag=past)
    assert held["state"] == "held"
    answer = await send(training, f"/conferences/{past['id']}", {"title_pl": "Inna"}, held, "PATCH")
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["record-attendance"]


async def test_a_conference_moves_to_a_place_and_is_found_by_its_audience(training: httpx.AsyncClient) -> None:
    conference = await planned(training)
    at = f"/conferences/{conference['id']}"
    assert codes(await send(training, at, {"mode": "in_person"}, conference, "PATCH")) == [("/place", "missing")]
    patch = {"mode": "in_person", "place": "Katowice"}
    amended = (await send(training, at, patch, conference, "PATCH")).json()
    assert (amended["place"], amended["version"]) == ("Katowice", 2)
    same = await send(training, at, patch, amended, "PATCH")
    assert same.json()["version"] == 2
    cancelled = await post(training, f"{at}/cancel", {"reason": "Choroba."}, amended)
    assert (cancelled["state"], cancelled["cancel_reason"]) == ("cancelled", "Choroba.")
    anybody = call_as("screener", counties=["2401"])
    for audience, number in (("health_sector", 1), ("social_sector", 0)):
        params = {"audience": audience, "programme_id": conference["programme_id"]}
        listed = await training.get(f"{URL}/conferences", params=params, headers=anybody)
        assert len(listed.json()["items"]) == number
    labels = (await training.get(f"{URL}/conferences/audiences", headers=anybody)).json()["items"]
    assert labels[0]["label_pl"] == "kuratoria oświaty"
    assert len(labels) == 6
