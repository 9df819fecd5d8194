"""Requests to support events."""

from tests.casework.cases import asks as cases
from tests.casework.support_events.made import referred, related, support
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.callers import OTHER_INSTITUTION


def _path(target: Target) -> str:
    return f"/support-events/{target['event']['id']}"


def _related(target: Target, *, reads: bool) -> dict[str, str]:
    child, case = target["case"]["person_id"], target["case"]["id"]
    of_all = {"team": case, "party": target["referral"]["id"]}
    return of_all | ({"guardian": child, "break_glass": child} if reads else {})


def _body(target: Target) -> Made:
    referral = target["referral"]["id"]
    return support(target["case"], referral_id=referral, institution_id=OTHER_INSTITUTION)


async def prepare(target: Target, make: Make) -> None:
    """A case with a support event by a referral, whose child the provider's institution knows."""
    await cases.prepare(target, make)
    case = target["case"]
    referral = await referred(target.client, case, OTHER_INSTITUTION)
    target.made["referral"] = {"id": referral}
    await related(target.client, "account:service_provider", "party", case["person_id"])
    target.made["event"] = await make("/support-events", _body(target))


ASKS: Asks = {
    "list_support_events": asks_to_read("/support-events"),
    "count_support_events": asks_to_read("/support-events/counts"),
    "get_support_event": lambda target: Ask(
        "GET", _path(target), out_of_reach="support-event-not-found", related=_related(target, reads=True)
    ),
    "record_support_event": lambda target: Ask(
        "POST",
        "/support-events",
        _body(target),
        out_of_reach="case-not-found",
        related=_related(target, reads=False),
    ),
    "record_support_events": lambda target: Ask("POST", "/support-events:batch", {"items": [_body(target)]}),
    "annul_support_event": lambda target: Ask(
        "POST",
        f"{_path(target)}/annul",
        {"reason": "entered_twice"},
        target["event"],
        out_of_reach="support-event-not-found",
        related=_related(target, reads=False),
    ),
    "get_early_support_hours": lambda target: Ask(
        "GET",
        f"/cases/{target['case']['id']}/early-support-hours?month=2026-03",
        out_of_reach="case-not-found",
        related={name: at for name, at in _related(target, reads=True).items() if name != "party"},
    ),
}
