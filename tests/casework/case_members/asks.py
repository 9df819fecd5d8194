"""Requests to the team of a case."""

from tests.casework.cases import asks as cases
from tests.casework.consents.asks import BASIS
from tests.support.asks import Ask, Asks, Made, Make, Target

MEMBER: Made = {
    "subject": "a speech therapist",
    "display_name": "Barbara Przykładowa",
    "profession": "logopeda",
    "sector": "education",
    "institution_id": "01990000-0000-7000-8000-00000000a001",
}


def _path(target: Target) -> str:
    return f"{cases.path(target)}/members"


async def prepare(target: Target, make: Make) -> None:
    """A case with one in its team."""
    await cases.prepare(target, make)
    await make("/consents", {**BASIS, "person_id": target["person"]["id"]})
    target.made["member"] = await make(_path(target), MEMBER)


ASKS: Asks = {
    "list_case_members": lambda target: Ask(
        "GET", _path(target), out_of_reach="case-not-found", related=cases.related(target)
    ),
    "add_case_member": lambda target: Ask(
        "POST", _path(target), {**MEMBER, "subject": "another"}, out_of_reach="case-not-found"
    ),
    "get_case_member": lambda target: Ask(
        "GET",
        f"{_path(target)}/{target['member']['id']}",
        out_of_reach="case-not-found",
        related=cases.related(target),
    ),
    "remove_case_member": lambda target: Ask(
        "POST",
        f"{_path(target)}/{target['member']['id']}/remove",
        None,
        target["member"],
        out_of_reach="case-not-found",
    ),
}
