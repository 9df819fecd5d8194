"""Requests to surveys."""

import uuid

from services.training.surveys.schemas import QUESTIONS_EXAMPLE
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.groups.made import add_programme


def path(target: Target) -> str:
    """Of the survey."""
    return f"/surveys/{target['survey']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A survey of a programme, that is planned."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    programme = await add_programme(target.client)
    body = {"title_pl": "Ocena", "title_en": "Evaluation", "questions": QUESTIONS_EXAMPLE}
    target.made["body"] = body | {"programme_id": programme["id"]}
    target.made["survey"] = await make("/surveys", target["body"])


ASKS: Asks = {
    "list_surveys": asks_to_read("/surveys"),
    "plan_survey": lambda target: Ask("POST", "/surveys", target["body"]),
    "get_survey": asks_to_read(path),
    "amend_survey": lambda target: Ask("PATCH", path(target), {"title_en": "Another"}, target["survey"]),
    "open_survey": lambda target: Ask("POST", f"{path(target)}/open", {}, target["survey"]),
}
