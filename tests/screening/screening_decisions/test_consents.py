"""A guardian who agrees to a referral after the screening was confirmed, refuses it, or takes that back."""

import httpx
import pytest

from tests.screening.screenings.made import CALLING, SUBMISSION, TYPICAL, URL, Made, act, add_screening, events_of
from tests.support.problems import assert_problem
from tests.support.records import fetch


async def confirmed(client: httpx.AsyncClient, answers: Made, **submission: object) -> Made:
    """A screening that a person stands by."""
    made = await add_screening(client, answers=answers, submission=SUBMISSION | submission)
    found: Made = (await act(client, made, "confirm")).json()
    return found


async def consent(client: httpx.AsyncClient, made: Made, agreed: bool) -> Made:
    """The screening after the guardian's word was recorded."""
    answer = await act(client, made, "consent", {"consent_to_refer": agreed})
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{made["id"]}:{answer.json()["version"]}"'
    found: Made = answer.json()
    return found


async def told_since(client: httpx.AsyncClient, made: Made) -> list[tuple[str, int]]:
    """What was told of a screening after this version of it, and of which version each tells."""
    events = [event for event in await events_of(client) if event["subjectversion"] > made["version"]]
    return [(event["type"].rpartition(".")[2], event["subjectversion"]) for event in events]


async def test_a_confirmed_positive_with_a_later_consent_is_told_once_as_one_with_consent(
    screening: httpx.AsyncClient,
) -> None:
    made = await confirmed(screening, CALLING)
    agreed = await consent(screening, made, True)
    assert (agreed["state"], agreed["has_consent"], agreed["version"]) == ("confirmed", True, made["version"] + 1)
    assert agreed["consent_recorded_by"] == "early_screening_coordinator"
    assert agreed["consent_recorded_at"] is not None
    told = [("consent-given", agreed["version"]), ("confirmed-positive", agreed["version"])]
    assert await told_since(screening, made) == told
    again = await consent(screening, agreed, True)
    assert again == agreed
    assert await told_since(screening, made) == told
    event = (await events_of(screening))[-1]
    assert event["data"] == {"href": f"{URL}/{made['id']}", "subject_ref": made["subject_ref"]}


async def test_a_consent_that_was_taken_back_is_told_and_may_be_given_again(screening: httpx.AsyncClient) -> None:
    made = await confirmed(screening, CALLING, consent_to_refer=True)
    withdrawn = await consent(screening, made, False)
    assert (withdrawn["state"], withdrawn["has_consent"]) == ("confirmed", False)
    assert await consent(screening, withdrawn, False) == withdrawn
    agreed = await consent(screening, withdrawn, True)
    assert await told_since(screening, made) == [
        ("consent-withdrawn", withdrawn["version"]),
        ("consent-given", agreed["version"]),
        ("confirmed-positive", agreed["version"]),
    ]


async def test_a_refusal_is_kept_and_refers_nobody(screening: httpx.AsyncClient) -> None:
    made = await confirmed(screening, CALLING)
    refused = await consent(screening, made, False)
    assert refused["has_consent"] is False
    assert [name for name, _ in await told_since(screening, made)] == ["consent-refused"]


async def test_a_consent_to_a_result_that_calls_for_nothing_refers_nobody(screening: httpx.AsyncClient) -> None:
    made = await confirmed(screening, TYPICAL)
    await consent(screening, made, True)
    assert [name for name, _ in await told_since(screening, made)] == ["consent-given"]


async def test_a_consent_before_the_confirmation_waits_for_it(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING)
    agreed = await consent(screening, made, True)
    assert [name for name, _ in await told_since(screening, made)] == ["consent-given"]
    answer = (await act(screening, agreed, "confirm")).json()
    assert (answer["has_consent"], answer["consent_recorded_at"]) == (True, agreed["consent_recorded_at"])
    assert [name for name, _ in await told_since(screening, agreed)] == ["confirmed", "confirmed-positive"]


async def test_a_consent_recorded_with_the_confirmation_says_by_whom(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING)
    assert (made["has_consent"], made["consent_recorded_by"]) == (None, None)
    agreed = (await act(screening, made, "confirm", {"consent_to_refer": True})).json()
    assert (agreed["consent_recorded_by"], agreed["consent_recorded_at"]) == (
        agreed["confirmed_by"],
        agreed["confirmed_at"],
    )


@pytest.mark.parametrize("state", ["draft", "annulled"])
async def test_what_has_no_result_or_does_not_count_takes_no_consent(screening: httpx.AsyncClient, state: str) -> None:
    made = await add_screening(screening, **({"submission": None} if state == "draft" else {}))
    if state == "annulled":
        made = (await act(screening, made, "annul", {"reason": "pomyłka"})).json()
    refused = assert_problem(await act(screening, made, "consent", {"consent_to_refer": True}), 409, "state-conflict")
    assert (refused["state"], "consent" in refused["allowed"]) == (state, False)


async def test_a_consent_is_given_to_what_was_read_and_is_on_record(screening: httpx.AsyncClient) -> None:
    made = await confirmed(screening, CALLING)
    stale = made | {"version": made["version"] - 1}
    agreed = {"consent_to_refer": True}
    assert_problem(await act(screening, stale, "consent", agreed), 412, "version-mismatch")
    unread = await screening.post(f"{URL}/{made['id']}/consent", json=agreed)
    assert_problem(unread, 428, "precondition-required")
    assert_problem(await act(screening, made, "consent"), 422, "validation-failed")
    await consent(screening, made, True)
    kept = await fetch(screening, "SELECT actor, subject FROM audit_records WHERE action = 'record_consent'")
    assert [tuple(record) for record in kept] == [("early_screening_coordinator", f"screenings/{made['id']}")]
