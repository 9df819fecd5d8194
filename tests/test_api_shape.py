"""What every endpoint of every service promises, read off the running applications: nobody has to remember it."""

import inspect
import re

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.chassis.ground.problems import Problem, catalogue
from services.chassis.ground.refusals import detail_of
from services.chassis.trust.identity import PermissionCheck, identify
from services.chassis.web.units import open_change
from services.chassis.wording.refusals import ADVICE
from services.registry.problems import AgreementIncomplete, StepOutOfOrder
from tests.support.routes import APPS, Endpoint, endpoints, flat
from tests.support.rules import of_every
from tests.support.services import SERVICES

# Endpoints that anybody may call, without a token, by operationId. Each needs a reason here.
PUBLIC: dict[str, str] = {
    **dict.fromkeys(
        ("get_calendar", "read_session_calendar"),
        "calendar programs have no token: the secret in the address opens it",
    ),
    **dict.fromkeys(
        ("verify_certificate", "check_certificate_name"),
        "whoever is shown a certificate may ask whether it is genuine: its code opens it",
    ),
    **dict.fromkeys(
        ("get_credential_issuer", "get_credential_key_set", "get_credential_key", "get_status_list"),
        "verifiers of others have no token: public keys, and numbers of what is revoked",
    ),
    **dict.fromkeys(
        ("get_capability_statement", "get_casework_capabilities"),
        "a client of FHIR asks what a server can do before it has a token",
    ),
}


# Endpoints that every known caller may call, because what they show is the caller's own.
FOR_EVERY_CALLER = {
    name: reason
    for service in APPS
    for name, reason in {
        f"list_{service}_jobs": "one's own jobs, of all callers for operators",
        f"get_{service}_job": "one's own job",
        f"cancel_{service}_job": "one's own job",
        f"list_{service}_row_problems": "of one's own job",
        f"watch_{service}_job": "one's own job",
    }.items()
}


# Readings that open a transaction all the same: what is read is about a person, or leaves, and the reading is recorded.
READINGS_ON_RECORD = {
    "get_questionnaire_response_version",
    *(f"list_{service}_audit_records" for service in SERVICES),
    *(f"export_{service}_audit_log" for service in SERVICES),
    "get_calendar",
    "read_session_calendar",
    "verify_certificate",
    "list_selections",
    "get_study_file",
    "list_questionnaire_responses",
    "get_questionnaire_response",
    "list_observations",
    "get_observation",
}


# Searches whose parameters come in a form, as FHIR has it: they change nothing.
SEARCHES_BY_POST = {
    "search_questionnaires",
    "search_questionnaire_responses",
    "search_observations",
    "search_care_plans",
    "search_service_requests",
}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
OF_THE_PROCESS = {"/openapi.json", "/asyncapi.json", "/livez", "/readyz", "/metrics", "/problems"}
PERMISSION = re.compile(r"[a-z]+(:[a-z]+(-[a-z]+)*){2}")


def identified(endpoint: Endpoint) -> str:
    return f"{'/'.join(sorted(endpoint.methods))} {endpoint.path}"


def demanded(endpoint: Endpoint) -> list[str]:
    calls = [dependant.call for dependant in flat(endpoint.dependant)]
    return [str(call.permission) for call in calls if isinstance(call, PermissionCheck)]


def generators(endpoint: Endpoint) -> list[Dependant]:
    """The dependencies that go on after the endpoint: functions, or objects that are called like one."""
    made = (inspect.isasyncgenfunction, inspect.isgeneratorfunction)
    return [
        given
        for given in flat(endpoint.dependant)
        if given.call is not None and given.call is not endpoint.function
        for function in (inspect.unwrap(given.call), getattr(given.call, "__call__", None))  # noqa: B004
        if any(is_one(function) for is_one in made)
    ]


every_endpoint = of_every(endpoints(), identified)


@every_endpoint
def test_an_endpoint_demands_a_permission_or_is_public_for_a_reason(endpoint: Endpoint) -> None:
    assert bool(demanded(endpoint)) != (endpoint.name in PUBLIC | FOR_EVERY_CALLER)


@every_endpoint
def test_an_endpoint_knows_its_caller_unless_it_is_public(endpoint: Endpoint) -> None:
    calls = [dependant.call for dependant in flat(endpoint.dependant)]
    known = any(call is identify or isinstance(call, PermissionCheck) for call in calls)
    assert known != (endpoint.name in PUBLIC)


def test_no_exception_outlives_its_endpoint() -> None:
    exceptions = PUBLIC.keys() | FOR_EVERY_CALLER.keys() | READINGS_ON_RECORD | SEARCHES_BY_POST
    assert {endpoint.name for endpoint in endpoints()} >= exceptions


@pytest.mark.parametrize("service", APPS)
def test_no_address_is_beside_the_endpoints_that_are_looked_at(service: str) -> None:
    """A plain route, a mounted application or a socket would stand under none of the rules of this file."""
    contexts = list(iter_route_contexts(APPS[service].routes))
    beside = [route.path for route in contexts if not isinstance(route.original_route, APIRoute)]
    assert set(beside) == OF_THE_PROCESS
    looked_at = {(method, each.path) for each in endpoints() if each.service == service for method in each.methods}
    documented = {
        (method.upper(), path) for path, operations in APPS[service].openapi()["paths"].items() for method in operations
    }
    assert looked_at == documented


