"""What casework expects of screening when a confirmed positive is to be referred, asked of the real one in process.

It follows the feed with an account of its own, is told ids only, and reads by them what it needs.
"""

from datetime import datetime
from typing import Any

import httpx
import pytest

from services.casework.peers import SCREENING_SCOPE as SCOPE
from services.casework.peers import ConfirmedScreening, Screening, asking
from services.casework.referral_intakes.actions import FOLLOWER
from services.chassis.following import following
from services.chassis.following.followers import FollowedEvent, FollowedPage, Source
from services.chassis.following.following import FeedRunner
from services.chassis.peers import Peer, PeerRefused
from tests.casework.people.made import registered
from tests.casework.referrals.registries import account as own_account
from tests.screening.screenings.made import CALLING, SUBMISSION, TYPICAL, act, add_screening
from tests.support.callers import OTHER_COUNTY, OWN_INSTITUTION, call_as
from tests.support.records import app_of

FEED = "/v1/screening/events"
CONFIRMED_POSITIVE = "screening.screening.confirmed-positive"


class Read(ConfirmedScreening):
    """The fields that a referral is made of, and the version that an event names."""

    version: int


def account(scope: str = SCOPE, county: str = "2469") -> str:
    """The token of casework's account. It has neither a role nor an institution."""
    headers = call_as(scope=scope, counties=[county], institution=None)
    return headers["authorization"].removeprefix("Bearer ")


def peer(client: httpx.AsyncClient) -> Peer:
    return Peer("http://screening", transport=httpx.ASGITransport(app_of(client)))


async def told(client: httpx.AsyncClient, token: str) -> list[FollowedEvent]:
    return (await peer(client).get(FEED, FollowedPage, token=token, after="0", limit=100)).items


async def read(client: httpx.AsyncClient, event: FollowedEvent, token: str) -> Read:
    return await peer(client).get(event.data["href"], Read, token=token)


async def add_confirmed(client: httpx.AsyncClient, *, consent: bool = True, **facts: Any) -> dict[str, Any]:
    """A screening that a second person stands by."""
    submission = SUBMISSION | {"consent_to_refer": consent}
    made = await add_screening(client, **{"answers": CALLING, "submission": submission, **facts})
    answer = await act(client, made, "confirm")
    assert answer.status_code == 200, answer.text
    confirmed: dict[str, Any] = answer.json()
    return confirmed


@pytest.mark.parametrize("county", ["2469", "*"])
async def test_a_confirmed_positive_is_told_by_ids_and_read_by_its_address(
    screening: httpx.AsyncClient, county: str
) -> None:
    made = await add_confirmed(screening, institution_id=OWN_INSTITUTION)
    token = account(county=county)
    [event] = [one for one in await told(screening, token) if one.type == CONFIRMED_POSITIVE]
    href = f"/v1/screening/screenings/{made['id']}"
    ids = {"href": href, "subject_ref": made["subject_ref"], "institution_id": OWN_INSTITUTION}
    assert event.data == ids, "nothing but ids and where to read"
    assert (event.subject, event.countyterc) == (f"screenings/{made['id']}", "2469")
    found = await read(screening, event, token)
    assert found.version == event.subjectversion == made["version"]
    assert found.model_dump(mode="json", exclude={"version", "submitted_at"}) == {
        "id": made["id"],
        "state": "confirmed",
        "subject_ref": made["subject_ref"],
        "county_terc": "2469",
        "institution_id": OWN_INSTITUTION,
        "outcome": "positive",
        "has_consent": True,
        "consent_recorded_at": None,
    }
    assert found.submitted_at == datetime.fromisoformat(made["submitted_at"])
    agreed = await act(screening, made, "consent", {"consent_to_refer": False})
    await act(screening, agreed.json(), "consent", {"consent_to_refer": True})
    now = await read(screening, event, token)
    assert found.submitted_at is not None
    assert now.consent_recorded_at is not None
    assert now.consent_recorded_at > found.submitted_at


