"""Each screening of a batch is judged by itself, and what another county has is nobody's to learn."""

import uuid
from typing import Any

import httpx
import pytest

from tests.screening.screenings.made import CALLING, URL, add_campaign, add_screening, events_of
from tests.screening.screenings.made import screening as new_screening
from tests.support.callers import call_as
from tests.support.problems import assert_problem

NAMED: dict[str, Any] = {"source": "platform", "external_id": "7"}


async def send(client: httpx.AsyncClient, *items: Any, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """What became of each of a batch."""
    key = {"idempotency-key": str(uuid.uuid4())}
    answer = await client.post(f"{URL}:batch", json={"items": items}, headers=key | (headers or {}))
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["items"]
    assert [item["index"] for item in told] == [*range(len(items))]
    return told


def codes(told: list[dict[str, Any]]) -> list[str | None]:
    return [item["problem"] and item["problem"]["code"] for item in told]


async def test_each_of_a_batch_is_answered_on_its_own(screening: httpx.AsyncClient) -> None:
    named = {"source": "platform", "external_id": "7"}
    first = new_screening(**named)
    items = [first, new_screening(answers={"Y_MOVE1": "maybe"}), new_screening(county_terc="2401"), first]
    items.append(new_screening(**named))
    answer = await screening.post(f"{URL}:batch", json={"items": items}, headers={"idempotency-key": "b"})
    told = answer.json()["items"]
    assert [item["status"] for item in told] == ["created", "refused", "refused", "unchanged", "refused"]
    assert told[0]["id"] == told[3]["id"]
    assert [item["problem"]["code"] for item in told if item["problem"]] == [
        "validation_failed",
        "outside_scope",
        "screening_already_recorded",
    ]
    assert len((await screening.get(URL)).json()["items"]) == 1
    assert len(await events_of(screening)) == 1


async def test_a_batch_needs_a_key_and_at_most_two_hundred(screening: httpx.AsyncClient) -> None:
    assert_problem(
        await screening.post(f"{URL}:batch", json={"items": [new_screening()]}), 400, "missing-idempotency-key"
    )
    many = {"items": [new_screening()] * 201}
    refused = await screening.post(f"{URL}:batch", json=many, headers={"idempotency-key": "c"})
    assert_problem(refused, 422, "validation-failed")


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"sex": "x"}, "/sex", "not_listed"),
        ({"subject_ref": None}, "/subject_ref", "wrong_type"),
        ({"unheard_of": 1}, "/unheard_of", "unknown"),
        ({"submission": {"born_on": "x", "administered_on": "2026-03-14"}}, "/submission/born_on", "wrong_format"),
    ],
)
async def test_a_field_that_is_wrong_refuses_its_own_screening_alone(
    screening: httpx.AsyncClient, wrong: dict[str, Any], pointer: str, code: str
) -> None:
    told = await send(screening, new_screening(), new_screening(**wrong), new_screening())
    assert [item["status"] for item in told] == ["created", "refused", "created"]
    problem = told[1]["problem"]
    assert (problem["code"], problem["instance"]) == ("validation_failed", "/items/1")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert len((await screening.get(URL)).json()["items"]) == 2


async def test_what_is_no_screening_at_all_refuses_itself_alone(screening: httpx.AsyncClient) -> None:
    told = await send(screening, None, "x", [], {}, new_screening())
    assert codes(told) == ["validation_failed"] * 4 + [None]


async def test_what_the_database_refuses_of_one_is_told_of_that_one(screening: httpx.AsyncClient) -> None:
    place = {"campaign_id": await add_campaign(screening), "implementer": "nobody"}
    told = await send(screening, new_screening(**place), new_screening())
    assert codes(told) == ["implementer_not_in_campaign", None]
    assert len(await events_of(screening)) == 1


async def test_a_batch_sent_again_with_its_key_is_answered_as_it_was(screening: httpx.AsyncClient) -> None:
    key, body = {"idempotency-key": "same"}, {"items": [new_screening(), {}]}
    first = await screening.post(f"{URL}:batch", json=body, headers=key)
    again = await screening.post(f"{URL}:batch", json=body, headers=key)
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert len((await screening.get(URL)).json()["items"]) == 1
    other = await screening.post(f"{URL}:batch", json={"items": [{}]}, headers=key)
    assert_problem(other, 422, "idempotency-key-reused")


async def test_an_external_id_of_another_county_is_as_good_as_unknown(screening: httpx.AsyncClient) -> None:
    there = call_as("early_screening_coordinator", counties=["2401"])
    await add_screening(screening, there, county_terc="2401", **NAMED)
    assert codes(await send(screening, new_screening(**NAMED))) == [None]
    single = await add_screening(screening, there, county_terc="2401", source="platform", external_id="8")
    assert (await add_screening(screening, source="platform", external_id="8"))["id"] != single["id"]
    assert_problem(await screening.post(URL, json=new_screening(**NAMED)), 409, "screening-already-recorded")


async def test_whoever_reaches_two_counties_may_have_one_id_in_both(screening: httpx.AsyncClient) -> None:
    both = call_as("early_screening_coordinator", counties=["2401", "2469"])
    here, there = new_screening(**NAMED), new_screening(county_terc="2401", **NAMED)
    told = await send(screening, here, there, here, there, headers=both)
    assert [item["status"] for item in told] == ["created", "created", "unchanged", "unchanged"]
    assert [told[2]["id"], told[3]["id"]] == [told[0]["id"], told[1]["id"]] != [told[1]["id"], told[0]["id"]]


async def test_a_screener_is_not_told_which_screening_another_institution_has(screening: httpx.AsyncClient) -> None:
    mine, other = str(uuid.uuid4()), str(uuid.uuid4())
    theirs = await add_screening(screening, institution_id=other, answers=CALLING, **NAMED)
    same = {name: theirs[name] for name in ("subject_ref", "sex")} | {"answers": CALLING} | NAMED
    screener = call_as("screener", institution=mine)
    told = await send(
        screening,
        new_screening(institution_id=mine, **same),
        new_screening(institution_id=other, **same),
        headers=screener,
    )
    assert (codes(told), {item["id"] for item in told}) == (["screening_already_recorded", "outside_scope"], {None})
    assert theirs["id"] not in str(told)
