"""Requests to retention rules of conferences."""

import itertools
import uuid
from datetime import date, timedelta

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

_DAYS = itertools.count()


def rule(**facts: object) -> Made:
    """A rule of one day, which no other rule is of."""
    day = (date(1900, 1, 1) + timedelta(days=next(_DAYS))).isoformat()
    return {"months": 24, "legal_basis": "Umowa, § 20", "valid_from": day, "valid_to": day, **facts}


async def prepare(target: Target, make: Make) -> None:
    """A rule of one day."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    target.made["rule"] = await make("/conference-retention-rules", rule())


def _path(target: Target) -> str:
    return f"/conference-retention-rules/{target['rule']['id']}"


ASKS: Asks = {
    "list_conference_retention_rules": asks_to_read("/conference-retention-rules"),
    "add_conference_retention_rule": lambda _: Ask("POST", "/conference-retention-rules", rule()),
    "get_conference_retention_rule": asks_to_read(_path),
    "end_conference_retention_rule": lambda target: Ask(
        "POST", f"{_path(target)}/end", {"valid_to": "2199-12-31"}, target["rule"], lacks="state-conflict"
    ),
}
