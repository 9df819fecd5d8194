"""One OpenAPI 3.1 document from those of the services: unique names, the same paths."""

from typing import Any

from gateway.problems import ExpectationFailed
from services.chassis.describing.headers import HEADERS
from services.chassis.describing.refusal_schemas import PROBLEM_SCHEMA
from services.chassis.describing.refusals import (
    BODY_REFUSALS,
    REFUSALS,
    add_refusals,
    refusal,
    sentence_of,
    share_refusals,
)

Json = dict[str, Any]
Names = dict[str, str]

DESCRIPTION = (
    "Splot weaves health, education, social assistance and family support around one"
    " child. Every address is reached through this gateway with a bearer token. Refusals"
    " are `application/problem+json` (RFC 9457); each type has a page under `/problems/`."
    " Lists are paged by cursor, changes need `If-Match`, creating requests take an"
    " `Idempotency-Key`."
)
EXPECTATION: Json = {"$ref": f"#/components/responses/{ExpectationFailed.__name__}"}
# To be set by the operator of a platform: `.example` belongs to nobody (RFC 2606).
CONTACT: Json = {
    "name": "Splot",
    "url": "https://splot.example/docs",
    "email": "api@splot.example",
}
LICENCE = "https://spdx.org/licenses/Apache-2.0.html"
BEARER: Json = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "Access token (RFC 9068) of the platform's identity provider,"
    " valid for at most 15 minutes.",
}
OPERATIONS = frozenset(
    {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
)


def merge(documents: dict[str, Json], unavailable: list[str]) -> Json:
    """The merged document from those by service; the first keeps a shared name."""
    merged: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Splot",
            "version": "1",
            "description": DESCRIPTION,
            "contact": CONTACT,
            "license": {"name": "Apache License 2.0", "url": LICENCE},
        },
        "servers": [{"url": "/", "description": "this gateway"}],
        "security": [{"bearer": []}],
        "tags": [],
        "paths": {},
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA},
            "responses": {
                ExpectationFailed.__name__: refusal(
                    ExpectationFailed.status, sentence_of(ExpectationFailed)
                )
            },
            "headers": {**HEADERS},
            "securitySchemes": {"bearer": BEARER},
        },
    }
    used_ids: set[str] = set()
    for service, document in documents.items():
        _add(merged, service, document, used_ids)
    _drop_unused(merged)
    _group_tags(merged, list(documents))
    if unavailable:
        merged["x-unavailable"] = unavailable
    return merged


def _add(merged: Json, service: str, document: Json, used_ids: set[str]) -> None:
    # Each service describes the same token, which the merged document does once.
    components = {
        kind: parts
        for kind, parts in document.get("components", {}).items()
        if kind != "securitySchemes"
    }
    new_names = _clashes(service, components, merged["components"])
    for kind, parts in components.items():
        target = merged["components"].setdefault(kind, {})
        for name, component in parts.items():
            reference = f"#/components/{kind}/{name}"
            target.setdefault(
                new_names.get(reference, reference).rpartition("/")[2],
                _with_references(component, new_names),
            )
    tags: set[str] = set()
    for path, item in document.get("paths", {}).items():
        # Other addresses of a service are not routed to it.
        if path.startswith(f"/v1/{service}/"):
            merged["paths"][path] = _path_item(
                _with_references(item, new_names),
                service,
                used_ids,
                tags,
                merged["components"]["responses"],
            )
    # In the order of work, as in the service's document.
    tags_by_name = {_tag(tag["name"], service): tag for tag in document.get("tags", [])}
    for name in [*tags_by_name, *sorted(tags - tags_by_name.keys())]:
        if name in tags:
            merged["tags"].append({**tags_by_name.get(name, {}), "name": name})


def _path_item(
    item: Json, service: str, used_ids: set[str], tags: set[str], shared: Json
) -> Json:
    for method, operation in item.items():
        if method not in OPERATIONS:
            continue
        operation_id = operation.get("operationId", "")
        # Generated clients name functions by it, so that it has to be unique.
        if operation_id in used_ids:
            operation["operationId"] = f"{service}_{operation_id}"
        used_ids.add(operation["operationId"])
        operation["tags"] = [
            _tag(tag, service) for tag in operation.get("tags", [service])
        ]
        tags.update(operation["tags"])
        _document_refusals(operation, shared)
    return item


def _document_refusals(operation: Json, shared: Json) -> None:
    responses = operation.setdefault("responses", {})
    kinds = [*REFUSALS, *(BODY_REFUSALS if "requestBody" in operation else ())]
    # A service documents the gateway's refusals itself; a service of another version
    # may lack some of them.
    missing = [kind for kind in kinds if str(kind.status) not in responses]
    answers = add_refusals(responses, missing)
    share_refusals(answers, shared)
    answers[str(ExpectationFailed.status)] = EXPECTATION
    operation["responses"] = dict(sorted(answers.items()))


def _group_tags(merged: Json, services: list[str]) -> None:
    """Tags by service in the order of work; the list of all is alphabetical."""
    merged["x-tagGroups"] = [
        {
            "name": service,
            "tags": [
                tag["name"]
                for tag in merged["tags"]
                if tag["name"].partition(".")[0] == service
            ],
        }
        for service in services
    ]
    merged["tags"].sort(key=lambda tag: str(tag["name"]))


def _drop_unused(merged: Json) -> None:
    """Leave out shared answers and headers that nothing refers to."""
    components = merged["components"]
    for kind in ("responses", "headers"):
        # Answers refer to headers, so headers are checked last.
        references = _references([merged["paths"], components["responses"]])
        components[kind] = {
            name: component
            for name, component in components[kind].items()
            if f"#/components/{kind}/{name}" in references
        }


def _tag(tag: str, service: str) -> str:
    return (
        tag if tag == service or tag.startswith(f"{service}.") else f"{service}.{tag}"
    )


def _clashes(service: str, components: Json, existing: Json) -> Names:
    """New references for components whose names are taken by other components.

    A component that equals its namesake, but refers to such a component, is a different
    one, too.
    """
    own, others = _by_reference(components), _by_reference(existing)
    same_name = {reference: own[reference] for reference in own if reference in others}
    clashing = {
        reference
        for reference, component in same_name.items()
        if others[reference] != component
    }
    # Until nothing is added: a reference may lead there through several components.
    while True:
        referring = {
            reference
            for reference, component in same_name.items()
            if reference not in clashing and clashing & _references(component)
        }
        if not referring:
            taken_names = own | others
            return {each: _prefixed(each, service, taken_names) for each in clashing}
        clashing |= referring


def _by_reference(components: Json) -> Json:
    return {
        f"#/components/{kind}/{name}": component
        for kind, parts in components.items()
        for name, component in parts.items()
    }


def _prefixed(reference: str, service: str, taken_names: Json) -> str:
    path, _, name = reference.rpartition("/")
    candidate = f"{path}/{service.capitalize()}{name}"
    # A service may have one of that name itself.
    return (
        _prefixed(candidate, service, taken_names)
        if candidate in taken_names
        else candidate
    )


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(_references(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(part) for part in value))
    return (
        {value}
        if isinstance(value, str) and value.startswith("#/components/")
        else set()
    )


def _with_references(value: Any, new_names: Names) -> Any:
    """A copy with new references in place of the old ones, also in discriminators."""
    if isinstance(value, dict):
        return {key: _with_references(part, new_names) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_references(part, new_names) for part in value]
    return new_names.get(value, value) if isinstance(value, str) else value
