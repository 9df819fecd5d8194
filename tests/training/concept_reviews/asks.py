"""Requests to the reviews of a proposed version."""

from typing import Any

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.partners import asks as partners
from tests.training.programme_versions import asks as versions

REASON: Made = {"reason": "zgodne z celem modułu"}
WORKSHOP: Made = {"kind": "workshop_consultation", "communes": 12, "counties": 5}


def review(programme: str, number: int, **facts: Any) -> Made:
    """What a workshop says of a version, unless the facts say otherwise."""
    return {
        "programme": programme,
        "version_number": number,
        "held_on": "2026-03-02",
        "summary": "Uwagi uczestników",
        "recommendations": ["Więcej ćwiczeń", "Mniej wykładów"],
    } | (facts if "kind" in facts else WORKSHOP | facts)


def _of_target(target: Target) -> Made:
    return review(target["programme"]["code"], target["proposed"]["number"])


def _path(target: Target) -> str:
    return f"/concept-reviews/{target['review']['id']}"


def _decide(target: Target, verb: str) -> Ask:
    return Ask("POST", f"{_path(target)}/recommendations/1/{verb}", REASON, target["review"])


async def prepare(target: Target, make: Make) -> None:
    """A review of the proposed version."""
    await versions.prepare(target, make)
    target.made["partner"] = await make("/partners", partners.new_candidate(target))
    target.made["review"] = await make("/concept-reviews", _of_target(target))


ASKS: Asks = {
    "list_concept_reviews": asks_to_read("/concept-reviews"),
    "record_concept_review": lambda target: Ask("POST", "/concept-reviews", _of_target(target)),
    "get_concept_review": asks_to_read(_path),
    "accept_review_recommendation": lambda target: _decide(target, "accept"),
    "reject_review_recommendation": lambda target: _decide(target, "reject"),
}
