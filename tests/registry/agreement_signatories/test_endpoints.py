"""The parties of agreements, through the API."""

import httpx
import pytest

from tests.registry.agreements.stories import Facts, draw_up, join, signed
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


@pytest.mark.parametrize("kind", ["county_agreement", "local_cooperation_pact"])
async def test_others_join_a_signed_pact_and_nothing_else(registry: httpx.AsyncClient, kind: str) -> None:
    path = await signed(registry, kind=kind, valid_to="2026-06-30")
    answer = await join(registry, path, party_name="Gmina", signed_on="2026-02-01")
    if kind == "county_agreement":
        assert assert_problem(answer, 409, "not-an-open-document")["allowed"] == ["terminate"]
        return
    assert (answer.status_code, answer.json()["joined_later"]) == (201, True)
    on_the_first_day = await registry.get(f"{path}/signatories?as_of=2026-01-31")
    assert len(on_the_first_day.json()["items"]) == 2
    assert len((await registry.get(f"{path}/signatories?as_of=2026-02-01")).json()["items"]) == 3


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "missing"),
        ({"signed_on": "2025-12-31"}, "wrong_order"),
        ({"signed_on": "2026-07-01"}, "outside_validity"),
        ({"signed_on": "2099-01-01"}, "in_future"),
    ],
)
async def test_who_joins_a_pact_joins_on_a_day_within_it(registry: httpx.AsyncClient, facts: Facts, code: str) -> None:
    path = await signed(registry, valid_to="2026-06-30")
    answer = await join(registry, path, party_name="Gmina", **facts)
    [error] = assert_problem(answer, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/signed_on", code)


async def test_nobody_joins_before_a_pact_begins(registry: httpx.AsyncClient) -> None:
    path = await signed(registry, valid_from="2026-03-01")
    answer = await join(registry, path, party_name="Gmina", signed_on="2026-02-01")
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == "outside_validity"


async def test_a_party_of_a_draft_has_no_date_yet(registry: httpx.AsyncClient) -> None:
    answer = await join(registry, await draw_up(registry), signed_on="2026-01-01")
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == "not_allowed"


async def test_nobody_is_a_party_twice_until_they_have_withdrawn(registry: httpx.AsyncClient) -> None:
    path, host = await signed(registry), await add_institution(registry)
    joining = {"signed_on": "2026-02-01", "institution_id": host["id"], "party_name": "Poradnia"}
    party = await join(registry, path, **joining)
    assert_problem(await join(registry, path, **joining), 409, "already-signatory")
    assert_problem(await join(registry, path, **joining | {"party_name": "Ta sama"}), 409, "duplicate")
    end = {"withdrawn_on": "2026-03-01", "reason": "połączenie"}
    left = await registry.post(
        f"{party.headers['location']}/withdraw", json=end, headers={"if-match": party.headers["etag"]}
    )
    assert (left.json()["withdrawn_on"], left.json()["version"]) == ("2026-03-01", 2)
    again = await registry.post(
        f"{party.headers['location']}/withdraw", json=end, headers={"if-match": left.headers["etag"]}
    )
    assert assert_problem(again, 409, "state-conflict")["state"] == "withdrawn"
    assert (await join(registry, path, **joining | {"signed_on": "2026-04-01"})).status_code == 201
    history = (await registry.get(f"{path}/signatories")).json()["items"]
    assert [one["withdrawn_on"] for one in history if one["party_name"] == "Poradnia"] == ["2026-03-01", None]
    for day, there in {"2026-02-28": 3, "2026-03-01": 2, "2026-03-31": 2, "2026-04-01": 3}.items():
        assert len((await registry.get(f"{path}/signatories?as_of={day}")).json()["items"]) == there


async def test_a_party_withdraws_neither_before_it_signed_nor_without_having_been_seen(
    registry: httpx.AsyncClient,
) -> None:
    path = await signed(registry)
    party = (await registry.get(f"{path}/signatories")).json()["items"][0]
    url, tag = f"{path}/signatories/{party['id']}/withdraw", {"if-match": f'"{party["id"]}:{party["version"]}"'}
    assert_problem(
        await registry.post(url, json={"withdrawn_on": "2026-03-01", "reason": "x"}), 428, "precondition-required"
    )
    for day, code in {"2025-12-31": "wrong_order", "2099-01-01": "in_future"}.items():
        answer = await registry.post(url, json={"withdrawn_on": day, "reason": "x"}, headers=tag)
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == code


async def test_an_unknown_institution_is_no_party(registry: httpx.AsyncClient) -> None:
    path = await draw_up(registry)
    answer = await join(registry, path, institution_id="01990000-0000-7000-8000-0000000000ff")
    assert assert_problem(answer, 422, "unknown-reference")["errors"][0]["pointer"] == "/institution_id"
    assert (await registry.get(f"{path}/signatories")).json()["items"] == []
