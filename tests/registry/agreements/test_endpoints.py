"""Agreements, through the API."""

from datetime import date

import httpx
import pytest

from services.chassis.ground import clock
from tests.registry.agreements.asks import AGREEMENT, PARTIES, TEXT
from tests.registry.agreements.stories import URL, Facts, draw_up, join, seen, sign, signed, titles
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, change, fetch


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


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
        await join(registry, path, party_name="Gmina", signed_on="2026-05-01"),
        await registry.post(f"{path}/versions", json=TEXT | {"valid_from": "2026-05-01"}),
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


@pytest.mark.parametrize(("today", "state"), [("2026-06-30", "signed"), ("2026-07-01", "expired")])
async def test_an_agreement_expires_the_day_after_its_last_day(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, today: str, state: str
) -> None:
    path, draft = await signed(registry, valid_to="2026-06-30"), await draw_up(registry, valid_to="2026-06-30")
    monkeypatch.setattr(clock, "today", lambda: date.fromisoformat(today))
    assert (await registry.get(path)).json()["state"] == state
    assert (await registry.get(draft)).json()["state"] == "draft"


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
