"""Requests to the requests of data subjects."""

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PATH = "/data-subject-requests"
_NOT_FOUND = "data-subject-request-not-found"
_KINDS = {"export_person": "access", "get_export_document": "access", "lift_restriction": "restriction"}


async def prepare(target: Target, make: Make) -> None:
    """A child about whom something was asked; a restriction that is to be lifted was fulfilled."""
    await people.prepare(target, make)
    kind = next((kind for name, kind in _KINDS.items() if target.is_for(name)), "objection")
    request = await make(PATH, {"person_id": target["person"]["id"], "kind": kind})
    if kind in _KINDS.values():
        request = await make(f"{PATH}/{request['id']}/fulfil", {}, request)
    target.made["request"] = request


def _path(target: Target) -> str:
    return f"{PATH}/{target['request']['id']}"


def _asked(target: Target, verb: str, body: Made | None = None) -> Ask:
    related = people.related(target)
    return Ask("POST", f"{_path(target)}/{verb}", body, target["request"], out_of_reach=_NOT_FOUND, related=related)


ASKS: Asks = {
    "list_requests": asks_to_read(PATH),
    "make_request": lambda target: Ask(
        "POST",
        PATH,
        {"person_id": target["person"]["id"], "kind": "access"},
        out_of_reach="person-not-found",
        lacks="does-not-act-for-child",
        related=people.related(target),
    ),
    "get_request": lambda target: Ask("GET", _path(target), out_of_reach=_NOT_FOUND, related=people.related(target)),
    "extend_request": lambda target: _asked(target, "extend", {"reason": "wiele akt"}),
    "fulfil_request": lambda target: _asked(target, "fulfil"),
    "refuse_request": lambda target: _asked(target, "refuse", {"reason": "obowiązek z ustawy"}),
    "lift_restriction": lambda target: _asked(target, "lift-restriction"),
    "get_export_document": lambda target: Ask(
        "GET", f"{_path(target)}/export/document", out_of_reach=_NOT_FOUND, related=people.related(target)
    ),
    "export_person": lambda target: Ask(
        "GET", f"{_path(target)}/export", out_of_reach=_NOT_FOUND, related=people.related(target)
    ),
}
