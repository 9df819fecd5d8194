"""Surveys: questions as data, planned and open."""

import httpx

from tests.support.problems import assert_problem
from tests.training.conferences.test_endpoints import codes
from tests.training.groups.made import URL, Made, post, send
from tests.training.surveys.made import QUESTIONS, opened, planned

UNKNOWN = "01990000-0000-7000-8000-000000000009"


async def test_questions_that_nobody_could_answer_are_refused_with_all_that_is_wrong(
    training: httpx.AsyncClient,
) -> None:
    words = {"text_pl": "Pytanie", "text_en": "A question"}
    option = {"code": "yes", "label_pl": "tak", "label_en": "yes"}
    questions: list[Made] = [
        {"code": "a", "kind": "single", "options": [option]} | words,
        {"code": "a", "kind": "scale", "lowest": 0, "highest": 11} | words,
        {"code": "b", "kind": "multiple", "options": [option] * 2} | words,
        {"code": "c", "kind": "number", "lowest": 5, "highest": 5} | words,
        {"code": "d", "kind": "text", "options": [option], "lowest": 1} | words,
    ]
    body = {"title_pl": "Ocena", "title_en": "Evaluation", "questions": questions}
    assert codes(await send(training, "/surveys", body)) == [
        ("/programme_id", "missing"),
        ("/questions/0/options", "too_few"),
        ("/questions/1/code", "repeated"),
        ("/questions/1/highest", "too_large"),
        ("/questions/2/options", "repeated"),
        ("/questions/3/highest", "wrong_order"),
        ("/questions/4/options", "not_allowed"),
        ("/questions/4/lowest", "not_allowed"),
    ]
    of_two = body | {"questions": QUESTIONS, "programme_id": UNKNOWN, "group_id": UNKNOWN}
    assert codes(await send(training, "/surveys", of_two)) == [("/group_id", "not_allowed")]
    of_none = body | {"questions": QUESTIONS, "conference_id": UNKNOWN}
    assert codes(await send(training, "/surveys", of_none)) == [("/conference_id", "not_found")]


async def test_questions_stay_as_they_are_once_people_can_answer_and_the_key_is_shown_to_nobody(
    training: httpx.AsyncClient,
) -> None:
    survey = await planned(training)
    at = f"/surveys/{survey['id']}"
    amended = (await send(training, at, {"questions": QUESTIONS[:2]}, survey, "PATCH")).json()
    assert [each["code"] for each in amended["questions"]] == ["pace", "usefulness"]
    same = await send(training, at, {"questions": amended["questions"]}, amended, "PATCH")
    assert same.json()["version"] == amended["version"]
    now_open = await post(training, f"{at}/open", tag=amended)
    assert "answer_key" not in now_open
    refused = assert_problem(await send(training, at, {"title_pl": "Inna"}, now_open, "PATCH"), 409, "state-conflict")
    assert refused["allowed"] == ["answer", "close"]
    await opened(training)
    params = {"programme_id": survey["programme_id"], "state": "open"}
    listed = (await training.get(f"{URL}/surveys", params=params)).json()["items"]
    assert [each["id"] for each in listed] == [survey["id"]]
