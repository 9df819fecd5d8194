"""Surveys, as tests need them."""

import uuid
from typing import Any

import httpx

from services.training.surveys.schemas import QUESTIONS_EXAMPLE
from tests.support.callers import call_as
from tests.training.groups.made import Made, add_programme, post, send

OPTIONS: list[Made] = [
    {"code": code, "label_pl": code.upper(), "label_en": code} for code in ("talks", "practice", "visits")
]
QUESTIONS: list[Made] = [
    *QUESTIONS_EXAMPLE,
    {"code": "liked", "kind": "multiple", "text_pl": "Co?", "text_en": "What?", "options": OPTIONS},
    {"code": "years", "kind": "number", "text_pl": "Staż", "text_en": "Years", "lowest": 0, "highest": 60},
    {"code": "remarks", "kind": "text", "text_pl": "Uwagi", "text_en": "Remarks", "is_required": False},
]
ANSWERS: Made = {"pace": "right", "usefulness": 4, "liked": ["talks"], "years": 2.5}


def person(number: int) -> Made:
    """Somebody who answers."""
    return call_as("trainee", subject=f"person {number}", counties=["2401"])


async def planned(client: httpx.AsyncClient, **facts: Any) -> Made:
    """A survey of a programme of its own, unless it is of something else."""
    if not {"programme_id", "group_id", "conference_id"} & facts.keys():
        facts["programme_id"] = (await add_programme(client))["id"]
    body = {"title_pl": "Ocena", "title_en": "Evaluation", "questions": QUESTIONS, **facts}
    return await post(client, "/surveys", body)


async def opened(client: httpx.AsyncClient, **facts: Any) -> Made:
    """A survey that people can answer."""
    survey = await planned(client, **facts)
    return await post(client, f"/surveys/{survey['id']}/open", tag=survey)


async def answer(
    client: httpx.AsyncClient, survey: Made, who: Made, role: str | None = None, **more: Any
) -> httpx.Response:
    """The answer to somebody who answers."""
    headers = who | {"idempotency-key": str(uuid.uuid4())}
    body: Made = {"answers": {**ANSWERS, **more}} | ({"role": role} if role else {})
    return await send(client, f"/surveys/{survey['id']}/answer", body, headers=headers)


async def close(client: httpx.AsyncClient, survey: Made) -> Made:
    """A survey that has ended."""
    return await post(client, f"/surveys/{survey['id']}/close", tag=survey)
