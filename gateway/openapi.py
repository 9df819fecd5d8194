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
    share_refusals,
    told,
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
# Of whoever operates a platform: names under `.example` are nobody's (RFC 2606).
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
    """The merged document from those by service; of a name used twice the first keeps it."""
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
                    ExpectationFailed.status, told(ExpectationFailed)
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
        kind: named
        for kind, named in document.get("components", {}).items()
        if kind != "securitySchemes"
    }
    renamed = _clashes(service, components, merged["components"])
    for kind, named in components.items():
        target = merged["components"].setdefault(kind, {})
        for name, component in named.items():
            reference = f"#/components/{kind}/{name}"
            target.setdefault(
                renamed.get(reference, reference).rpartition("/")[2],
                _with_references(component, renamed),
            )
    tags: set[str] = set()
    for path, item in document.get("paths", {}).items():
        # What a service answers at other addresses is not routed to it.
        if path.startswith(f"/v1/{service}/"):
            merged["paths"][path] = _path_item(
                _with_references(item, renamed),
                service,
                used_ids,
                tags,
                merged["components"]["responses"],
            )
    # In the order of work, as the service gives it.
    known = {_tag(tag["name"], service): tag for tag in document.get("tags", [])}
    for name in [*known, *sorted(tags - known.keys())]:
        if name in tags:
            merged["tags"].append({**known.get(name, {}), "name": name})


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
    known = operation.setdefault("responses", {})
    kinds = [*REFUSALS, *(BODY_REFUSALS if "requestBody" in operation else ())]
    # A service says itself what the gateway may answer in its place; one of another
    # version may not.
    missing = [kind for kind in kinds if str(kind.status) not in known]
    answers = add_refusals(known, missing)
    share_refusals(answers, shared)
    answers[str(ExpectationFailed.status)] = EXPECTATION
    operation["responses"] = dict(sorted(answers.items()))


def _group_tags(merged: Json, services: list[str]) -> None:
    """Tags by service in the order of work; the list of all is in that of the alphabet."""
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
    """Leave out what is shared by nothing in this document."""
    components = merged["components"]
    for kind in ("responses", "headers"):
        # Answers refer to headers, so that these are looked at last.
        used = _references([merged["paths"], components["responses"]])
        components[kind] = {
            name: told
            for name, told in components[kind].items()
            if f"#/components/{kind}/{name}" in used
        }


def _tag(tag: str, service: str) -> str:
    return (
        tag if tag == service or tag.startswith(f"{service}.") else f"{service}.{tag}"
    )


def _clashes(service: str, components: Json, taken: Json) -> Names:
    """New references for components whose names are taken by other components.

    A component that equals the one of its name, but refers to such a component, is another
    one, too.
    """
    own, others = _by_reference(components), _by_reference(taken)
    same_name = {reference: own[reference] for reference in own if reference in others}
    clashing = {
        reference
        for reference, component in same_name.items()
        if others[reference] != component
    }
    # Until nothing is added: the reference may lead there through several components.
    while True:
        referring = {
            reference
            for reference, component in same_name.items()
            if reference not in clashing and clashing & _references(component)
        }
        if not referring:
            known = own | others
            return {each: _prefixed(each, service, known) for each in clashing}
        clashing |= referring


def _by_reference(components: Json) -> Json:
    return {
        f"#/components/{kind}/{name}": component
        for kind, named in components.items()
        for name, component in named.items()
    }


def _prefixed(reference: str, service: str, known: Json) -> str:
    path, _, name = reference.rpartition("/")
    prefixed = f"{path}/{service.capitalize()}{name}"
    # A service may have one of that name itself.
    return _prefixed(prefixed, service, known) if prefixed in known else prefixed


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


def _with_references(value: Any, renamed: Names) -> Any:
    """A copy with new references in place of renamed ones, also in discriminators."""
    if isinstance(value, dict):
        return {key: _with_references(part, renamed) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_references(part, renamed) for part in value]
    return renamed.get(value, value) if isinstance(value, str) else value