@every_endpoint
def test_a_permission_is_the_services_own_and_well_named(endpoint: Endpoint) -> None:
    for permission in demanded(endpoint):
        assert PERMISSION.fullmatch(permission)
        assert permission.split(":")[0] == endpoint.service


@every_endpoint
def test_an_endpoint_is_documented_by_its_docstring(endpoint: Endpoint) -> None:
    assert inspect.getdoc(endpoint.function)


@every_endpoint
def test_an_address_stands_under_its_service(endpoint: Endpoint) -> None:
    assert endpoint.path.startswith(f"/v1/{endpoint.service}/")
    # The names of resources are given by HL7.
    named = re.sub(r"\{\w+\}", "id", endpoint.path)
    plain = re.sub(r"(?<=/fhir/)[A-Z][A-Za-z]+|_(search|history)\b", "resource", named)
    assert not re.search(r"[A-Z_]|//|/$", plain)


@every_endpoint
def test_a_transaction_ends_before_the_answer_leaves(endpoint: Endpoint) -> None:
    """A generator dependency of the whole request would commit after the answer."""
    assert not [given.call for given in generators(endpoint) if given.scope != "function"]


@every_endpoint
def test_a_verb_of_http_that_changes_has_a_transaction_and_no_other_has(endpoint: Endpoint) -> None:
    transacts = any(given.call is open_change for given in generators(endpoint))
    changes = endpoint.methods <= CHANGING and endpoint.name not in SEARCHES_BY_POST
    assert transacts == (changes or endpoint.name in READINGS_ON_RECORD)


MATCHED = re.compile(r"expected_version\(\s*if_match,\s*(?:path\.)?(\w+)")


def own_address(endpoint: Endpoint) -> str:
    """Of what a request changes: up to the id that the ETag is compared with, else as far as the verb."""
    matched = MATCHED.search(inspect.getsource(endpoint.function))
    part = f"{{{matched[1]}}}" if matched else ""
    if part and part in endpoint.path:
        return endpoint.path.partition(part)[0] + part
    return endpoint.path


changed_by_version = of_every(
    (each for each in endpoints() if any(given.name == "if_match" for given in each.dependant.header_params)),
    identified,
)
READING = {(each.service, each.path): each.function for each in endpoints() if "GET" in each.methods}
GIVES_ETAG = re.compile(r"\b(stored_answer|tagged|etag)\(")


@changed_by_version
def test_what_is_changed_by_its_version_can_be_read_alone_at_its_own_address(endpoint: Endpoint) -> None:
    own = own_address(endpoint)
    # Where the address names no id of the resource itself: a verb, a measure, one's own registration.
    above = [own, *(own.rsplit("/", count)[0] for count in (1, 2, 3))] if own == endpoint.path else [own]
    found = [READING[endpoint.service, path] for path in above if (endpoint.service, path) in READING]
    assert found, f"no GET of {own}"
    assert GIVES_ETAG.search(inspect.getsource(found[0])), f"GET {own} has no ETag"


def test_operation_ids_are_unique_in_the_repository() -> None:
    names = [
        operation["operationId"]
        for app in APPS.values()
        for operations in app.openapi()["paths"].values()
        for method, operation in operations.items()
        if method.upper() in CHANGING | {"GET", "HEAD"}
    ]
    assert names
    assert len(names) == len(set(names))


def test_every_refusal_of_what_could_be_done_otherwise_says_what_to_do() -> None:
    kinds = {kind.slug() for kind in catalogue() if kind.status in {409, 422}}
    assert kinds - ADVICE.keys() == set()
    assert ADVICE.keys() - {kind.slug() for kind in catalogue()} == set()
    for english, polish in ADVICE.values():
        assert re.fullmatch(r"[A-Z].+\.", english)
        assert re.fullmatch(r"[A-ZŚŹŻ].+\.", polish)


def test_what_is_missing_is_told_in_words() -> None:
    refused = AgreementIncomplete(state="draft", missing=["valid_from", "signatories", "0199"])
    assert detail_of(refused, "pl") == (
        "Uzupełnij braki, a potem podpisz. Brakuje: pierwszy dzień obowiązywania, co najmniej dwie strony."
    )
    assert detail_of(refused, "en") == (
        "Add what is missing, then sign. Missing: the first day of validity, at least two parties."
    )


def test_a_step_that_is_missing_is_told_by_its_name() -> None:
    refused = StepOutOfOrder(state=None, missing=["letter_of_intent"], allowed=["letter_of_intent"])
    assert str(detail_of(refused, "pl")).endswith("Brakuje: „List intencyjny”.")


def test_every_problem_has_a_title_in_both_languages_and_a_slug_of_its_own() -> None:
    kinds = set(catalogue())
    assert kinds
    assert len({kind.slug() for kind in kinds}) == len(kinds)
    for kind in kinds:
        parent = kind.__mro__[1]
        assert issubclass(parent, Problem)
        assert kind.__doc__ != parent.__doc__
        assert kind.title("pl") not in {parent.title_pl, kind.title("en")}, kind
        assert 400 <= kind.status < 600