@pytest.mark.parametrize("facts", [{"answers": TYPICAL}, {"consent": False}])
async def test_what_is_not_to_be_referred_is_not_told_as_such(
    screening: httpx.AsyncClient, facts: dict[str, Any]
) -> None:
    await add_confirmed(screening, **facts)
    kinds = {event.type for event in await told(screening, account())}
    assert "screening.screening.confirmed" in kinds
    assert CONFIRMED_POSITIVE not in kinds


@pytest.mark.parametrize(
    ("verb", "body", "kind"),
    [
        ("consent", {"consent_to_refer": False}, "consent-withdrawn"),
        ("annul", {"reason": "pomyłka"}, "annulled"),
    ],
)
async def test_what_takes_a_referral_back_is_told_of_the_same_subject_later(
    screening: httpx.AsyncClient, verb: str, body: dict[str, Any], kind: str
) -> None:
    made = await add_confirmed(screening)
    assert (await act(screening, made, verb, body)).status_code == 200
    token = account()
    positive, later = [
        one for one in await told(screening, token) if one.type.endswith((CONFIRMED_POSITIVE, f".{kind}"))
    ]
    assert (positive.type, later.type) == (CONFIRMED_POSITIVE, f"screening.screening.{kind}")
    assert positive.subject == later.subject
    assert (positive.sequence, positive.subjectversion) < (later.sequence, later.subjectversion)
    # The event may be old when it is carried out: what is read is how it stands now.
    found = await read(screening, positive, token)
    assert (found.version, found.has_consent if verb == "consent" else found.state) == (
        later.subjectversion,
        False if verb == "consent" else "annulled",
    )


async def test_an_account_of_another_county_is_told_nothing_and_finds_nothing(screening: httpx.AsyncClient) -> None:
    await add_confirmed(screening)
    [event] = [one for one in await told(screening, account()) if one.type == CONFIRMED_POSITIVE]
    elsewhere = account(county=OTHER_COUNTY)
    assert await told(screening, elsewhere) == []
    with pytest.raises(PeerRefused) as refused:
        await read(screening, event, elsewhere)
    assert refused.value.members == {"peer_status": 404, "peer_code": "screening_not_found"}


@pytest.mark.parametrize("scope", ["events:read", "events:read registry:read"])
async def test_without_the_scope_to_read_screenings_nothing_is_told(screening: httpx.AsyncClient, scope: str) -> None:
    await add_confirmed(screening)
    assert await told(screening, account(scope)) == []


async def test_real_events_become_a_referral_and_take_it_back(
    screening: httpx.AsyncClient, casework: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "SECONDS_TO_WAIT", 0)
    child = await registered(casework)
    reference = (await casework.get(f"/v1/casework/people/{child['id']}/subject-reference")).json()["subject_ref"]
    made = await add_confirmed(screening, subject_ref=reference)
    stranger = await add_confirmed(screening)

    async def followed() -> dict[str, tuple[str, str | None]]:
        """Of each screening the state of its referral and whom it is about."""
        source = Source(peer(screening), own_account(SCOPE))
        with asking(screening=Screening(peer(screening), own_account(SCOPE))):
            await FeedRunner(app_of(casework).state.database, FOLLOWER, source).pull()
        items = (await casework.get("/v1/casework/referrals")).json()["items"]
        return {item["screening_id"]: (item["state"], item["person_id"]) for item in items}

    assert await followed() == {made["id"]: ("sent", child["id"]), stranger["id"]: ("sent", None)}
    assert (await act(screening, made, "consent", {"consent_to_refer": False})).status_code == 200
    assert (await act(screening, stranger, "annul", {"reason": "pomyłka"})).status_code == 200
    assert await followed() == {made["id"]: ("withdrawn", child["id"]), stranger["id"]: ("withdrawn", None)}
    assert await followed() == {made["id"]: ("withdrawn", child["id"]), stranger["id"]: ("withdrawn", None)}
