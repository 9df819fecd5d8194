"""Requests to enrolments, and to people who are seen by them."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.groups import asks as groups
from tests.training.trainees import asks as trainees

ABSENT = "enrolment-not-found"


def path(target: Target) -> str:
    """Of the enrolment."""
    return f"/enrolments/{target['enrolment']['id']}"


def related(target: Target) -> dict[str, str]:
    """Every kind of relation to the enrolment."""
    return {"trainer": target["group"]["id"], "trainee": target["seated"]["id"]}


async def prepare(target: Target, make: Make) -> None:
    """An open group with somebody in it, and somebody else who is to enter it."""
    await groups.prepare(target, make)
    target.made["seated"] = target["trainee"]
    await trainees.prepare(target, make)
    await make(f"{groups.path(target)}/open", {}, target["group"])
    body = {"trainee_id": target["seated"]["id"]}
    target.made["enrolment"] = await make(f"{groups.path(target)}/enrolments", body)


ASKS: Asks = {
    "get_trainee": lambda target: Ask(
        "GET", f"/trainees/{target['seated']['id']}", out_of_reach="trainee-not-found", related=related(target)
    ),
    "list_enrolments": asks_to_read("/enrolments"),
    "get_enrolment": lambda target: Ask("GET", path(target), out_of_reach=ABSENT, related=related(target)),
    "list_group_members": asks_to_read(lambda target: f"{groups.path(target)}/enrolments"),
    "enrol_trainee": lambda target: Ask(
        "POST",
        f"{groups.path(target)}/enrolments",
        {"trainee_id": target["trainee"]["id"]},
        out_of_reach="trainee-not-found",
    ),
    "reject_enrolment": lambda target: Ask(
        "POST", f"{path(target)}/reject", {"reason": "other"}, target["enrolment"], out_of_reach=ABSENT
    ),
    "withdraw_enrolment": lambda target: Ask(
        "POST",
        f"{path(target)}/withdraw",
        {},
        target["enrolment"],
        out_of_reach=ABSENT,
        related={"trainee": target["seated"]["id"]},
    ),
}
