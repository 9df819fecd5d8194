"""Requests to good practices."""

import uuid
from collections.abc import Callable

from services.training.good_practices.schemas import DESCRIPTION_EXAMPLE
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.callers import call_as
from tests.training.groups.made import send

ABSENT = "good-practice-not-found"
_REVIEWED = ("publish_good_practice", "get_good_practice")
_DESCRIBED = ("review_good_practice", *_REVIEWED)
_REVIEWER = call_as(scope="training:write", subject="the reviewer", counties=["*"], institution=None)


def _body(target: Target) -> Made:
    return {"county_terc": target.county, "title_pl": "Baza", "title_en": "A pool", "topic": "equipment"}


async def prepare(target: Target, make: Make) -> None:
    """A county's practice as far as the request needs it; published for whoever reads it."""
    target.made["institution"] = {"id": str(uuid.uuid4())}
    practice = await make("/good-practices", _body(target))
    at = f"/good-practices/{practice['id']}"
    if target.is_for(*_DESCRIBED):
        practice = await make(f"{at}/describe", DESCRIPTION_EXAMPLE, practice)
    if target.is_for(*_REVIEWED):
        headers = _REVIEWER | {"idempotency-key": str(uuid.uuid4())}
        answer = await send(target.client, f"{at}/review", {"is_approved": True}, practice, headers=headers)
        practice = answer.json()
    if target.is_for("get_good_practice"):
        practice = await make(f"{at}/publish", {}, practice)
    target.made["practice"] = practice


def _ask(verb: str, body: Made | None = None) -> Callable[[Target], Ask]:
    return lambda target: Ask(
        "POST",
        f"/good-practices/{target['practice']['id']}/{verb}",
        body,
        target["practice"],
        out_of_reach=ABSENT,
    )


ASKS: Asks = {
    "list_good_practices": asks_to_read("/good-practices"),
    "identify_good_practice": lambda target: Ask(
        "POST", "/good-practices", _body(target), out_of_reach="outside-scope"
    ),
    "get_good_practice": asks_to_read(lambda target: f"/good-practices/{target['practice']['id']}"),
    "get_good_practice_template": asks_to_read("/good-practices/template"),
    "describe_good_practice": _ask("describe", DESCRIPTION_EXAMPLE),
    "review_good_practice": _ask("review", {"is_approved": True}),
    "publish_good_practice": _ask("publish"),
}
