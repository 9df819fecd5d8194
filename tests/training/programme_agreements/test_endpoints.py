"""Client and contractor agree to a version, through the API."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.concept_reviews.asks import REASON, review
from tests.training.partners.asks import candidate
from tests.training.programme_versions.stories import (
    CLIENT,
    CONTRACTOR,
    URL,
    agree,
    agreed,
    agreed_for,
    draft,
    found,
    moved,
    proposed,
    seen,
)

REVIEWS, PARTNERS = "/v1/training/concept-reviews", "/v1/training/partners"


async def test_both_sides_are_needed_and_each_agrees_once(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    version = await agreed_for(training, version, "contractor", CONTRACTOR)
    assert (version["state"], version["contractor_agreed_by"]) == ("proposed", "contractor")
    again = assert_problem(await agree(training, version, "contractor", CONTRACTOR), 409, "state-conflict")
    assert (again["allowed"], again["missing"]) == (["agree"], ["client"])
    version = await agreed_for(training, version, "client", CLIENT)
    assert (version["state"], version["client_agreed_by"]) == ("agreed", "client")
    told = await fetch(training, "SELECT type FROM events WHERE type LIKE '%agreed%' ORDER BY id")
    assert [each[0].rpartition(".")[2] for each in told] == ["agreed-for-contractor", "agreed-for-client", "agreed"]


async def test_one_person_does_not_agree_for_both_sides(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    version = await agreed_for(training, version, "client", CLIENT)
    same = call_as("training_manager", subject="client")
    refused = assert_problem(await agree(training, version, "contractor", same), 409, "same-person-agreed")
    assert refused["missing"] == ["contractor"]


async def test_a_side_agrees_by_its_own_permission_only(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    for side, caller in (("client", CONTRACTOR), ("contractor", CLIENT)):
        refused = assert_problem(await agree(training, version, side, caller), 403, "side-not-represented")
        assert refused["permission"] == f"training:programmes:agree-for-{side}"
    after = (await training.get(f"{URL}/{version['programme']}/versions/1")).json()
    assert (after["client_agreed_at"], after["contractor_agreed_at"]) == (None, None)


async def test_an_agreement_names_one_of_the_two_sides(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    for side in ("partner", "both"):
        assert_problem(await agree(training, version, side, CLIENT), 422, "validation-failed")


async def test_a_draft_and_a_retired_version_are_not_agreed(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    made = await draft(training, versions)
    assert_problem(await agree(training, made, "client", CLIENT), 409, "state-conflict")
    version = await agreed(training, versions)
    retired = await moved(training, version, "retire")
    assert retired["retired_at"]
    refused = assert_problem(await agree(training, retired, "client", CLIENT), 409, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("retired", [])


async def test_the_version_agreed_last_is_the_one_that_groups_follow(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    first, waiting = await agreed(training, versions), await proposed(training, versions)
    third = await agreed(training, versions)
    listed = (await training.get(versions)).json()["items"]
    assert {each["number"]: each["state"] for each in listed} == {1: "retired", 2: "proposed", 3: "agreed"}
    assert (await training.get(f"{versions}/1")).json()["modules"] == first["modules"]
    answer = await agree(training, waiting, "client", CLIENT)
    assert assert_problem(answer, 409, "programme-version-superseded")["agreed"] == third["number"]


async def test_every_recommendation_is_decided_before_anybody_agrees(training: httpx.AsyncClient) -> None:
    versions = await found(training)
    first = await proposed(training, versions)
    made = (await training.post(REVIEWS, json=review(first["programme"], 1))).json()
    # What is recommended about a version goes into the next one, which has to wait for it too.
    second = (await training.post(f"{versions}/1/copy")).json()
    second = await moved(training, second, "propose")
    for version in (first, second):
        refused = assert_problem(await agree(training, version, "client", CLIENT), 409, "review-incomplete")
        assert refused["missing"] == ["recommendations"]
        assert refused["undecided"] == [{"review_id": made["id"], "recommendations": [1, 2]}]
    for number, verb in ((1, "accept"), (2, "reject")):
        path = f"{REVIEWS}/{made['id']}/recommendations/{number}/{verb}"
        made = (await training.post(path, json=REASON, headers=seen(made))).json()
    assert (await agreed_for(training, second, "client", CLIENT))["client_agreed_at"]


async def test_a_programme_with_a_partner_is_reviewed_and_consulted_source_003(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    partner = (await training.post(PARTNERS, json=candidate(programme=version["programme"]))).json()
    await training.post(f"{PARTNERS}/{partner['id']}/accept", headers=seen(partner))
    refused = assert_problem(await agree(training, version, "client", CLIENT), 409, "review-incomplete")
    assert refused["missing"] == ["partner_review", "workshop_consultation"]
    given = {"kind": "partner_review", "partner_id": partner["id"]}
    for facts in (given, {}):
        body = review(version["programme"], 1, **facts, recommendations=[])
        assert (await training.post(REVIEWS, json=body)).status_code == 201
    assert (await agreed_for(training, version, "client", CLIENT))["client_agreed_by"] == "client"


async def test_nobody_agrees_to_what_they_have_not_read(training: httpx.AsyncClient) -> None:
    version = await proposed(training, await found(training))
    path = f"{URL}/{version['programme']}/versions/1/agree"
    assert_problem(await training.post(path, json={"side": "client"}, headers=CLIENT), 428, "precondition-required")
    stale = {"if-match": f'"{version["id"]}:1"'}
    assert_problem(await training.post(path, json={"side": "client"}, headers=CLIENT | stale), 412, "version-mismatch")
