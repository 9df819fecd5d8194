"""Confirmed positives become referrals, each one; what takes them back withdraws them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from services.casework.peers import SCREENING_SCOPE, Screening, asking
from services.casework.problems import ProcessingRestricted
from services.casework.referral_intakes.actions import FOLLOWER
from services.chassis.following.followers import FollowedEvent
from services.chassis.peers import Peer
from tests.casework.people.made import registered, tag
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.made import REFERRALS, SENDER, ask, move, read
from tests.casework.referrals.registries import account
from tests.support.callers import OWN_INSTITUTION
from tests.support.problems import assert_problem
from tests.support.records import app_of

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
LATER = "2099-01-01T00:00:00Z"


@dataclass
class Result:
    """One screening, as it stands, and what is told of it."""

    subject_ref: str = field(default_factory=lambda: str(uuid.uuid4()))
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    facts: dict[str, Any] = field(default_factory=dict)
    told: int = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What screening answers."""
        assert request.url.path == f"/v1/screening/screenings/{self.id}"
        shown = {
            "id": self.id,
            "state": "confirmed",
            "subject_ref": self.subject_ref,
            "county_terc": "2469",
            "institution_id": OWN_INSTITUTION,
            "outcome": "positive",
            "has_consent": True,
            "submitted_at": "2026-01-02T10:00:00Z",
            "consent_recorded_at": None,
        }
        return httpx.Response(200, json={**shown, **self.facts})

    async def tell(self, client: httpx.AsyncClient, kind: str = "confirmed-positive", **facts: Any) -> None:
        """Let casework carry an event out."""
        self.facts |= facts
        self.told += 1
        event = FollowedEvent(
            id=uuid.uuid4(),
            type=f"screening.screening.{kind}",
            subject=f"screenings/{self.id}",
            subjectversion=self.told,
            sequence=self.told,
            countyterc="2469",
            traceid=TRACE,
            data={},
        )
        async with app_of(client).state.database.change() as change:
            await FOLLOWER.carry_out(change, event)


@pytest.fixture
def result() -> Iterator[Result]:
    result = Result()
    peer = Peer("http://screening", transport=httpx.MockTransport(result.answer))
    with asking(screening=Screening(peer, account(SCREENING_SCOPE))):
        yield result


