"""Responses as tests send them."""

import json
from typing import Any

import httpx
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from tests.screening.fhir.sent import FHIR, URL
from tests.support.problems import assert_outcome

HERE = f"{URL}/QuestionnaireResponse"
SCREENINGS = "/v1/screening/screenings"
Made = dict[str, Any]


async def post(client: httpx.AsyncClient, resource: Made, **headers: str) -> httpx.Response:
    return await client.post(HERE, content=json.dumps(resource).encode(), headers=FHIR | headers)


async def posted(client: httpx.AsyncClient, resource: Made, **headers: str) -> Made:
    answer = await post(client, resource, **headers)
    assert answer.status_code == 201, answer.text
    made: Made = answer.json()
    QuestionnaireResponse.model_validate(made)
    return made


def assert_refused(answer: httpx.Response, wrong: list[tuple[str, str]]) -> Made:
    problem = assert_outcome(answer, 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == wrong
    return problem


def item(*items: Made) -> Made:
    return {"item": list(items)}
