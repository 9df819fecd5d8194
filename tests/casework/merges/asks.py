"""Requests to merges."""

import uuid

from tests.casework.people.made import CHILD
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.callers import call_as


def _path(target: Target) -> str:
    return f"/merges/{target['merge']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A record and its duplicate, proposed as one person; and a third record."""
    here = {"county_terc": target.county, "pesel": None}
    for name in ("person", "duplicate", "third"):
        target.made[name] = await make("/people", {**CHILD, **here})
    pair = {"kept_id": target["person"]["id"], "merged_id": target["duplicate"]["id"]}
    target.made["merge"] = await make("/merges", pair)
    if target.is_for("undo_merge"):
        # Whoever made it may not accept it; the row is what an accepted one looks like.
        await accepted(target)
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}


async def accepted(target: Target) -> None:
    """Let somebody else accept the merge."""
    headers = call_as(scope="casework:write", subject="a third", counties=["*"], institution=None)
    merge = target["merge"]
    seen = {"if-match": f'"{merge["id"]}:{merge["version"]}"', "idempotency-key": str(uuid.uuid4())}
    answer = await target.client.post(f"/v1/casework{_path(target)}/accept", headers=headers | seen)
    assert answer.status_code == 200, answer.text
    target.made["merge"] = answer.json()


def _step(target: Target, verb: str) -> Ask:
    return Ask("POST", f"{_path(target)}/{verb}", None, target["merge"], out_of_reach="merge-not-found")


ASKS: Asks = {
    "list_likely_duplicates": asks_to_read(
        lambda target: f"/people/{target['person']['id']}/likely-duplicates", "person-not-found"
    ),
    "list_merges": asks_to_read("/merges"),
    "propose_merge": lambda target: Ask(
        "POST",
        "/merges",
        {"kept_id": target["person"]["id"], "merged_id": target["third"]["id"]},
        out_of_reach="unknown-reference",
    ),
    "get_merge": asks_to_read(_path, "merge-not-found"),
    "accept_merge": lambda target: _step(target, "accept"),
    "decline_merge": lambda target: _step(target, "decline"),
    "undo_merge": lambda target: _step(target, "undo"),
}
