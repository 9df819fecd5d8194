"""Agreements, their parties and their texts, through the API."""

from typing import Any

import httpx
import pytest

from tests.registry.agreements.asks import AGREEMENT, PARTIES, TEXT
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, change, fetch

URL = "/v1/registry/agreements"
Facts = dict[str, Any]


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def draw_up(client: httpx.AsyncClient, **facts: Any) -> str:
    """The address of a draft."""
    answer = await client.post(URL, json=AGREEMENT | {"county_terc": "2469"} | facts)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def seen(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    """The condition that nobody has changed it since now."""
    return {"if-match": (await client.get(path)).headers["etag"]}


async def join(client: httpx.AsyncClient, path: str, **facts: Any) -> httpx.Response:
    return await client.post(f"{path}/signatories", json=PARTIES[0] | facts)


async def sign(client: httpx.AsyncClient, path: str, day: str = "2026-01-01") -> httpx.Response:
    return await client.post(f"{path}/sign", json={"signed_on": day}, headers=await seen(client, path))


async def signed(client: httpx.AsyncClient, **facts: Any) -> str:
    """The address of an agreement of two parties, signed on the first day of 2026."""
    path = await draw_up(client, **facts)
    for party in PARTIES:
        assert (await join(client, path, **party)).status_code == 201
    assert (await client.post(f"{path}/versions", json=TEXT)).status_code == 201
    answer = await sign(client, path)
    assert answer.status_code == 200, answer.text
    return path


async def titles(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_an_annex_prolongs_what_is_signed_and_the_former_last_day_is_kept(registry: httpx.AsyncClient) -> None:
    path = await signed(registry, valid_to="2026-12-31")
    annex = TEXT | {"valid_from": "2026-06-01", "valid_to": "2028-12-31"}
    for wrong in ("2026-12-31", "2026-07-01"):
        refused = await registry.post(f"{path}/versions", json=annex | {"valid_to": wrong})
        assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    made = (await registry.post(f"{path}/versions", json=annex)).json()
    assert (made["number"], made["valid_to"], made["valid_to_before"]) == (2, "2028-12-31", "2026-12-31")
    assert (await registry.get(path)).json()["valid_to"] == "2028-12-31"
    assert await titles(registry, "as_of=2027-06-01") == ["Pakt"]


async def test_neither_a_draft_nor_what_has_no_end_is_prolonged(registry: httpx.AsyncClient) -> None:
    annex = TEXT | {"valid_to": "2028-12-31"}
    for path in (await draw_up(registry, valid_to="2026-12-31"), await signed(registry)):
        refused = await registry.post(f"{path}/versions", json=annex)
        assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "not_allowed"
        assert (await registry.get(path)).json()["valid_to"] in {None, "2026-12-31"}


async def test_a_draft_is_refused_its_signature_until_nothing_is_missing(registry: httpx.AsyncClient) -> None:
    path = await draw_up(registry, valid_from=None)
    refused = assert_problem(await sign(registry, path), 409, "agreement-incomplete")
    assert refused["missing"] == ["valid_from", "document_version", "signatories"]
    await registry.patch(path, json={"valid_from": "2026-01-01"}, headers=await seen(registry, path))
    await registry.post(f"{path}/versions", json=TEXT)
    await join(registry, path)
    assert assert_problem(await sign(registry, path), 409, "agreement-incomplete")["missing"] == ["signatories"]
    await join(registry, path, party_name="Gmina")
    made = (await sign(registry, path)).json()
    assert (made["state"], made["signed_on"], made["signatories"], made["text_number"]) == (
        "signed",
        "2026-01-01",
        2,
        1,
    )
    parties = (await registry.get(f"{path}/signatories")).json()["items"]
    assert {party["signed_on"] for party in parties} == {"2026-01-01"}
    assert not any(party["joined_later"] for party in parties)


async def test_a_letter_of_intent_goes_from_an_author_to_its_addressees_source_004(
    registry: httpx.AsyncClient,
) -> None:
    path = await draw_up(registry, kind="letter_of_intent")
    await registry.post(f"{path}/versions", json=TEXT)
    wrong = assert_problem(await join(registry, path), 422, "validation-failed")
    assert (wrong["errors"][0]["pointer"], wrong["errors"][0]["code"]) == ("/role", "not_allowed")
    for number in (1, 2):
        await join(registry, path, party_name=f"Rada {number}", role="addressee")
    assert assert_problem(await sign(registry, path), 409, "agreement-incomplete")["missing"] == ["author"]
    await join(registry, path, party_name="Zarząd powiatu", role="author")
    assert (await sign(registry, path)).json()["signatories"] == 3


@pytest.mark.parametrize(
    ("day", "code"), [("2099-01-01", "in_future"), ("2026-02-01", None), ("2026-02-02", "outside_validity")]
)
async def test_an_agreement_is_signed_neither_in_the_future_nor_after_its_last_day(
    registry: httpx.AsyncClient, day: str, code: str | None
) -> None:
    path = await draw_up(registry, valid_to="2026-02-01")
    for party in PARTIES:
        await join(registry, path, **party)
    await registry.post(f"{path}/versions", json=TEXT)
    answer = await sign(registry, path, day)
    if code is None:
        assert answer.status_code == 200
    else:
        assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == code


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


async def test_the_text_that_was_signed_stays_and_an_annex_has_its_own_number(registry: httpx.AsyncClient) -> None:
    path = await signed(registry)
    annex = TEXT | {"document_sha256": "b" * 64, "valid_from": "2026-03-01", "note": "aneks nr 1"}
    added = await registry.post(f"{path}/versions", json=annex)
    assert (added.status_code, added.json()["number"], added.json()["recorded_by"]) == (201, 2, "registry_editor")
    texts = (await registry.get(f"{path}/versions")).json()["items"]
    assert [(text["number"], text["document_sha256"][0]) for text in texts] == [(2, "b"), (1, "a")]
    earlier = await registry.post(f"{path}/versions", json=annex | {"valid_from": "2026-02-28"})
    assert assert_problem(earlier, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    assert (await registry.get(path)).json()["text_number"] == 2


@pytest.mark.parametrize("checksum", ["a" * 63, "a" * 65, "A" * 64, "g" * 64, ""])
async def test_a_text_has_a_checksum(registry: httpx.AsyncClient, checksum: str) -> None:
    path = await draw_up(registry)
    answer = await registry.post(f"{path}/versions", json=TEXT | {"document_sha256": checksum})
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == "/document_sha256"


async def test_what_is_signed_is_not_amended_and_not_signed_again(registry: httpx.AsyncClient) -> None:
    path = await signed(registry)
    for answer in (
        await registry.patch(path, json={"title": "Inny"}, headers=await seen(registry, path)),
        await sign(registry, path),
    ):
        refused = assert_problem(answer, 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("signed", ["terminate"])


async def test_a_terminated_agreement_takes_nothing_more(registry: httpx.AsyncClient) -> None:
    path = await signed(registry)
    party = (await registry.get(f"{path}/signatories")).json()["items"][0]
    end = {"terminated_on": "2026-05-01", "reason": "wypowiedzenie"}
    ended = await registry.post(f"{path}/terminate", json=end, headers=await seen(registry, path))
    assert (ended.json()["state"], ended.json()["reason"]) == ("terminated", "wypowiedzenie")
    tag = await seen(registry, path)
    leaving = {"withdrawn_on": "2026-05-01", "reason": "x"}
    of_party = {"if-match": f'"{party["id"]}:2"'}
    for answer in (
        await join(registry, path, party_name="Gmina", signed_on="2026-04-01"),
        await registry.post(f"{path}/versions", json=TEXT),
        await registry.post(f"{path}/signatories/{party['id']}/withdraw", json=leaving, headers=of_party),
        await registry.post(f"{path}/terminate", json=end, headers=tag),
        await registry.post(f"{path}/sign", json={"signed_on": "2026-01-01"}, headers=tag),
        await registry.patch(path, json={"title": "Inny"}, headers=tag),
    ):
        refused = assert_problem(answer, 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("terminated", [])


@pytest.mark.parametrize(
    ("day", "code"), [("2025-12-31", "wrong_order"), ("2026-07-01", "outside_validity"), ("2099-01-01", "in_future")]
)
async def test_an_agreement_is_terminated_on_a_day_of_its_life(
    registry: httpx.AsyncClient, day: str, code: str
) -> None:
    path = await signed(registry, valid_to="2026-06-30")
    body = {"terminated_on": day, "reason": "x"}
    answer = await registry.post(f"{path}/terminate", json=body, headers=await seen(registry, path))
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == code


async def test_a_draft_is_not_terminated(registry: httpx.AsyncClient) -> None:
    path = await draw_up(registry)
    body = {"terminated_on": "2026-01-01", "reason": "x"}
    answer = await registry.post(f"{path}/terminate", json=body, headers=await seen(registry, path))
    assert assert_problem(answer, 409, "state-conflict")["allowed"] == ["sign"]


async def test_an_expired_agreement_is_shown_so_even_to_who_knows_its_newest_version(
    registry: httpx.AsyncClient,
) -> None:
    path = await signed(registry)
    known = {"if-none-match": (await registry.get(path)).headers["etag"]}
    assert (await registry.get(path, headers=known)).status_code == 304
    await change(registry, "UPDATE agreements SET valid_to = CURRENT_DATE - 2")
    answer = await registry.get(path, headers=known)
    assert (answer.status_code, answer.json()["state"]) == (200, "expired")
    assert await titles(registry, "state=expired") == ["Pakt"]
    assert await titles(registry, "state=signed&state=draft&state=terminated") == []


@pytest.mark.parametrize(
    ("day", "binding"), [("2025-12-31", 0), ("2026-01-01", 2), ("2026-01-31", 2), ("2026-02-01", 1), ("2026-03-01", 0)]
)
async def test_a_list_as_of_a_day_has_what_binds_on_it(registry: httpx.AsyncClient, day: str, binding: int) -> None:
    await signed(registry, valid_to="2026-01-31")
    path = await signed(registry)
    end = {"terminated_on": "2026-03-01", "reason": "koniec"}
    await registry.post(f"{path}/terminate", json=end, headers=await seen(registry, path))
    await draw_up(registry)
    assert len(await titles(registry, f"as_of={day}")) == binding


async def test_agreements_are_found_by_kind_and_place(registry: httpx.AsyncClient) -> None:
    await draw_up(registry, title="A", kind="county_agreement")
    await draw_up(registry, title="B", commune_terc="2469011")
    other = call_as("registry_editor", counties=["2401"])
    await registry.post(URL, json=AGREEMENT | {"county_terc": "2401", "title": "C"}, headers=other)
    assert await titles(registry, "") == ["A", "B", "C"]
    assert await titles(registry, "kind=county_agreement") == ["A"]
    assert await titles(registry, "county_terc=2469") == ["A", "B"]
    assert await titles(registry, "commune_terc=2469011") == ["B"]
    assert await titles(registry, "sort=-county_terc,title&state=draft") == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("facts", "pointer", "code", "slug"),
    [
        ({"valid_to": "2025-12-31"}, "/valid_to", "wrong_order", "validation-failed"),
        ({"commune_terc": "2401011"}, "/commune_terc", "outside_county", "validation-failed"),
        ({"commune_terc": "2469999"}, "/commune_terc", "not_found", "unknown-reference"),
        ({"county_terc": "9999"}, "/county_terc", "not_found", "unknown-reference"),
    ],
)
async def test_what_does_not_go_together_is_named(
    registry: httpx.AsyncClient, facts: Facts, pointer: str, code: str, slug: str
) -> None:
    answer = await registry.post(URL, json=AGREEMENT | {"county_terc": "2469"} | facts)
    [error] = assert_problem(answer, 422, slug)["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_an_unknown_institution_is_no_party(registry: httpx.AsyncClient) -> None:
    path = await draw_up(registry)
    answer = await join(registry, path, institution_id="01990000-0000-7000-8000-0000000000ff")
    assert assert_problem(answer, 422, "unknown-reference")["errors"][0]["pointer"] == "/institution_id"
    assert (await registry.get(f"{path}/signatories")).json()["items"] == []


async def test_every_change_tells_and_is_recorded_and_makes_a_version(registry: httpx.AsyncClient) -> None:
    path = await signed(registry)
    told = await fetch(registry, "SELECT type, subject_version, data FROM events ORDER BY position")
    kinds = ["created", "signatory-added", "signatory-added", "text-added", "signed"]
    assert [event.type for event in told] == [f"registry.agreement.{kind}" for kind in kinds]
    assert [event.subject_version for event in told] == [1, 2, 3, 4, 5]
    assert not any("Powiat" in str(event.data) for event in told)
    assert (await registry.get(path)).json()["version"] == 5
    recorded = await fetch(registry, "SELECT county_terc FROM audit_records WHERE action LIKE '%agreement%'")
    assert [row.county_terc for row in recorded] == ["2469"] * 3
