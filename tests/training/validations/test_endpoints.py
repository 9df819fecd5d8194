"""Validations of outcomes: by whom, of what, and with their history."""

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.sessions.made import TRAINER, a_programme, a_trainee, tag
from tests.training.validations.asks import CORRECTED
from tests.training.validations.made import (
    AS_VALIDATOR,
    VALIDATIONS,
    an_outcome,
    found,
    named,
    on_seat,
    recorded,
    seat_of,
    taught,
)

AS_TRAINER = call_as("training_manager", subject=TRAINER)
AS_TRAINEE = call_as("trainee", subject="jan", counties=[])


async def test_a_validation_shows_the_criterion_and_method_of_the_programme(training: httpx.AsyncClient) -> None:
    made = await recorded(training, await taught(training))
    expected = ("E1", "Bez błędu", "Without a mistake", "test", True, True, "training_manager", 0)
    names = ("outcome_code", "criterion_pl", "criterion_en", "method", "is_required", "is_achieved", "validated_by")
    assert tuple(made[name] for name in (*names, "corrections")) == expected


async def test_whoever_trains_the_group_never_validates_it(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    refused = await training.post(VALIDATIONS, json=found(ids), headers=AS_TRAINER)
    assert assert_problem(refused, 403, "validator-not-independent")["relation"] == "trainer"
    made = await recorded(training, ids)
    url = f"{VALIDATIONS}/{made['id']}/correct"
    refused = await training.post(url, json=CORRECTED, headers=AS_TRAINER | tag(made))
    assert_problem(refused, 403, "validator-not-independent")


async def test_nobody_validates_the_own_outcomes(training: httpx.AsyncClient) -> None:
    ids = await taught(training, account="jan")
    own = call_as("training_manager", subject="jan")
    refused = await training.post(VALIDATIONS, json=found(ids), headers=own)
    assert assert_problem(refused, 403, "validator-not-independent")["relation"] == "participant"


async def test_an_outcome_is_validated_once_and_corrected_with_history(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    made = await recorded(training, ids)
    assert_problem(await training.post(VALIDATIONS, json=found(ids)), 409, "outcome-validated")
    url = f"{VALIDATIONS}/{made['id']}"
    answer = await training.post(f"{url}/correct", json=CORRECTED, headers=tag(made))
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert (after["is_achieved"], after["evidence"], after["corrections"], after["version"]) == (
        False,
        "arkusz 13",
        1,
        2,
    )
    [kept] = (await training.get(f"{url}/corrections")).json()["items"]
    assert (kept["was_achieved"], kept["evidence_before"], kept["validated_on_before"], kept["reason"]) == (
        True,
        "arkusz 12",
        "2026-10-05",
        "pomyłka",
    )
    stale = await training.post(f"{url}/correct", json=CORRECTED, headers=tag(made))
    assert_problem(stale, 412, "version-mismatch")
    same = {**CORRECTED, "reason": "x"}
    answer = await training.post(f"{url}/correct", json=same, headers=tag(after))
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["code"] == "unchanged"


@pytest.mark.parametrize("state", ["applied", "waitlisted", "accepted", "withdrawn"])
async def test_only_who_is_trained_is_validated(training: httpx.AsyncClient, state: str) -> None:
    ids = await taught(training)
    await on_seat(training, ids, state)
    refused = assert_problem(await training.post(VALIDATIONS, json=found(ids)), 409, "state-conflict")
    assert refused["state"] == state


async def test_a_refusal_says_what_is_wrong(training: httpx.AsyncClient) -> None:
    ids, others = await taught(training), await a_programme(training)
    elsewhere = await an_outcome(training, others["module"], "E1")
    wrong = found(ids, outcome_id=elsewhere, validated_on="2099-01-01")
    answer = assert_problem(await training.post(VALIDATIONS, json=wrong), 422, "validation-failed")
    codes = [(error["pointer"], error["code"]) for error in answer["errors"]]
    assert codes == [("/outcome_id", "not_of_version"), ("/validated_on", "in_future")]


async def test_a_validator_sees_whom_to_validate_also_of_another_county(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    guest = await a_trainee(training, ids["group"], "2401")
    await named(training, ids)
    seat = await seat_of(training, guest)
    made = await training.post(VALIDATIONS, json=found(ids, enrolment_id=seat), headers=AS_VALIDATOR)
    assert made.status_code == 201, made.text
    url = f"/v1/training/groups/{ids['group']}/validation-sheet"
    people = (await training.get(url, headers=AS_VALIDATOR)).json()["people"]
    states = {each["trainee_id"]: [one["state"] for one in each["outcomes"]] for each in people}
    assert states == {ids["trainee"]: ["not_validated"] * 2, guest: ["achieved", "not_validated"]}


async def test_a_trainee_sees_the_own_outcomes_alone(training: httpx.AsyncClient) -> None:
    ids = await taught(training, account="jan")
    own = await recorded(training, ids)
    other = await a_trainee(training, ids["group"])
    await recorded(training, ids, enrolment_id=await seat_of(training, other))
    listed = (await training.get(VALIDATIONS, headers=AS_TRAINEE)).json()["items"]
    assert [each["id"] for each in listed] == [own["id"]]


async def test_nothing_that_is_noted_says_what_was_found(training: httpx.AsyncClient) -> None:
    ids = await taught(training)
    made = await recorded(training, ids)
    [[event]] = await fetch(training, "SELECT data::text FROM events WHERE type = 'training.validation.recorded'")
    [[audit]] = await fetch(training, "SELECT detail::text FROM audit_records WHERE action = 'record_validation'")
    for text in (event, audit):
        assert ids["trainee"] in text
        assert "arkusz" not in text
        assert "achieved" not in text
    assert made["id"] in event
