"""Reviews of proposed versions, through the API."""

from typing import Any

import httpx
import pytest

from tests.support.asks import Made
from tests.support.problems import assert_problem
from tests.training.concept_reviews.asks import REASON, review
from tests.training.partners.asks import candidate, project
from tests.training.programme_versions.stories import draft, found, proposed, seen

URL = "/v1/training/concept-reviews"
OF_PARTNER: Made = {"kind": "partner_review"}


async def recorded(client: httpx.AsyncClient, version: Made, **facts: Any) -> Made:
    """A review of a version."""
    answer = await client.post(URL, json=review(version["programme"], version["number"], **facts))
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    return made


async def decide(client: httpx.AsyncClient, made: Made, number: int, verb: str) -> httpx.Response:
    path = f"{URL}/{made['id']}/recommendations/{number}/{verb}"
    return await client.post(path, json=REASON, headers=seen(made))


async def test_each_recommendation_is_decided_by_itself_with_a_reason(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    made = await recorded(training, version)
    assert (made["undecided"], made["communes"], made["counties"]) == (2, 12, 5)
    accepted = await decide(training, made, 2, "accept")
    after = accepted.json()
    assert (after["undecided"], after["version"]) == (1, 2)
    assert [each["state"] for each in after["recommendations"]] == ["open", "accepted"]
    assert after["recommendations"][1]["reason"] == REASON["reason"]
    assert after["recommendations"][1]["decided_by"] == "training_manager"
    again = await decide(training, after, 2, "reject")
    assert assert_problem(again, 409, "state-conflict")["state"] == "accepted"
    assert_problem(await decide(training, made, 1, "reject"), 412, "version-mismatch")
    assert_problem(await decide(training, after, 3, "reject"), 404, "review-recommendation-not-found")
    assert (await decide(training, after, 1, "reject")).json()["undecided"] == 0
    path = f"{URL}/{made['id']}/recommendations/1/accept"
    refused = assert_problem(await training.post(path, json={}, headers=seen(after)), 422, "validation-failed")
    assert refused["errors"][0]["pointer"] == "/reason"


async def test_only_what_is_proposed_is_reviewed(training: httpx.AsyncClient) -> None:
    version = await draft(training, await found(training))
    answer = await training.post(URL, json=review(version["programme"], 1))
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["replace", "propose"]


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"communes": None}, [("/communes", "missing")]),
        ({"counties": 0}, [("/counties", "too_small")]),
        ({"kind": "partner_review"}, [("/partner_id", "missing")]),
        (
            {"kind": "partner_review", "communes": 1, "counties": 1},
            [("/partner_id", "missing"), ("/communes", "not_allowed"), ("/counties", "not_allowed")],
        ),
        ({"held_on": "2099-01-01"}, [("/held_on", "in_future")]),
    ],
)
async def test_a_review_says_who_gave_it(
    training: httpx.AsyncClient, facts: Made, wrong: list[tuple[str, str]]
) -> None:
    version = await proposed(training, await found(training))
    answer = await training.post(URL, json=review(version["programme"], 1, **facts))
    refused = assert_problem(answer, 422, "validation-failed")
    assert [(each["pointer"], each["code"]) for each in refused["errors"]] == wrong


async def test_a_review_is_the_accepted_partners_of_the_same_programme(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    other = await proposed(training, await found(training))
    body = candidate(project("2015-01-01", "2021-12-31"), programme=version["programme"])
    partner = (await training.post("/v1/training/partners", json=body)).json()
    of_partner = OF_PARTNER | {"partner_id": partner["id"]}
    answer = await training.post(URL, json=review(version["programme"], 1, **of_partner))
    assert assert_problem(answer, 409, "partner-not-eligible")["missing"] == ["acceptance"]
    await training.post(f"/v1/training/partners/{partner['id']}/accept", headers=seen(partner))
    answer = await training.post(URL, json=review(other["programme"], 1, **of_partner))
    assert assert_problem(answer, 422, "unknown-reference")["errors"][0]["pointer"] == "/partner_id"
    made = await recorded(training, version, **of_partner, recommendations=[])
    assert (made["partner_id"], made["undecided"]) == (partner["id"], 0)
    listed = await training.get(f"{URL}?programme={version['programme']}&kind=partner_review&version_number=1")
    assert [each["id"] for each in listed.json()["items"]] == [made["id"]]