async def listed(client: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await client.get(REFERRALS, params=query)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def known_child(client: httpx.AsyncClient, result: Result) -> dict[str, Any]:
    """A child under whose reference the screening was done."""
    child = await registered(client)
    answer = await client.get(f"/v1/casework/people/{child['id']}/subject-reference")
    result.subject_ref = answer.json()["subject_ref"]
    return child


async def test_a_confirmed_positive_becomes_one_referral_of_the_child(
    casework: httpx.AsyncClient, result: Result
) -> None:
    child = await known_child(casework, result)
    for _ in range(2):
        await result.tell(casework)
    [item] = await listed(casework)
    assert (item["source"], item["state"], item["person_id"]) == ("screening", "sent", child["id"])
    assert (item["screening_id"], item["institution_id"]) == (result.id, OWN_INSTITUTION)
    [consent] = (await casework.get("/v1/casework/consents")).json()["items"]
    assert (consent["person_id"], consent["purpose"]) == (child["id"], "referral")
    assert result.id in consent["evidence"]
    whole = await read(casework, item)
    assert [step["by"] for step in whole["steps"]] == ["feed:screening"]
    seen = await read(casework, item, SENDER)
    assert (seen["state"], seen["person_id"], seen["screening_id"]) == ("sent", None, None)


@pytest.mark.parametrize("facts", [{"state": "annulled"}, {"has_consent": False}, {"outcome": "negative"}])
async def test_what_does_not_stand_any_more_is_not_referred(
    casework: httpx.AsyncClient, result: Result, facts: dict[str, Any]
) -> None:
    await known_child(casework, result)
    await result.tell(casework, **facts)
    assert await listed(casework) == []


@pytest.mark.parametrize(
    ("kind", "reason"), [("consent-withdrawn", "consent_withdrawn"), ("annulled", "entered_in_error")]
)
async def test_what_is_taken_back_at_screening_is_withdrawn_here(
    casework: httpx.AsyncClient, result: Result, kind: str, reason: str
) -> None:
    await known_child(casework, result)
    await result.tell(casework)
    for _ in range(2):
        await result.tell(casework, kind)
    [item] = await listed(casework)
    assert (item["state"], item["reason"]) == ("withdrawn", reason)
    withdrawn = (await casework.get("/v1/casework/consents", params={"is_withdrawn": "true"})).json()["items"]
    assert len(withdrawn) == (kind == "consent-withdrawn")


async def test_a_consent_that_is_withdrawn_here_withdraws_the_referral(
    casework: httpx.AsyncClient, result: Result
) -> None:
    await known_child(casework, result)
    await result.tell(casework)
    [consent] = (await casework.get("/v1/casework/consents")).json()["items"]
    answer = await casework.post(f"/v1/casework/consents/{consent['id']}/withdraw", headers=tag(consent))
    assert answer.status_code == 200, answer.text
    [item] = await listed(casework)
    assert (item["state"], item["reason"]) == ("withdrawn", "consent_withdrawn")
    # A positive that is scored and confirmed again is told again, and nobody has agreed since.
    await result.tell(casework)
    assert await listed(casework) == [item]
    await result.tell(casework, consent_recorded_at=LATER)
    assert [each["state"] for each in await listed(casework)] == ["sent"]


async def test_a_result_that_is_positive_no_more_withdraws_the_referral_until_it_is_again(
    casework: httpx.AsyncClient, result: Result
) -> None:
    await known_child(casework, result)
    await result.tell(casework, "confirmed")
    assert await listed(casework) == []
    await result.tell(casework)
    await result.tell(casework, "confirmed")
    assert [item["state"] for item in await listed(casework)] == ["sent"]
    # Scored again by other norms, and not confirmed yet: nobody has decided anything.
    await result.tell(casework, "confirmed", state="scored", outcome="negative")
    assert [item["state"] for item in await listed(casework)] == ["sent"]
    for _ in range(2):
        await result.tell(casework, "confirmed", state="confirmed")
    [item] = await listed(casework)
    assert (item["state"], item["reason"]) == ("withdrawn", "need_ceased")
    await result.tell(casework, outcome="positive")
    [item] = await listed(casework)
    assert (item["state"], item["reason"]) == ("sent", None)
    # What the guardian had agreed to stood all the time.
    assert len((await casework.get("/v1/casework/consents")).json()["items"]) == 1


async def test_a_guardian_who_agrees_again_is_heard(casework: httpx.AsyncClient, result: Result) -> None:
    await known_child(casework, result)
    await result.tell(casework)
    await result.tell(casework, "consent-withdrawn")
    await result.tell(casework, consent_recorded_at=LATER)
    [item] = await listed(casework)
    assert (item["state"], item["reason"], item["closed_at"]) == ("sent", None, None)
    whole = await read(casework, item)
    assert [step["state"] for step in whole["steps"]] == ["sent", "withdrawn", "sent"]


async def test_a_referral_of_nobody_known_waits_to_be_identified(casework: httpx.AsyncClient, result: Result) -> None:
    await result.tell(casework)
    [item] = await listed(casework, is_identified="false")
    assert (item["person_id"], item["subject_ref"]) == (None, result.subject_ref)
    received = await move(casework, await read(casework, item), "receive")
    refused = assert_problem(await ask(casework, received, "accept"), 409, "state-conflict")
    assert refused["missing"] == ["person_id"]
    child = await registered(casework)
    unsure = await ask(casework, received, "identify", person_id=child["id"])
    assert assert_problem(unsure, 422, "validation-failed")["errors"][0]["code"] == "contradicts"
    identified = await move(casework, received, "identify", person_id=child["id"], is_joined=True)
    assert identified["person_id"] == child["id"]
    [noted] = await rows(casework, "SELECT detail FROM audit_records WHERE action = 'identify_referral'")
    assert (noted["detail"]["is_joined"], noted["detail"]["people"]) == (True, [child["id"]])
    again = await ask(casework, identified, "identify", person_id=child["id"])
    assert_problem(again, 409, "already-identified")
    assert (await move(casework, identified, "accept"))["state"] == "accepted"
    assert await listed(casework, is_identified="false") == []
    # Who was joined to the reference once is found by it the next time.
    result.id = str(uuid.uuid4())
    await result.tell(casework)
    assert {item["person_id"] for item in await listed(casework)} == {child["id"]}


async def test_an_end_of_a_referral_of_nobody_known_takes_no_words_that_would_be_lost(
    casework: httpx.AsyncClient, result: Result
) -> None:
    await result.tell(casework)
    [item] = await listed(casework)
    received = await move(casework, await read(casework, item), "receive")
    for facts, fields in (
        ({"reason": "already_supported", "note": "jest już pod opieką poradni"}, ["note"]),
        ({"reason": "other", "note": "wyjechali"}, ["note", "reason"]),
        ({"reason": "other"}, ["reason"]),
    ):
        problem = assert_problem(await ask(casework, received, "decline", **facts), 422, "validation-failed")
        found = [(error["pointer"], error["code"]) for error in problem["errors"]]
        assert found == [(f"/{field}", "not_allowed") for field in fields]
    assert (await move(casework, received, "decline", reason="already_supported"))["state"] == "declined"


async def test_nobody_of_another_county_is_identified(casework: httpx.AsyncClient, result: Result) -> None:
    await result.tell(casework)
    [item] = await listed(casework)
    answer = await ask(casework, await read(casework, item), "identify", person_id=str(uuid.uuid4()), is_joined=True)
    assert_problem(answer, 404, "person-not-found")


async def test_of_whom_processing_is_restricted_nothing_is_referred(
    casework: httpx.AsyncClient, result: Result
) -> None:
    child = await known_child(casework, result)
    await rows(casework, "UPDATE people SET restricted_at = now() WHERE id = $1 RETURNING 1", child["id"])
    with pytest.raises(ProcessingRestricted):
        await result.tell(casework)
