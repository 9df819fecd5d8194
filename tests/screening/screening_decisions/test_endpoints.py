"""A person stands by a result, and who is told of it."""

import httpx
import pytest

from tests.screening.screenings.made import CALLING, SUBMISSION, TYPICAL, URL, act, add_screening, events_of
from tests.support.callers import call_as
from tests.support.problems import assert_problem


async def test_a_confirmed_positive_with_consent_is_told_with_ids_alone(screening: httpx.AsyncClient) -> None:
    consented = SUBMISSION | {"consent_to_refer": True}
    made = await add_screening(screening, answers=CALLING, submission=consented)
    assert made["outcome"] == "positive"
    confirmed = await act(screening, made, "confirm")
    assert (confirmed.json()["state"], confirmed.json()["confirmed_by"]) == ("confirmed", "colleague")
    told = {event["type"]: event for event in await events_of(screening)}
    event = told["screening.screening.confirmed-positive"]
    assert event["data"] == {"href": f"{URL}/{made['id']}", "subject_ref": made["subject_ref"]}
    assert event["countyterc"] == "2469"


@pytest.mark.parametrize("answers", [TYPICAL, CALLING], ids=["negative", "positive without consent"])
async def test_without_a_positive_result_and_consent_nobody_is_referred(
    screening: httpx.AsyncClient, answers: dict[str, str]
) -> None:
    made = await add_screening(screening, answers=answers)
    assert (await act(screening, made, "confirm")).status_code == 200
    kinds = [event["type"] for event in await events_of(screening)]
    assert kinds == ["screening.screening.scored", "screening.screening.confirmed"]


async def test_a_machine_neither_confirms_nor_consents(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening)
    everything = call_as(scope="screening:write", counties=["*"]) | {"idempotency-key": "x"}
    assert_problem(await act(screening, made, "confirm", headers=everything), 403, "forbidden")
    agreed = {"consent_to_refer": True}
    assert_problem(await act(screening, made, "consent", agreed, headers=everything), 403, "forbidden")
