"""Good practices: identified by staff, described by the authority, reviewed by another, and then public."""

from typing import Any

import httpx

from services.training.good_practices.rules import TEMPLATE
from services.training.good_practices.schemas import DESCRIPTION_EXAMPLE
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.training.authorities.made import DECIDER, WRITER, read, recruited, team_of
from tests.training.groups.made import Made, post, send

ANYBODY = call_as("screener", counties=["2401"])
COORDINATOR = call_as("county_coordinator")


async def identified(client: httpx.AsyncClient, **whose: Any) -> Made:
    """A practice that was identified."""
    body = {"title_pl": "Baza sprzętu", "title_en": "A pool", "topic": "equipment", **whose}
    return await post(client, "/good-practices", body)


async def do(client: httpx.AsyncClient, practice: Made, verb: str, body: Made | None, caller: Made) -> httpx.Response:
    """The answer to a verb on a practice as it was read."""
    return await send(client, f"/good-practices/{practice['id']}/{verb}", body, practice, headers=caller)


async def test_a_practice_is_described_by_the_authority_and_public_only_when_published(
    training: httpx.AsyncClient,
) -> None:
    authority = await recruited(training)
    await team_of(training, authority, 1)
    practice = await identified(training, authority_id=authority["id"])
    url = f"/v1/training/good-practices/{practice['id']}"
    assert_problem(await training.get(url, headers=ANYBODY), 404, "good-practice-not-found")
    assert_problem(await do(training, practice, "describe", DESCRIPTION_EXAMPLE, {}), 409, "described-by-authority")
    fields = DESCRIPTION_EXAMPLE["fields"]
    partly = {"fields": {"goal": fields["goal"]}}
    refused = assert_problem(await do(training, practice, "describe", partly, WRITER), 409, "good-practice-incomplete")
    assert refused["missing"] == ["context", "people", "actions", "resources", "results", "lessons"]
    answer = await do(training, practice, "describe", {"fields": fields | {"colour": fields["goal"]}}, WRITER)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/fields/colour", "not_listed")]
    described = (await do(training, practice, "describe", DESCRIPTION_EXAMPLE, WRITER)).json()
    assert described["content"]["goal"] == {"pl": "Opis.", "en": "A description."}
    refused = assert_problem(await do(training, described, "publish", None, DECIDER), 409, "state-conflict")
    assert refused["allowed"] == ["describe", "review"]
    reviewed = (await do(training, described, "review", {"is_approved": True, "note": "Dobrze."}, DECIDER)).json()
    assert reviewed["review_note"] == "Dobrze."
    assert_problem(await training.get(url, headers=ANYBODY), 404, "good-practice-not-found")
    published = (await do(training, reviewed, "publish", None, DECIDER)).json()
    assert (published["state"], published["review_note"]) == ("published", None)
    assert (await read(training, f"/good-practices/{practice['id']}", headers=ANYBODY))["id"] == practice["id"]
    listed = await read(training, "/good-practices", params={"authority_id": authority["id"]}, headers=ANYBODY)
    assert [each["state"] for each in listed["items"]] == ["published"]
    assert_problem(await do(training, published, "describe", DESCRIPTION_EXAMPLE, WRITER), 409, "state-conflict")


async def test_a_county_describes_its_own_practice_and_another_reviews_it(training: httpx.AsyncClient) -> None:
    practice = await identified(training, county_terc="2469")
    described = (await do(training, practice, "describe", DESCRIPTION_EXAMPLE, DECIDER)).json()
    assert_problem(await do(training, described, "review", {"is_approved": True}, DECIDER), 409, "submitter-decides")
    answer = await do(training, described, "review", {"is_approved": False}, {})
    assert answer.json()["errors"][0]["code"] == "missing"
    back = (await do(training, described, "review", {"is_approved": False, "note": "Koszty?"}, {})).json()
    assert (back["state"], back["review_note"]) == ("identified", "Koszty?")
    again = await do(training, back, "describe", DESCRIPTION_EXAMPLE, COORDINATOR)
    assert again.json()["state"] == "described"


async def test_a_practice_is_of_an_authority_or_of_a_county(training: httpx.AsyncClient) -> None:
    authority = await recruited(training)
    titles = {"title_pl": "Baza", "title_en": "A pool", "topic": "equipment"}
    for body, code in (
        (titles, "missing"),
        (titles | {"authority_id": authority["id"], "county_terc": "2469"}, "not_allowed"),
        (titles | {"authority_id": "01990000-0000-7000-8000-000000000009"}, "not_found"),
    ):
        answer = await send(training, "/good-practices", body)
        assert [each["code"] for each in answer.json()["errors"]] == [code]
    template = await read(training, "/good-practices/template", headers=ANYBODY)
    assert [each["code"] for each in template["items"]] == [each.code for each in TEMPLATE]
