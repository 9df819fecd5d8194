"""Requests to the bodies: here a county's platform with a member, a meeting and its first step."""

from tests.registry.institutions import asks as institutions
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.records import change

PLATFORM = {"kind": "county_cooperation_platform", "name": "Platforma", "founded_on": "2024-01-01"}
MEMBER = {"group": "county_employment_council", "person_role": "przewodnicząca", "held_from": "2024-02-01"}
COMMUNIQUE = {"title": "Stan", "issued_on": "2024-04-01", "recipients": ["county_board"], "guidance": "Uwagi."}
STEP = {"step": "letter_of_intent", "done_on": "2024-02-01", "outcome": "skipped", "reason": "w innej formie"}
_DISSOLVED = "UPDATE bodies SET dissolved_on = founded_on WHERE county_terc = :county"


def _path(target: Target) -> str:
    return f"/bodies/{target['body']['id']}"


def _of(part: str) -> str:
    return {"member": "members", "meeting": "meetings", "communique": "communiques"}[part]


def _part_path(target: Target, part: str, verb: str = "") -> str:
    return f"{_path(target)}/{_of(part)}/{target[part]['id']}{verb}"


async def prepare(target: Target, make: Make) -> None:
    """A county has one open platform, so an earlier one is dissolved, and whoever is to found one finds none."""
    await institutions.prepare(target, make)
    await change(target.client, _DISSOLVED, county=target.county)
    if target.is_for("found_body"):
        return
    target.made["body"] = await make("/bodies", PLATFORM | {"county_terc": target.county})
    target.made["member"] = await make(f"{_path(target)}/members", MEMBER)
    planned = await make(f"{_path(target)}/meetings", {"first_on": "2024-03-01", "topic": "Przegląd"})
    target.made["meeting"] = planned["items"][0]
    target.made["communique"] = await make(f"{_path(target)}/communiques", COMMUNIQUE)
    target.made["run"] = (await target.client.get(f"/v1/registry{_path(target)}/steps")).json()
    if target.is_for("take_back_body_step"):
        target.made["run"] = await make(f"{_path(target)}/steps", STEP, target["run"])


ASKS: Asks = {
    "list_bodies": asks_to_read("/bodies"),
    "found_body": lambda target: Ask(
        "POST", "/bodies", PLATFORM | {"county_terc": target.county}, out_of_reach="outside-scope"
    ),
    "get_body": asks_to_read(_path),
    "amend_body": lambda target: Ask(
        "PATCH", _path(target), {"pillars": ["employment"]}, target["body"], out_of_reach="outside-scope"
    ),
    "dissolve_body": lambda target: Ask(
        "POST",
        f"{_path(target)}/dissolve",
        {"dissolved_on": "2025-01-01", "reason": "koniec"},
        target["body"],
        out_of_reach="outside-scope",
    ),
    "list_members": asks_to_read(lambda target: f"{_path(target)}/members"),
    "add_member": lambda target: Ask("POST", f"{_path(target)}/members", MEMBER, out_of_reach="outside-scope"),
    "get_member": asks_to_read(lambda target: _part_path(target, "member")),
    "end_member": lambda target: Ask(
        "POST",
        _part_path(target, "member", "/end"),
        {"held_to": "2025-01-01", "reason": "koniec kadencji"},
        target["member"],
        out_of_reach="outside-scope",
    ),
    "list_compositions": asks_to_read("/body-compositions?kind=local_synergy_team"),
    "get_composition": asks_to_read(lambda target: f"{_path(target)}/composition"),
    "get_body_steps": asks_to_read(lambda target: f"{_path(target)}/steps"),
    "record_body_step": lambda target: Ask(
        "POST", f"{_path(target)}/steps", STEP, target["run"], out_of_reach="outside-scope"
    ),
    "take_back_body_step": lambda target: Ask(
        "POST",
        f"{_path(target)}/steps/take-back",
        {"step": "letter_of_intent", "reason": "pomyłka"},
        target["run"],
        out_of_reach="outside-scope",
    ),
    "list_meetings": asks_to_read(lambda target: f"{_path(target)}/meetings"),
    "plan_meetings": lambda target: Ask(
        "POST", f"{_path(target)}/meetings", {"first_on": "2030-01-01", "topic": "Plan"}, out_of_reach="outside-scope"
    ),
    "get_meeting": asks_to_read(lambda target: _part_path(target, "meeting")),
    "hold_meeting": lambda target: Ask(
        "POST",
        _part_path(target, "meeting", "/hold"),
        {"held_on": "2024-03-01"},
        target["meeting"],
        out_of_reach="outside-scope",
    ),
    "cancel_meeting": lambda target: Ask(
        "POST",
        _part_path(target, "meeting", "/cancel"),
        {"reason": "brak kworum"},
        target["meeting"],
        out_of_reach="outside-scope",
    ),
    "list_communiques": asks_to_read(lambda target: f"{_path(target)}/communiques"),
    "get_communique": asks_to_read(lambda target: _part_path(target, "communique")),
    "issue_communique": lambda target: Ask(
        "POST",
        f"{_path(target)}/communiques",
        COMMUNIQUE,
        out_of_reach="outside-scope",
    ),
}
