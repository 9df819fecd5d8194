"""Every status that is answered is in the API document, wherever it can be answered; nobody has to find one out."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from services.chassis.ground.problems import catalogue
from tests.support.document import OPERATIONS, Operation
from tests.support.sources import nodes

ROOT = Path(__file__).parents[1]


def anywhere(_: Operation) -> bool:
    return True


def where_a_body_is_taken(operation: Operation) -> bool:
    return bool(operation.media_types)


def where_rows_of_a_job_are_listed(operation: Operation) -> bool:
    return operation.path.endswith("/jobs/{job_id}/problems")


def where_json_is_taken(operation: Operation) -> bool:
    return "application/json" in operation.media_types


def where_something_is_changed(operation: Operation) -> bool:
    return operation.method != "get" and not operation.path.endswith("/_search")


def where_a_key_is_taken(operation: Operation) -> bool:
    return operation.takes("idempotency-key")


def where_a_version_is_demanded(operation: Operation) -> bool:
    return operation.takes("if-match")


def where_a_file_can_be_read(operation: Operation) -> bool:
    return operation.method == "get" and operation.takes("format")


def where_a_map_is_drawn(operation: Operation) -> bool:
    return operation.path == "/v1/views/national"


def where_references_are_expanded(operation: Operation) -> bool:
    return operation.takes("expand")


def where_webhooks_are_kept(operation: Operation) -> bool:
    return "/webhooks" in operation.path


PLACES: dict[str, Callable[[Operation], bool]] = {
    "AuditUnavailable": anywhere,
    "BordersNotLoaded": where_a_map_is_drawn,
    "ContentTooLarge": where_a_body_is_taken,
    "DatabaseUnavailable": anywhere,
    "Duplicate": where_something_is_changed,
    "ExpectationFailed": anywhere,
    "ForRequesterOnly": where_rows_of_a_job_are_listed,
    "Forbidden": anywhere,
    "HeadersTooLarge": anywhere,
    "IdempotencyKeyReused": where_a_key_is_taken,
    "Internal": anywhere,
    "MalformedJson": where_json_is_taken,
    "MalformedRequest": anywhere,
    "MapNotDrawn": where_a_map_is_drawn,
    "MisdirectedRequest": anywhere,
    "MissingIdempotencyKey": where_a_key_is_taken,
    "NotAcceptable": where_a_file_can_be_read,
    "NotFound": anywhere,
    "OutsideScope": anywhere,
    "Overloaded": anywhere,
    "PreconditionRequired": where_a_version_is_demanded,
    "RateLimited": anywhere,
    "RequestInProgress": where_a_key_is_taken,
    "RequestTimeout": where_a_body_is_taken,
    "ResourceBusy": anywhere,
    "StateConflict": where_something_is_changed,
    "StorageExhausted": anywhere,
    "TargetTooLong": anywhere,
    "Unauthenticated": anywhere,
    "Unavailable": anywhere,
    "UnknownExpansion": where_references_are_expanded,
    "UnknownReference": where_something_is_changed,
    "UnsupportedMediaType": where_a_body_is_taken,
    "UpstreamInvalidResponse": anywhere,
    "UpstreamTimeout": anywhere,
    "UpstreamUnavailable": anywhere,
    "ValidationFailed": anywhere,
    "VersionMismatch": where_a_version_is_demanded,
    "WebhookQuotaReached": where_webhooks_are_kept,
    "WebhooksNotSetUp": where_webhooks_are_kept,
}
"""Where the gateway and the chassis may answer with a problem. What only an endpoint raises stands at that endpoint."""
NO_ANSWERS = {
    "Erased": "stands at the endpoints whose answers name somebody who can be erased",
    "FileRefused": "is what became of a job",
    "JobAbandoned": "is what became of a job",
    "PeerRefused": "is what the asking service makes of another's refusal, and no caller sees",
    "ReplayFailed": "is raised where a dead letter is replayed, and stands at that endpoint",
    "SealBroken": "is a fault of keys or data that no request brings about",
    "MethodNotAllowed": "an operation of the document takes its method",
}
KINDS = {kind.__name__: kind for kind in catalogue()}


def raised_at_the_door() -> set[str]:
    """The problems that modules of gateway and chassis name, where they are neither defined nor documented."""
    files = [path for room in ("gateway", "services/chassis") for path in (ROOT / room).rglob("*.py")]
    looked_at = [path for path in files if path.stem not in {"documents", "openapi", "problems"}]
    return {node.id for path in looked_at for node in nodes(path) if isinstance(node, ast.Name)} & KINDS.keys()


def test_what_is_expanded_in_a_list_is_expanded_alone_as_well() -> None:
    lists = {operation.path for operation in OPERATIONS if operation.takes("expand") and operation.takes("cursor")}
    alone = {operation.path.rpartition("/")[0] for operation in OPERATIONS if operation.takes("expand")}
    assert len(lists) == 6
    assert lists <= alone


def test_it_is_said_of_every_refusal_at_the_door_where_it_may_be_met() -> None:
    assert PLACES.keys() | NO_ANSWERS.keys() == raised_at_the_door()


@pytest.mark.parametrize("name", PLACES)
def test_a_refusal_is_documented_wherever_it_may_be_met(name: str) -> None:
    status = str(KINDS[name].status)
    places = [operation for operation in OPERATIONS if PLACES[name](operation)]
    assert places
    assert not [operation[:2] for operation in places if status not in operation.told["responses"]]
