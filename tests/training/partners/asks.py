"""Requests to the partners of a programme."""

import uuid
from typing import Any

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.programmes import asks as programmes


def project(starts_on: str, ends_on: str | None, **facts: Any) -> Made:
    """A project for the staff of local authorities."""
    named = {"title": "Szkolenia samorządów", "funding": "PO WER"}
    return named | {"starts_on": starts_on, "ends_on": ends_on, "is_for_authority_staff": True} | facts


def candidate(*projects: Made, **facts: Any) -> Made:
    """A candidate that lacks nothing, with these projects or with one of five years."""
    return {
        "name": f"Związek {uuid.uuid4()}",
        "is_nationwide": True,
        "is_authority_association": True,
        "has_technical_capacity": True,
        "has_premises": True,
        "projects": [*projects] or [project("2017-01-01", "2021-12-31")],
    } | facts


def new_candidate(target: Target) -> Made:
    """A candidate for the programme."""
    return candidate(programme=target["programme"]["code"])


def _path(target: Target) -> str:
    return f"/partners/{target['partner']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A programme with a candidate."""
    await programmes.prepare(target, make)
    target.made["partner"] = await make("/partners", new_candidate(target))


ASKS: Asks = {
    "list_partners": asks_to_read("/partners"),
    "propose_partner": lambda target: Ask("POST", "/partners", new_candidate(target)),
    "get_partner": asks_to_read(_path),
    "describe_partner": lambda target: Ask("PUT", _path(target), candidate(), target["partner"]),
    "accept_partner": lambda target: Ask("POST", f"{_path(target)}/accept", None, target["partner"]),
}
