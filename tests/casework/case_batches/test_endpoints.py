"""Cases taken over many at once: each as far as the steps one by one would have led it."""

import uuid
from decimal import Decimal
from typing import Any

import httpx

from tests.casework.case_batches.made import Made, sent, taken
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

TEAM = taken()["team"]
GOAL = taken()["plan"]["goals"][0]
FOR_CHILD = GOAL | {"subject": "child", "text": "Zosia mówi nowe słowa.", "weight": 3}


async def read(client: httpx.AsyncClient, path: str, **headers: str) -> Any:
    answer = await client.get(f"/v1/casework{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_case_stands_as_if_every_step_had_been_taken_here(casework: httpx.AsyncClient) -> None:
    reviews = [
        {"held_on": "2023-06-12", "levels": [0, -1], "conclusion": "continue", "note": "Mówi więcej."},
        {"held_on": "2023-10-02", "levels": [1, 0], "conclusion": "continue"},
    ]
    [item] = (await sent(casework, taken(plan={"goals": [GOAL, FOR_CHILD]}, reviews=reviews))).json()["items"]
    assert (item["status"], item["problem"]) == ("created", None)
    case = await read(casework, f"/cases/{item['id']}")
    assert (case["state"], case["opened_on"], case["number"][:10]) == ("in_progress", "2023-01-20", "2469/2023/")
    # A default of the platform: six months after the last step.
    assert (case["review_due_on"], case["reason"]) == ("2024-04-02", taken()["reason"])
    steps = [
        (one["verb"], one["state"], one["at"][:10])
        for one in (await read(casework, f"/cases/{item['id']}/timeline"))["items"]
        if one["kind"] == "case"
    ]
    # Midnight in Poland is the evening before in UTC.
    assert steps == [
        ("open", "draft", "2023-01-19"),
        ("consent", "consented", "2023-01-19"),
        ("assess", "assessment", "2023-02-05"),
        ("consult-team", "team_consultation", "2023-02-16"),
        ("agree-plan", "plan_agreed", "2023-02-16"),
        ("start", "in_progress", "2023-02-19"),
        ("review", "under_review", "2023-06-11"),
        ("resume", "in_progress", "2023-06-11"),
        ("review", "under_review", "2023-10-01"),
        ("resume", "in_progress", "2023-10-01"),
    ]
    await stands_as_it_was_signed(casework, item["plan_id"])


async def stands_as_it_was_signed(casework: httpx.AsyncClient, plan_id: str) -> None:
    plan = await read(casework, f"/plans/{plan_id}")
    assert (plan["state"], plan["number"], plan["missing"], plan["summary"]) == (
        "active",
        1,
        [],
        taken()["plan"]["summary"],
    )
    assert [(goal["subject"], goal["text"], goal["weight"]) for goal in plan["goals"]] == [
        ("family", GOAL["text"], 1),
        ("child", FOR_CHILD["text"], 3),
    ]
    [recommended] = plan["recommendations"]
    assert (recommended["goal_id"], recommended["state"]) == (plan["goals"][0]["id"], "proposed")
    assert [(one["side"], one["subject"]) for one in plan["approvals"]][1] == ("team", "specialist")
    # Kiresuk and Sherman (1968), weights 1 and 3 at 0 and -1, r = 0.3, by hand: 50 - 30 / sqrt(0.7 * 10 + 0.3 * 16).
    assert [Decimal(one["t_score"]) for one in plan["reviews"]] == [Decimal("41.27"), Decimal("52.91")]
    assert plan["reviews"][0]["note"] == "Mówi więcej."


async def test_what_belongs_to_it_is_found_where_it_belongs(casework: httpx.AsyncClient) -> None:
    [item] = (await sent(casework, taken(child={"pesel": "20310512343"}))).json()["items"]
    assert item["status"] == "created", item
    found = (
        await casework.post("/v1/casework/people:search", json={"pesel": "20310512343", "purpose": "intake"})
    ).json()
    assert [one["id"] for one in found["items"]] == [item["person_id"]]
    [guardian] = (await read(casework, f"/guardianships?child_id={item['person_id']}"))["items"]
    [consent] = (await read(casework, f"/consents?person_id={item['person_id']}"))["items"]
    assert (guardian["starts_on"], consent["given_by_id"]) == ("2020-11-05", guardian["guardian_id"])
    [assessment] = (await read(casework, f"/assessments?case_id={item['id']}"))["items"]
    assert (assessment["state"], assessment["assessor"]) == ("completed", "specialist")
    team = call_as("specialist", subject="doctor")
    assert (await read(casework, f"/cases/{item['id']}", **team))["id"] == item["id"]
    stranger = call_as("specialist", subject="stranger")
    assert_problem(await casework.get(f"/v1/casework/cases/{item['id']}", headers=stranger), 404, "case-not-found")
    # It goes on like any other.
    tag = {"if-match": (await casework.get(f"/v1/casework/cases/{item['id']}")).headers["etag"]}
    moved = await casework.post(f"/v1/casework/cases/{item['id']}/review", json={}, headers=tag)
    assert moved.json()["state"] == "under_review"


async def test_what_is_wrong_with_one_keeps_none_of_the_others_out(casework: httpx.AsyncClient) -> None:
    only_child = {"goals": [FOR_CHILD]}
    too_early = taken(plan={"starts_on": "2023-02-01"})
    items: list[Any] = [
        taken(),
        taken(team=TEAM[:2]),
        taken(plan=only_child),
        taken(plan={"author": "specialist"}),
        taken(assessment={"strengths": []}),
        taken(consent={"categories": ["identity"]}),
        too_early,
        taken(reviews=[{"held_on": "2023-06-12", "levels": [], "conclusion": "continue"}]),
        taken(track="wokro"),
        taken(county_terc="2408"),
        {"county_terc": "2469"},
        taken(child={"given_name": "Maja"}),
    ]
    answered = (await sent(casework, *items)).json()["items"]
    told = [(one["status"], (one["problem"] or {}).get("code")) for one in answered]
    assert told == [
        ("created", None),
        ("refused", "case_not_ready"),
        ("refused", "plan_not_ready"),
        ("refused", "plan_not_ready"),
        ("refused", "assessment_not_ready"),
        ("refused", "case_not_ready"),
        ("refused", "validation_failed"),
        ("refused", "validation_failed"),
        ("refused", "validation_failed"),
        ("refused", "outside_scope"),
        ("refused", "validation_failed"),
        ("created", None),
    ]
    lacking = [(one["problem"] or {}).get("missing") for one in answered[1:6]]
    assert lacking == [["team_social_assistance"], ["family_goal"], ["team_approval"], ["strength"], ["legal_basis"]]
    assert [error["pointer"] for error in answered[6]["problem"]["errors"]] == ["/plan/starts_on"]
    counted = await fetch(casework, "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM people)")
    assert counted == [(2, 4)]
    opened = await fetch(casework, "SELECT count(*) FROM events WHERE type = 'casework.case.opened'")
    assert opened == [(2,)]


async def test_a_number_that_is_taken_and_a_batch_sent_again_change_nothing(casework: httpx.AsyncClient) -> None:
    numbered = taken(child={"pesel": "20310512343"})
    key = str(uuid.uuid4())
    first = await sent(casework, numbered, key=key)
    again = await sent(casework, numbered, key=key)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    [refused] = (await sent(casework, numbered)).json()["items"]
    assert refused["problem"]["code"] == "person_already_registered"
    # A number that stands twice in one batch is that of the first: nobody else is kept out.
    twice = taken(guardian={"pesel": "85010112345"})
    items = (await sent(casework, taken(), twice, twice, taken())).json()["items"]
    assert [one["status"] for one in items] == ["created", "created", "refused", "created"]
    assert items[2]["problem"]["code"] == "person_already_registered"
    assert await fetch(casework, "SELECT count(*), count(DISTINCT number) FROM cases") == [(4, 4)]


async def test_who_reads_no_case_learns_how_many_there_are_and_nothing_of_few(casework: httpx.AsyncClient) -> None:
    manager = call_as("programme_manager", counties=["*"])
    reviewed, bare = taken(), taken(reviews=[])
    await sent(casework, *[reviewed] * 4)
    assert await counts(casework, manager) == (None, 1, None, None)
    await sent(casework, reviewed, *[bare] * 2)
    # Two cases without a review are few: how many have one is not told, which would tell of them.
    assert await counts(casework, manager) == (7, 1, 7, None)
    await sent(casework, *[bare] * 3)
    assert await counts(casework, manager) == (10, 1, 10, 5)
    assert await counts(casework, call_as("county_coordinator", counties=["2408"])) == (0, 0, 0, 0)


async def counts(client: httpx.AsyncClient, caller: dict[str, str]) -> tuple[Any, ...]:
    told: Made = await read(client, "/cases/counts", **caller)
    return told["cases"], told["counties"], told["with_active_plan"], told["with_review"]
