"""Many at once: one of twenty gets the last place, one accepts, and nothing goes out on a withdrawn consent."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.casework.place_releases.actions import give_places_back
from tests.casework.people.made import tag
from tests.casework.referrals.made import PROVIDER, ask, case_with_basis, read, send, sent, walked
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.records import app_of, fetch

STANDING = """
SELECT count(*) FROM referrals AS r JOIN consents AS c ON c.id = r.consent_id
WHERE r.closed_at IS NULL AND c.withdrawn_at IS NOT NULL
"""


@pytest.fixture
async def registry() -> AsyncIterator[FakeRegistry]:
    async with playing(FakeRegistry()) as registry:
        yield registry


async def test_of_twenty_cases_that_want_the_last_place_one_gets_it(
    racing_casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    cases = [(await case_with_basis(racing_casework))[0] for _ in range(20)]
    answers = await asyncio.gather(*[send(racing_casework, case) for case in cases])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert registry.states == ["reserved"]
    assert await fetch(racing_casework, "SELECT count(*) FROM disclosures") == [(1,)]


async def test_of_twenty_who_accept_at_once_one_does_and_one_place_is_taken(
    racing_casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(racing_casework)
    referral = await walked(racing_casework, await sent(racing_casework, case), "receive")
    answers = await asyncio.gather(*[ask(racing_casework, referral, "accept", PROVIDER) for _ in range(20)])
    statuses = sorted(answer.status_code for answer in answers)
    assert (statuses[0], {*statuses[1:]} <= {412, 503}) == (200, True)
    assert registry.states == ["taken"]
    assert len((await read(racing_casework, referral))["steps"]) == 3


async def test_of_accepting_declining_and_withdrawing_at_once_one_happens_and_no_place_is_lost(
    racing_casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    case, _ = await case_with_basis(racing_casework)
    referral = await walked(racing_casework, await sent(racing_casework, case), "receive")
    asked = [
        ask(racing_casework, referral, "accept", PROVIDER),
        ask(racing_casework, referral, "decline", PROVIDER, reason="no_capacity"),
        ask(racing_casework, referral, "withdraw", reason="need_ceased"),
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    await give_places_back(app_of(racing_casework).state.database)
    state = (await read(racing_casework, referral))["state"]
    assert registry.states == ["taken" if state == "accepted" else "released"]


async def test_nothing_is_sent_or_received_on_a_consent_that_is_withdrawn_meanwhile(
    racing_casework: httpx.AsyncClient, registry: FakeRegistry
) -> None:
    registry.service["free_places"] = 50
    case, consent = await case_with_basis(racing_casework)
    waiting = [await sent(racing_casework, case) for _ in range(4)]

    async def withdraw() -> httpx.Response:
        """Withdraw the consent; again where somebody else was at it too long."""
        path = f"/v1/casework/consents/{consent['id']}/withdraw"
        while (answer := await racing_casework.post(path, headers=tag(consent))).status_code == 503:
            pass
        return answer

    sending = [send(racing_casework, case) for _ in range(4)]
    receiving = [ask(racing_casework, referral, "receive", PROVIDER) for referral in waiting]
    withdrawn, *answers = await asyncio.gather(withdraw(), *sending, *receiving)
    assert withdrawn.status_code == 200, withdrawn.text
    assert {answer.status_code for answer in answers[:4]} <= {201, 403, 503}
    assert {answer.status_code for answer in answers[4:]} <= {200, 403, 409, 412, 503}
    assert await fetch(racing_casework, STANDING) == [(0,)]
    assert await fetch(racing_casework, "SELECT count(*) FROM disclosures WHERE state = 'queued'") == [(0,)]
    for referral in waiting:
        seen = await read(racing_casework, referral, PROVIDER)
        assert (seen["state"], seen["person"]) == ("withdrawn", None)
    parties = "SELECT count(*) FROM relations WHERE kind = 'party' AND object_id = CAST(:person AS uuid)"
    assert await fetch(racing_casework, parties, person=case["person_id"]) == [(0,)]
