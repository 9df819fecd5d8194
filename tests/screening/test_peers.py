"""An institution that is registered nowhere is refused; a registry that does not answer keeps nobody from work."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from services.chassis.ground.correlation import current_deadline
from services.chassis.ground.problems import UpstreamTimeout
from services.screening import peers
from services.screening.settings import ScreeningSettings
from tests.screening.fhir.sent import FHIR, response
from tests.screening.screenings.made import URL, add_screening
from tests.screening.screenings.made import screening as new_screening
from tests.support.callers import call_as
from tests.support.institutions import Forms, account, institutions_by, provider, registry_with, silent_registry
from tests.support.problems import assert_outcome, assert_problem

KNOWN, NOWHERE = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


@pytest.fixture
async def asked() -> AsyncIterator[list[list[str]]]:
    """The ids of every question, to a registry that has one institution."""
    questions: list[list[str]] = []
    async with peers.asking(institutions_by(registry_with(KNOWN, asked=questions))):
        yield questions


async def test_a_screening_of_an_institution_that_is_registered_nowhere_is_refused(
    screening: httpx.AsyncClient, asked: list[list[str]]
) -> None:
    refused = await screening.post(URL, json=new_screening(institution_id=NOWHERE))
    problem = assert_problem(refused, 422, "unknown-reference")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("/institution_id", "not_found")]
    assert NOWHERE not in refused.text
    assert (await screening.get(URL)).json()["items"] == []
    assert asked == [[NOWHERE]]


async def test_a_response_in_fhir_of_such_an_institution_is_refused_where_it_says_so(
    screening: httpx.AsyncClient, asked: list[list[str]]
) -> None:
    sent = response(institution=NOWHERE)
    answer = await screening.post("/v1/screening/fhir/QuestionnaireResponse", json=sent, headers=FHIR)
    [error] = assert_outcome(answer, 422, "unknown-reference")["errors"]
    assert (error["pointer"], asked) == (f"/extension/{len(sent['extension']) - 1}/valueId", [[NOWHERE]])


async def test_an_institution_that_is_known_is_not_asked_about_again(
    screening: httpx.AsyncClient, asked: list[list[str]]
) -> None:
    for _ in range(3):
        await add_screening(screening, institution_id=KNOWN)
    await add_screening(screening)
    assert asked == [[KNOWN]]


async def test_what_is_known_is_asked_again_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "SECONDS_KNOWN", -1.0)
    questions: list[list[str]] = []
    institutions = institutions_by(registry_with(KNOWN, asked=questions))
    for _ in range(2):
        assert await institutions.find_unknown([uuid.UUID(KNOWN)]) == frozenset()
    assert questions == [[KNOWN], [KNOWN]]


async def test_a_batch_asks_once_and_refuses_the_one_screening(
    screening: httpx.AsyncClient, asked: list[list[str]]
) -> None:
    items: list[Any] = [new_screening(institution_id=one) for one in (KNOWN, NOWHERE, KNOWN)] + [{}, new_screening()]
    answer = await screening.post(f"{URL}:batch", json={"items": items}, headers={"idempotency-key": "b"})
    told = answer.json()["items"]
    assert [item["status"] for item in told] == ["created", "refused", "created", "refused", "created"]
    assert told[1]["problem"]["code"] == "unknown_reference"
    assert asked == [[KNOWN, NOWHERE]]


async def test_out_of_reach_is_said_before_unknown(screening: httpx.AsyncClient, asked: list[list[str]]) -> None:
    there = new_screening(institution_id=NOWHERE, county_terc="2401")
    assert_problem(await screening.post(URL, json=there, headers=call_as("screener")), 403, "outside-scope")
    assert len(asked) <= 1


@pytest.mark.parametrize(
    "fault", [lambda: httpx.Response(503), lambda: httpx.Response(403, json={}), lambda: httpx.Response(200, text="no")]
)
async def test_without_an_answer_institutions_are_taken_and_nobody_waits_again(
    screening: httpx.AsyncClient, fault: Any
) -> None:
    asked: list[int] = []
    async with peers.asking(institutions_by(silent_registry(asked, fault))):
        for _ in range(3):
            await add_screening(screening, institution_id=NOWHERE)
    assert len(asked) == 1


async def test_without_a_token_institutions_are_taken_too() -> None:
    institutions = institutions_by(registry_with(), account(provider(status=401)))
    assert await institutions.find_unknown([uuid.UUID(NOWHERE)]) == frozenset()


async def test_a_request_without_time_does_not_switch_the_question_off_for_others() -> None:
    asked: list[int] = []

    async def slow_at_first(_: httpx.Request) -> httpx.Response:
        asked.append(1)
        if len(asked) == 1:
            await asyncio.Event().wait()
        return httpx.Response(200, json={"items": []})

    institutions = institutions_by(httpx.MockTransport(slow_at_first))
    token = current_deadline.set(time.monotonic() + 0.02)
    with pytest.raises(UpstreamTimeout):
        await institutions.find_unknown([uuid.UUID(NOWHERE)])
    current_deadline.reset(token)
    assert await institutions.find_unknown([uuid.UUID(NOWHERE)]) == {uuid.UUID(NOWHERE)}


async def test_the_account_asks_for_its_scope_once_and_keeps_the_token() -> None:
    asked: Forms = []
    own = account(provider(asked))
    assert await own.token() == await own.token()
    [form] = asked
    assert (form["grant_type"], form["scope"]) == (["client_credentials"], ["registry:read"])
    assert form["authorization"][0].startswith("Basic ")
    await own.close()


def test_a_registry_without_an_account_is_no_setting() -> None:
    given = {"database_url": "x", "cursor_key": "k" * 32, "oidc_issuer": "i", "registry_url": "http://registry"}
    with pytest.raises(ValidationError, match="ACCOUNT_SECRET"):
        ScreeningSettings.model_validate(given)
