"""Requests to break-glass."""

import time

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.callers import claims, token

PATH = "/break-glass"
REASON: Made = {"reason_code": "threat_to_health", "reason": "dziecko na oddziale ratunkowym"}
REVIEW: Made = {"verdict": "justified", "note": "potwierdził to lekarz dyżurny"}


async def prepare(target: Target, make: Make) -> None:
    """A child whose records somebody else has opened."""
    await people.prepare(target, make)
    body = {**REASON, "person_id": target["person"]["id"]}
    headers = just_logged_in("specialist", subject="opener", counties=["0201"])
    answer = await target.client.post(f"/v1/casework{PATH}", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    target.made["access"] = answer.json()


def just_logged_in(role: str, *, seconds_ago: float = 60, **others: object) -> dict[str, str]:
    """The headers of somebody who logged in so many seconds ago."""
    payload = claims(role, **others)  # type: ignore[arg-type]
    return {"authorization": f"Bearer {token(payload | {'auth_time': time.time() - seconds_ago})}"}


def _path(target: Target) -> str:
    return f"{PATH}/{target['access']['id']}"


ASKS: Asks = {
    "list_break_glass": asks_to_read(PATH),
    "open_break_glass": lambda target: Ask(
        "POST", PATH, {**REASON, "person_id": target["person"]["id"]}, lacks="step-up-required"
    ),
    "get_break_glass": lambda target: Ask(
        "GET", _path(target), out_of_reach="break-glass-not-found", related=people.related(target)
    ),
    "review_break_glass": lambda target: Ask(
        "POST",
        f"{_path(target)}/review",
        REVIEW,
        target["access"],
        out_of_reach="break-glass-not-found",
        related=people.related(target),
    ),
}
