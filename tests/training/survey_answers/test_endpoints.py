"""Answers: each person once, joined to nobody, and told of no fewer than five."""

import asyncio
import uuid
from collections import Counter

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.conferences.made import opened as open_conference
from tests.training.conferences.made import register
from tests.training.conferences.test_endpoints import codes
from tests.training.groups.made import URL, Made, add_group, add_programme, add_trainee, enrol, post, send
from tests.training.surveys.made import answer, close, opened, person

MANAGER = call_as("training_manager")
CLIENT = call_as("programme_manager")


async def results(client: httpx.AsyncClient, survey: Made, who: Made) -> Made:
    """What somebody is told of a survey's answers."""
    got = await client.get(f"{URL}/surveys/{survey['id']}/results", headers=who)
    assert got.status_code == 200, got.text
    found: Made = got.json()
    return found


async def test_a_person_answers_once_and_nothing_that_is_kept_says_what(training: httpx.AsyncClient) -> None:
    survey = await opened(training)
    assert (await answer(training, survey, person(1))).status_code == 200
    assert_problem(await answer(training, survey, person(1), usefulness=1), 409, "survey-answered")
    other = await opened(training)
    assert (await answer(training, other, person(1))).status_code == 200
    assert len({row.digest for row in await fetch(training, "SELECT digest FROM survey_participations")}) == 2
    before = [row.id for row in await fetch(training, "SELECT id FROM survey_answers ORDER BY id")]
    assert {uuid.UUID(str(each)).version for each in before} == {4}
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'survey_answers'"
    assert {row.column_name for row in await fetch(training, columns)} == {"id", "survey_id", "role", "content"}
    records = await fetch(training, "SELECT * FROM audit_records WHERE action = 'answer_survey'")
    assert len(records) == 2
    assert not [row for row in records if "usefulness" in str(row) or str(before[0]) in str(row)]
    await close(training, survey)
    await close(training, other)
    left = await fetch(training, "SELECT digest FROM survey_participations")
    keys = await fetch(training, "SELECT 1 FROM surveys WHERE answer_key IS NOT NULL")
    assert (left, keys) == ([], [])
    after = [row.id for row in await fetch(training, "SELECT id FROM survey_answers ORDER BY id")]
    assert len(after) == 2
    assert {*before}.isdisjoint(after)


async def test_answers_that_do_not_fit_the_questions_are_refused_with_all_that_is_wrong(
    training: httpx.AsyncClient,
) -> None:
    survey = await opened(training, roles=["trainer", "head"])
    wrong: Made = {"pace": "slow", "usefulness": 4.5, "liked": ["talks", "talks"], "years": 61, "colour": "red"}
    assert codes(await answer(training, survey, person(1), **wrong)) == [
        ("/role", "missing"),
        ("/answers/colour", "not_listed"),
        ("/answers/pace", "not_listed"),
        ("/answers/usefulness", "wrong_type"),
        ("/answers/liked", "repeated"),
        ("/answers/years", "too_large"),
    ]
    headers = person(1) | {"idempotency-key": str(uuid.uuid4())}
    body = {"role": "pupil", "answers": {"usefulness": 0, "liked": "talks", "remarks": 5}}
    answered = await send(training, f"/surveys/{survey['id']}/answer", body, headers=headers)
    assert codes(answered) == [
        ("/role", "not_listed"),
        ("/answers/pace", "missing"),
        ("/answers/usefulness", "too_small"),
        ("/answers/liked", "wrong_type"),
        ("/answers/years", "missing"),
        ("/answers/remarks", "wrong_type"),
    ]
    anonymous = await opened(training)
    assert codes(await answer(training, anonymous, person(1), role="head")) == [("/role", "not_allowed")]


async def test_results_come_when_a_survey_has_closed_and_texts_for_its_editors_alone(
    training: httpx.AsyncClient,
) -> None:
    survey = await opened(training)
    for number in range(10):
        facts: Made = {"usefulness": 4 + number % 2, "years": number, "remarks": f"uwaga {number}"}
        assert (await answer(training, survey, person(number), **facts)).status_code == 200
    early = await training.get(f"{URL}/surveys/{survey['id']}/results", headers=MANAGER)
    assert_problem(early, 409, "survey-not-closed")
    await close(training, survey)
    assert_problem(await answer(training, survey, person(11)), 409, "state-conflict")
    told = await results(training, survey, CLIENT)
    by_code = {each["code"]: each for each in told["questions"]}
    assert told["answers"] == 10
    cells = [(each["value"], each["number"]) for each in by_code["usefulness"]["tables"][0]["cells"]]
    assert cells == [("1", 0), ("2", 0), ("3", 0), ("4", 5), ("5", 5), ("(none)", 0)]
    assert (by_code["usefulness"]["mean"], by_code["years"]["mean"]) == (4.5, 4.5)
    # All ten found the pace right: that would tell of each of them.
    assert (by_code["pace"]["tables"], by_code["remarks"]["texts"]) == ([], [])
    edited = await results(training, survey, MANAGER)
    assert edited["questions"][-1]["texts"] == [f"uwaga {number}" for number in range(10)]
    looks = await fetch(training, "SELECT 1 FROM audit_records WHERE action = 'read_survey_results'")
    assert len(looks) == 2


async def test_nothing_is_told_of_four(training: httpx.AsyncClient) -> None:
    survey = await opened(training)
    for number in range(4):
        await answer(training, survey, person(number), remarks="uwaga")
    await close(training, survey)
    told = await results(training, survey, MANAGER)
    assert told["answers"] is None
    assert {str((each["tables"], each["mean"], each["texts"])) for each in told["questions"]} == {"([], None, [])"}


async def test_a_group_and_a_conference_ask_their_own_people(training: httpx.AsyncClient) -> None:
    group = await add_group(training, await add_programme(training))
    trainee = await add_trainee(training)
    await enrol(training, group, trainee)
    await post(training, f"/trainees/{trainee['id']}/account", {"account": "person 1"}, trainee, method="PUT")
    conference = await open_conference(training, capacity=1)
    for number in (2, 3):
        await register(training, conference, person(number))
    of_group, of_conference = (
        await opened(training, group_id=group["id"]),
        await opened(training, conference_id=conference["id"]),
    )
    for survey, asked in ((of_group, 1), (of_conference, 2)):
        for number in (1, 2, 3):
            got = await answer(training, survey, person(number))
            if number == asked:
                assert got.status_code == 200, got.text
            else:
                assert_problem(got, 403, "not-asked")


async def test_who_answers_eight_times_at_once_has_answered_once(racing_training: httpx.AsyncClient) -> None:
    survey = await opened(racing_training)
    asked = [answer(racing_training, survey, person(1), usefulness=1 + n % 5) for n in range(8)]
    assert Counter(one.status_code for one in await asyncio.gather(*asked)) == {200: 1, 409: 7}
    kept = await fetch(racing_training, "SELECT 1 FROM survey_answers")
    assert len(kept) == 1
