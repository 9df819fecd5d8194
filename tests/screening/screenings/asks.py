"""Requests to the screenings."""

from tests.screening.screenings.made import SUBMISSION, screening
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.matrix import make_institution


def new(target: Target, **facts: object) -> Made:
    """A screening of the target's institution and county."""
    return screening(county_terc=target.county, institution_id=target["institution"]["id"], **facts)


async def prepare(target: Target, make: Make) -> None:
    """A scored screening and a draft of an institution."""
    await make_institution(target, make)
    target.made["scored"] = await make("/screenings", new(target))
    target.made["draft"] = await make("/screenings", new(target, submission=None))


def path_of(target: Target, name: str = "scored") -> str:
    """The address of a screening that was prepared."""
    return f"/screenings/{target[name]['id']}"


ASKS: Asks = {
    "list_screenings": asks_to_read("/screenings"),
    "create_screening": lambda target: Ask("POST", "/screenings", new(target), out_of_reach="outside-scope"),
    "get_screening": asks_to_read(path_of, "screening-not-found"),
    "amend_screening": lambda target: Ask(
        "PATCH",
        path_of(target, "draft"),
        {"answers": {"Y_MOVE1": "sometimes"}},
        target["draft"],
        out_of_reach="screening-not-found",
    ),
    "submit_screening": lambda target: Ask(
        "POST", f"{path_of(target, 'draft')}/submit", SUBMISSION, target["draft"], out_of_reach="screening-not-found"
    ),
}
