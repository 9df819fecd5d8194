"""Requests to focus groups."""

import uuid
from collections.abc import Callable

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.groups.made import add_programme

HELD: Made = {"held_on": "2024-03-12", "participants": [{"role": "teacher", "number": 6}]}
REPORT: Made = {"findings_pl": "Wnioski.", "findings_en": "Findings."}


def _path(target: Target) -> str:
    return f"/focus-groups/{target['focus_group']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A focus group of the first stage in the county, held for whoever reports it."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    programme = await add_programme(target.client)
    body = {"programme_id": programme["id"], "county_terc": target.county, "stage": 1}
    target.made["body"] = body | {"topic": "Współpraca", "planned_on": "2024-03-12"}
    group = await make("/focus-groups", target["body"])
    if target.is_for("report_focus_group"):
        group = await make(f"/focus-groups/{group['id']}/hold", HELD, group)
    target.made["focus_group"] = group


def _ask(verb: str, body: Made) -> Callable[[Target], Ask]:
    return lambda target: Ask(
        "POST", f"{_path(target)}/{verb}", body, target["focus_group"], out_of_reach="outside-scope"
    )


ASKS: Asks = {
    "list_focus_groups": asks_to_read("/focus-groups"),
    "plan_focus_group": lambda target: Ask("POST", "/focus-groups", target["body"], out_of_reach="outside-scope"),
    "get_focus_group": asks_to_read(_path),
    "reschedule_focus_group": _ask("reschedule", {"planned_on": "2024-03-19"}),
    "hold_focus_group": _ask("hold", HELD),
    "report_focus_group": _ask("report", REPORT),
    "cancel_focus_group": _ask("cancel", {"reason": "Zbyt mało zgłoszeń."}),
}
