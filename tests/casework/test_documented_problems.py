"""Whatever a change of casework may be refused with stands in the API document, as the code and the triggers say it."""

import re
from collections import defaultdict

import httpx
from fastapi.routing import APIRoute, iter_route_contexts

from services.casework.laws.rules.values import LawNotKnown
from services.chassis.ground.problems import Problem, ValidationFailed, catalogue
from tests.casework.people.test_endpoints import rows
from tests.support.raises import Reader, Writes
from tests.support.services import app_called

TRIGGERS = """
SELECT relname AS table_name, tgname AS name, tgtype & 4 > 0 AS inserted, tgtype & 16 > 0 AS updated
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE 'keep_%'
"""
ELSEWHERE: dict[type[Problem], str] = {
    ValidationFailed: "stands beside every endpoint",
    LawNotKnown: "most days are those of today: named where a caller chooses one",
}
EXCEPT = {
    ("search_people", "erased"): "whoever is erased has no digest to be found by",
    ("open_break_glass", "erased"): "is told as nobody",
    ("withdraw_consent", "processing-restricted"): "goes on while processing is restricted",
    ("withdraw_referral", "processing-restricted"): "goes on while processing is restricted",
}


def documented(route: APIRoute) -> set[str]:
    """The problems that stand beside an endpoint's answers."""
    texts = [str(answer.get("description", "")) for answer in route.responses.values()]
    return {slug for text in texts for slug in re.findall(r"/problems/([a-z-]+)", text)}


async def refused_writes(client: httpx.AsyncClient) -> Writes:
    """What the triggers refuse, by table and statement."""
    kinds = {kind.constraint: kind for kind in catalogue() if kind.constraint}
    found: defaultdict[tuple[str, str], set[type[Problem]]] = defaultdict(set)
    for row in await rows(client, TRIGGERS):
        for statement, fires in (("insert", row["inserted"]), ("update", row["updated"])):
            if fires and row["name"] in kinds:
                found[row["table_name"], statement].add(kinds[row["name"]])
    return {write: frozenset(refused) for write, refused in found.items()}


async def test_every_problem_that_an_endpoint_raises_is_documented(casework: httpx.AsyncClient) -> None:
    reader = Reader(("services.casework",), await refused_writes(casework))
    undocumented = {}
    for context in iter_route_contexts(app_called("casework").routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        # What is out of reach (404) the matrix asks of every endpoint.
        raised = {kind.slug() for kind in reader.raised(route.endpoint) if kind not in ELSEWHERE and kind.status != 404}
        missing = {slug for slug in raised - documented(route) if (route.name, slug) not in EXCEPT}
        if missing:
            undocumented[route.name] = sorted(missing)
    assert undocumented == {}


async def test_the_reading_of_the_code_sees_what_it_is_to_see(casework: httpx.AsyncClient) -> None:
    reader = Reader(("services.casework",), await refused_writes(casework))
    raised = {
        str(context.name): {kind.slug() for kind in reader.raised(context.original_route.endpoint)}
        for context in iter_route_contexts(app_called("casework").routes)
        if isinstance(context.original_route, APIRoute)
    }
    # By a trigger, as an argument of a query, and by name.
    assert {"processing-restricted", "case-not-found", "state-conflict"} <= raised["add_case_member"]
    assert {"case-not-ready", "state-conflict"} <= raised["close_case"]
    # Caught on the way: who is not there is a wrong field here.
    assert "person-not-found" not in raised["make_household"]
