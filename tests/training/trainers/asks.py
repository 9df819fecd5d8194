"""Requests to trainers, experts, and when they are free."""

import uuid

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PERSON: Made = {"given_name": "Anna", "family_name": "Testowa"}
TIME: Made = {"starts_at": "2026-03-02T08:00:00Z", "ends_at": "2026-03-02T12:00:00Z"}


def _path(target: Target) -> str:
    return f"/trainers/{target['trainer']['id']}"


def _time(target: Target) -> str:
    return f"{_path(target)}/availabilities/{target['time']['id']}"


def _expert(target: Target) -> str:
    return f"/experts/{target['expert']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A trainer with a free time, and an expert."""
    target.made.setdefault("institution", {"id": str(uuid.uuid4())})
    target.made["trainer"] = await make("/trainers", PERSON)
    target.made["expert"] = await make("/experts", PERSON)
    target.made["time"] = await make(f"{_path(target)}/availabilities", TIME)


ASKS: Asks = {
    "list_trainers": asks_to_read("/trainers"),
    "register_trainer": lambda _: Ask("POST", "/trainers", PERSON),
    "get_trainer": asks_to_read(_path),
    "amend_trainer": lambda target: Ask("PATCH", _path(target), {"given_name": "Ewa"}, target["trainer"]),
    "list_trainer_conflicts": asks_to_read(
        lambda target: f"{_path(target)}/conflicts?starts_at={TIME['starts_at']}&ends_at={TIME['ends_at']}"
    ),
    "join_trainer_account": lambda target: Ask(
        "PUT", f"{_path(target)}/account", {"account": "anna"}, target["trainer"]
    ),
    "list_availabilities": asks_to_read(lambda target: f"{_path(target)}/availabilities"),
    "state_availability": lambda target: Ask("POST", f"{_path(target)}/availabilities", TIME),
    "get_availability": asks_to_read(_time),
    "withdraw_availability": lambda target: Ask("DELETE", _time(target), None, target["time"]),
    "list_experts": asks_to_read("/experts"),
    "register_expert": lambda _: Ask("POST", "/experts", PERSON),
    "get_expert": asks_to_read(_expert),
    "amend_expert": lambda target: Ask("PATCH", _expert(target), {"given_name": "Ewa"}, target["expert"]),
}
