"""The merged API document."""

import json
from typing import Any

from gateway import publications
from gateway.openapi import merge
from tests.gateway.conftest import Town
from tests.gateway.fakes import FakeService, serving

Json = dict[str, Any]


def document(service: str, operation: str, schema: Json, **components: Json) -> Json:
    answer = {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": "1"},
        "paths": {
            f"/v1/{service}/things": {
                "get": {"operationId": operation, "tags": ["things"], "responses": {"200": answer}}
            },
            "/livez": {"get": {"operationId": "livez", "responses": {"200": {"description": "ok"}}}},
        },
        "components": {
            "schemas": {
                "Page": {"type": "object", "properties": {"items": {"$ref": "#/components/schemas/Thing"}}},
                "Thing": schema,
                **components,
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


NAMED, COUNTED = {"type": "object", "title": "named"}, {"type": "object", "title": "counted"}


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(part) for part in value.values()))
    return set().union(*(references(part) for part in value)) if isinstance(value, list) else set()


def of_services(merged: Json) -> list[str]:
    return [path for path in merged["paths"] if not path.startswith("/v1/views/")]


def test_only_the_paths_of_the_api_are_in_it() -> None:
    merged = merge({"registry": document("registry", "list_things", NAMED)}, [])
    assert list(merged["paths"]) == ["/v1/registry/things"]
    assert merged["openapi"] == "3.1.0"
    assert "x-unavailable" not in merged


def test_a_name_for_two_things_becomes_two_names_and_so_does_what_refers_to_it() -> None:
    services = {
        "registry": document("registry", "list_things", NAMED),
        "screening": document("screening", "list_screened_things", COUNTED),
    }
    merged = merge(services, [])
    schemas = merged["components"]["schemas"]
    assert schemas["Thing"] == NAMED
    assert schemas["ScreeningThing"] == COUNTED
    answer = merged["paths"]["/v1/screening/things"]["get"]["responses"]["200"]
    assert references(answer) == {"#/components/schemas/ScreeningPage"}
    assert references(schemas["ScreeningPage"]) == {"#/components/schemas/ScreeningThing"}


def test_a_name_for_the_same_thing_stays_one() -> None:
    services = {
        "registry": document("registry", "list_things", NAMED),
        "screening": document("screening", "list_screened_things", NAMED),
    }
    assert set(merge(services, [])["components"]["schemas"]) == {"Page", "Problem", "Thing"}


def test_every_reference_leads_somewhere_and_every_operation_has_its_own_id() -> None:
    loop = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Loop"}}}
    services = {
        "registry": document("registry", "list_things", NAMED, Loop=loop),
        "screening": document("screening", "list_things", COUNTED, Loop=loop),
    }
    merged = merge(services, [])
    for reference in references(merged):
        _, components, kind, name = reference.split("/")
        assert name in merged[components][kind]
    ids = [item["get"]["operationId"] for item in merged["paths"].values()]
    assert ids == ["list_things", "screening_list_things"]


def test_every_operation_says_how_the_gateway_may_refuse_and_belongs_to_its_service() -> None:
    merged = merge({"registry": document("registry", "list_things", NAMED)}, [])
    operation = merged["paths"]["/v1/registry/things"]["get"]
    refused = ["400", "401", "403", "404", "414", "417", "421", "422", "429", "431", "500", "502", "503", "504"]
    assert list(operation["responses"]) == ["200", *refused]
    assert all("$ref" in operation["responses"][status] for status in refused)
    assert references(merged) >= {"#/components/responses/Unauthenticated", "#/components/responses/ExpectationFailed"}
    assert "/problems/rate-limited" in merged["components"]["responses"]["RateLimited"]["description"]
    assert "Retry-After" in merged["components"]["responses"]["RateLimited"]["headers"]
    assert operation["tags"] == ["registry.things"]
    assert merged["tags"] == [{"name": "registry.things"}]
    assert merged["x-tagGroups"] == [{"name": "registry", "tags": ["registry.things"]}]
    assert merged["security"] == [{"bearer": []}]
    assert merged["servers"][0]["url"] == "/"


async def test_the_document_is_served_whole_with_an_etag(town: Town) -> None:
    town.registry.document = json.dumps(document("registry", "list_things", NAMED)).encode()
    await town.open()
    answer = await town.ask("/openapi.json", token=None)
    assert of_services(json.loads(answer.body)) == ["/v1/registry/things"]
    assert answer.header("content-type") == "application/json"
    again = await town.ask("/openapi.json", f"If-None-Match: {answer.header('etag')}", token=None)
    assert (again.status, again.body) == (304, b"")


async def test_a_service_that_is_away_is_named_and_the_rest_is_served(town: Town) -> None:
    screening = FakeService(document=json.dumps(document("screening", "list_things", NAMED)).encode())
    town.registry.document = json.dumps(document("registry", "list_things", NAMED)).encode()
    await town.open(screening_upstreams=[f"unix:{town.folder}/screening.sock"])
    first = json.loads((await town.ask("/openapi.json")).body)
    assert first["x-unavailable"] == ["screening"]
    assert of_services(first) == ["/v1/registry/things"]
    async with serving(screening, socket=town.folder / "screening.sock"):
        town.gateway.entrance.pages.publications._ask_again_at.clear()
        second = json.loads((await town.ask("/openapi.json")).body)
    assert "x-unavailable" not in second
    assert of_services(second) == ["/v1/registry/things", "/v1/screening/things"]


async def test_a_document_that_is_none_counts_as_away(town: Town) -> None:
    town.registry.document = b"<html>"
    await town.open()
    assert json.loads((await town.ask("/openapi.json")).body)["x-unavailable"] == ["registry"]


async def test_the_services_are_not_asked_for_every_reader(town: Town) -> None:
    await town.open()
    now = 0.0
    pages = town.gateway.entrance.pages.publications
    pages._clock = lambda: now
    asked: list[str] = []
    registry = pages._services["registry"]
    get = registry.get

    async def count(path: str, seconds: float) -> bytes | None:
        asked.append(path)
        return await get(path, seconds)

    registry.get = count  # type: ignore[method-assign]
    for _ in range(3):
        await town.ask("/openapi.json")
    assert sorted(asked) == ["/asyncapi.json", "/openapi.json", "/problems"]
    now = publications.FRESH_SECONDS
    await town.ask("/openapi.json")
    assert len(asked) == 6


async def test_one_service_is_told_alone_and_an_unknown_one_is_refused(town: Town) -> None:
    screening = FakeService(document=json.dumps(document("screening", "list_screened_things", COUNTED)).encode())
    town.registry.document = json.dumps(document("registry", "list_things", NAMED)).encode()
    await town.open(screening_upstreams=[f"unix:{town.folder}/screening.sock"])
    async with serving(screening, socket=town.folder / "screening.sock"):
        told = json.loads((await town.ask("/openapi.json?service=screening", token=None)).body)
        assert list(told["paths"]) == ["/v1/screening/things"]
        assert told["components"]["schemas"]["Thing"] == COUNTED
    assert (await town.ask("/openapi.json?service=nothing", token=None)).status == 422


async def test_the_events_of_all_services_are_told_in_one_catalogue(town: Town) -> None:
    channel = {"address": "/v1/registry/events", "messages": {}}
    events = {"asyncapi": "3.1.0", "info": {"title": "registry", "version": "1"}, "channels": {"registry": channel}}
    town.registry.events = json.dumps(events).encode()
    await town.open()
    answer = await town.ask("/asyncapi.json", token=None)
    told = json.loads(answer.body)
    assert told["asyncapi"].startswith("3.")
    assert told["channels"] == {"registry": channel}
    again = await town.ask("/asyncapi.json", f"If-None-Match: {answer.header('etag')}", token=None)
    assert (again.status, again.body) == (304, b"")
