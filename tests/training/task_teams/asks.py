"""Requests to task teams."""

from tests.support.asks import Ask, Asks, Make, Target
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import asks_for_work, path
from tests.training.trainees.asks import PERSON

REACH = "outside-scope"


async def prepare(target: Target, make: Make) -> None:
    """An authority with a member of its team, and somebody who may enter it."""
    await authorities.prepare(target, make)
    authority = target["authority"]
    of_authority = {"organisation_type": "local_authority", "authority_id": authority["id"]}
    person = PERSON | of_authority | {"county_terc": target.county}
    member = await make("/trainees", person | {"account": "m-1"})
    target.made["trainee"] = await make("/trainees", person | {"account": "m-2"})
    team = await make(path(target, "/task-team/members"), {"trainee_id": member["id"]}, authority)
    target.made["member"] = team["members"][0]
    target.made["authority"] = authority | {"version": team["version"]}


ASKS: Asks = {
    "get_task_team": asks_for_work("/task-team"),
    "join_task_team": lambda target: Ask(
        "POST",
        path(target, "/task-team/members"),
        {"trainee_id": target["trainee"]["id"]},
        target["authority"],
        out_of_reach=REACH,
    ),
    "leave_task_team": lambda target: Ask(
        "POST",
        path(target, f"/task-team/members/{target['member']['id']}/leave"),
        {"reason": "replaced"},
        target["authority"],
        out_of_reach=REACH,
    ),
    "appoint_adviser": lambda target: Ask(
        "PUT", path(target, "/adviser"), {"account": "anna"}, target["authority"], out_of_reach=REACH
    ),
}
