"""Requests to the programmes, their sites and the decisions on scope."""

import uuid

from tests.registry.agreements import asks as agreements
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PROGRAMME: Made = {
    "name_pl": "Próba",
    "name_en": "Trial",
    "site_level": "location",
    "process_code": "tmw_location",
    "spheres": [1, 2, 3],
}
DECISION: Made = {"spheres": [1, 2], "decided_on": "2026-01-15"}
STEP: Made = {"step": "diagnosis", "done_on": "2026-01-10"}


def new_programme() -> Made:
    """A programme of locations whose code nobody uses yet."""
    return PROGRAMME | {"code": f"P-{uuid.uuid4().hex[:12].upper()}"}


def _path(target: Target, name: str = "site") -> str:
    return f"/sites/{target[name]['id']}"


def _programme(target: Target) -> str:
    return f"/programmes/{target['programme']['code']}"


def _run(site: Made, version: int = 1) -> Made:
    """What a change of a site's steps must have seen."""
    return {"id": site["run_id"], "version": version}


async def prepare(target: Target, make: Make) -> None:
    """A programme with a candidate that has a decision, an active site and one that has done a step."""
    await agreements.prepare(target, make)
    target.made["programme"] = await make("/programmes", new_programme())
    for name in ("site", "active", "stepped"):
        site = {"name": name, "county_terc": target.county}
        target.made[name] = await make(f"{_programme(target)}/sites", site)
    start = {"started_on": "2026-01-01"}
    target.made["active"] = await make(f"{_path(target, 'active')}/activate", start, target["active"])
    await make(f"{_path(target, 'stepped')}/steps", STEP, _run(target["stepped"]))
    target.made["decision"] = await make(f"{_path(target)}/scope-decisions", DECISION)


def _decision_path(target: Target) -> str:
    return f"{_path(target)}/scope-decisions/{target['decision']['id']}"


def _sign(party: str, target: Target) -> Ask:
    path = f"{_decision_path(target)}/sign-for-{party}"
    return Ask("POST", path, None, target["decision"], out_of_reach="outside-scope")


def _move(verb: str, body: Made, name: str, target: Target) -> Ask:
    return Ask("POST", f"{_path(target, name)}/{verb}", body, target[name], out_of_reach="outside-scope")


ASKS: Asks = {
    "list_programmes": asks_to_read("/programmes"),
    "get_programme": asks_to_read(_programme),
    "create_programme": lambda _: Ask(
        "POST", "/programmes", new_programme(), out_of_reach="outside-scope", only_everywhere=True
    ),
    "amend_programme": lambda target: Ask(
        "PATCH",
        _programme(target),
        {"planned_sites": 3},
        {"id": target["programme"]["code"].lower(), "version": 1},
        out_of_reach="outside-scope",
        only_everywhere=True,
    ),
    "list_sites": asks_to_read(lambda target: f"{_programme(target)}/sites"),
    "create_site": lambda target: Ask(
        "POST",
        f"{_programme(target)}/sites",
        {"name": "Nowe miejsce", "county_terc": target.county},
        out_of_reach="outside-scope",
    ),
    "get_programme_board": asks_to_read(lambda target: f"{_programme(target)}/board"),
    "get_programme_statistics": asks_to_read(lambda target: f"{_programme(target)}/statistics"),
    "get_site": asks_to_read(_path),
    "amend_site": lambda target: Ask(
        "PATCH", _path(target), {"name": "Inna nazwa"}, target["site"], out_of_reach="outside-scope"
    ),
    "sign_site": lambda target: _move("sign", {"agreement_id": target["signed"]["id"]}, "site", target),
    "activate_site": lambda target: _move("activate", {"started_on": "2026-01-01"}, "site", target),
    "complete_site": lambda target: _move("complete", {"ended_on": "2026-02-01"}, "active", target),
    "withdraw_site": lambda target: _move("withdraw", {"ended_on": "2026-02-01", "reason": "x"}, "site", target),
    "list_site_steps": asks_to_read(lambda target: f"{_path(target)}/steps"),
    "record_site_step": lambda target: Ask(
        "POST", f"{_path(target)}/steps", STEP, _run(target["site"]), out_of_reach="outside-scope"
    ),
    "take_back_site_step": lambda target: Ask(
        "POST",
        f"{_path(target, 'stepped')}/steps/take-back",
        {"step": "diagnosis", "reason": "pomyłka"},
        _run(target["stepped"], 2),
        out_of_reach="outside-scope",
    ),
    "list_scope_decisions": asks_to_read(lambda target: f"{_path(target)}/scope-decisions"),
    "decide_scope": lambda target: Ask(
        "POST", f"{_path(target)}/scope-decisions", DECISION, out_of_reach="outside-scope"
    ),
    "get_scope_decision": asks_to_read(_decision_path),
    "sign_scope_for_coalition": lambda target: _sign("coalition", target),
    "sign_scope_for_project": lambda target: _sign("project", target),
}
