"""Requests to the campaigns, their implementers, targets, numbers and selections."""

import uuid

from tests.screening.campaigns.results import ALL, URL, count, post, result
from tests.screening.protocols import asks as protocols
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read


def _campaign(target: Target, **facts: object) -> Made:
    """A campaign of the county by the protocol."""
    body: Made = {
        "name_pl": "Kampania",
        "name_en": "Campaign",
        "protocol_code": target["protocol"]["code"],
        "protocol_version": 1,
        "county_terc": target.county,
        "age_bands": [6, 36, 72],
    }
    return body | facts


def path(target: Target, name: str = "campaign") -> str:
    """The address of the planned campaign, or of the open one."""
    return f"/campaigns/{target[name]['id']}"


def _selection_path(target: Target) -> str:
    return f"{path(target, 'open')}/selections/{target['selection']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A planned campaign with an implementer, and an open one with one child selected and another who could be."""
    await protocols.prepare(target, make)
    for name in ("campaign", "open"):
        target.made[name] = await make("/campaigns", _campaign(target))
        await make(f"{path(target, name)}/implementers", {"code": "project", "name": "Projekt"})
    target.made["open"] = await make(f"{path(target, 'open')}/open", {"opened_on": "2026-01-01"}, target["open"])
    closed = await make("/campaigns", _campaign(target))
    await make(f"/campaigns/{closed['id']}/implementers", {"code": "project", "name": "Projekt"})
    opened = await make(f"/campaigns/{closed['id']}/open", {"opened_on": "2026-01-01"}, closed)
    target.made["closed"] = await make(f"/campaigns/{closed['id']}/close", {"closed_on": "2026-02-01"}, opened)
    instrument, subjects = str(target["instrument"]["code"]), [str(uuid.uuid4()) for _ in range(2)]
    same = {"county_terc": target.county, "outcome": "positive"}
    await count(target.client, [result(target["open"]["id"], instrument, subject_ref=ref, **same) for ref in subjects])
    target.made["subject"] = {"id": subjects[1]}
    by_hand = {"subjects": subjects[:1], "reason": "prośba rodzica"}
    target.made["selection"] = await _first_selection(target, by_hand)


async def _first_selection(target: Target, body: Made) -> Made:
    await post(target.client, f"{path(target, 'open')}/selections", body)
    listed = await target.client.get(f"{URL}{path(target, 'open')}/selections", headers=ALL)
    first: Made = listed.json()["items"][0]
    return first


def _select(target: Target) -> Ask:
    # By the rule: who is told of no child does that, too.
    body = {"county_terc": [target.county]}
    return Ask("POST", f"{path(target, 'open')}/selections", body, out_of_reach="outside-scope")


def _move(verb: str, body: Made, name: str, target: Target) -> Ask:
    return Ask("POST", f"{path(target, name)}/{verb}", body, target[name], out_of_reach="outside-scope")


ASKS: Asks = {
    "list_campaigns": asks_to_read("/campaigns"),
    "create_campaign": lambda target: Ask("POST", "/campaigns", _campaign(target), out_of_reach="outside-scope"),
    "get_campaign": asks_to_read(path),
    "amend_campaign": lambda target: Ask(
        "PATCH", path(target), {"name_pl": "Inna nazwa"}, target["campaign"], out_of_reach="outside-scope"
    ),
    "open_campaign": lambda target: _move("open", {"opened_on": "2026-01-01"}, "campaign", target),
    "close_campaign": lambda target: _move("close", {"closed_on": "2026-02-01"}, "open", target),
    "reopen_campaign": lambda target: _move("reopen", {"reason": "spóźnione formularze"}, "closed", target),
    "list_campaign_implementers": asks_to_read(lambda target: f"{path(target)}/implementers"),
    "add_campaign_implementer": lambda target: Ask(
        "POST",
        f"{path(target)}/implementers",
        {"code": f"w_{uuid.uuid4().hex[:8]}", "name": "Wykonawca"},
        out_of_reach="outside-scope",
    ),
    "list_campaign_targets": asks_to_read(lambda target: f"{path(target)}/targets"),
    "set_campaign_target": lambda target: Ask(
        "POST", f"{path(target)}/targets", {"subjects": 400}, out_of_reach="outside-scope"
    ),
    "get_campaign_statistics": asks_to_read(lambda target: f"{path(target, 'open')}/statistics"),
    "get_campaign_coverage": asks_to_read("/campaign-coverage"),
    "get_campaign_funnel": asks_to_read(lambda target: f"{path(target, 'open')}/funnel"),
    "list_campaign_institutions": asks_to_read(lambda target: f"{path(target, 'open')}/institutions"),
    "list_selections": asks_to_read(lambda target: f"{path(target, 'open')}/selections"),
    "select_subjects": _select,
    "get_selection": asks_to_read(_selection_path, "selection-not-found"),
    "withdraw_selection": lambda target: Ask(
        "POST",
        f"{_selection_path(target)}/withdraw",
        {"reason": "wyjazd"},
        target["selection"],
        out_of_reach="selection-not-found",
    ),
}
