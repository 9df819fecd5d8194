"""Requests to validations."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.records import change
from tests.training.validations.made import found, taught

CORRECTED = {"is_achieved": False, "evidence": "arkusz 13", "validated_on": "2026-10-06", "reason": "pomyłka"}


def _one(target: Target) -> str:
    return f"/validations/{target['validation']['id']}"


def _sheet(target: Target) -> str:
    return f"/groups/{target['ids']['group']}/validation-sheet"


def _related(target: Target, *kinds: str) -> dict[str, str]:
    ids = target["ids"]
    leading = {"trainer": ids["group"], "validator": ids["group"], "trainee": ids["trainee"]}
    return {kind: leading[kind] for kind in kinds}


async def prepare(target: Target, make: Make) -> None:
    """A group with a person, of whom one outcome is validated."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    ids = target.made["ids"] = await taught(target.client, target.county)
    # The matrix's trainer has this account: whoever trains the group is refused by rule.
    await change(target.client, "UPDATE trainers SET account = NULL")
    target.made["validation"] = await make("/validations", found(ids))


ASKS: Asks = {
    "list_validations": asks_to_read("/validations"),
    "record_validation": lambda target: Ask(
        "POST",
        "/validations",
        found(target["ids"], "other"),
        out_of_reach="enrolment-not-found",
        related=_related(target, "validator"),
    ),
    "get_validation": lambda target: Ask(
        "GET", _one(target), out_of_reach="validation-not-found", related=_related(target, "trainer", "trainee")
    ),
    "correct_validation": lambda target: Ask(
        "POST",
        f"{_one(target)}/correct",
        CORRECTED,
        target["validation"],
        out_of_reach="validation-not-found",
        related=_related(target, "validator"),
    ),
    "list_validation_corrections": lambda target: Ask(
        "GET",
        f"{_one(target)}/corrections",
        out_of_reach="validation-not-found",
        related=_related(target, "trainer", "trainee"),
    ),
    "get_validation_sheet": lambda target: Ask(
        "GET", _sheet(target), out_of_reach="group-not-found", related=_related(target, "trainer", "validator")
    ),
}
