"""Whatever an endpoint of training may refuse stands in the API document, as the code says it."""

import re

from fastapi.routing import APIRoute, iter_route_contexts

from services.chassis.ground.problems import Problem, ValidationFailed
from tests.support.raises import Reader
from tests.support.services import app_called

ELSEWHERE: frozenset[type[Problem]] = frozenset({ValidationFailed})
"""What stands beside every endpoint."""
EXCEPT = {
    ("reject_enrolment", "team-too-small"): "whoever is rejected always has a reason",
    ("record_validations", "problem"): "of one validation: it stands in the answer",
}


def documented(route: APIRoute) -> set[str]:
    """The problems that stand beside an endpoint's answers."""
    texts = [str(answer.get("description", "")) for answer in route.responses.values()]
    return {slug for text in texts for slug in re.findall(r"/problems/([a-z-]+)", text)}


def refused() -> dict[str, tuple[APIRoute, set[str]]]:
    """By endpoint what it may refuse."""
    reader = Reader(("services.training",), {})
    routes = [context.original_route for context in iter_route_contexts(app_called("training").routes)]
    # What is out of reach (404) the matrix asks of every endpoint.
    return {
        route.name: (
            route,
            {kind.slug() for kind in reader.raised(route.endpoint) if kind not in ELSEWHERE and kind.status != 404},
        )
        for route in routes
        if isinstance(route, APIRoute)
    }


def test_every_problem_that_an_endpoint_raises_is_documented() -> None:
    undocumented = {
        name: sorted(missing)
        for name, (route, raised) in refused().items()
        if (missing := {slug for slug in raised - documented(route) if (name, slug) not in EXCEPT})
    }
    assert undocumented == {}


def test_the_reading_of_the_code_sees_what_it_is_to_see() -> None:
    raised = {name: slugs for name, (_, slugs) in refused().items()}
    assert {"session-conflict", "make-up-not-possible", "module-minutes-exceeded"} <= raised["plan_session"]
    # Caught on the way: who has a certificate already is counted, and stops nobody else's.
    assert "certificate-issued" not in raised["issue_group_certificates"]
