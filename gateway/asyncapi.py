"""One AsyncAPI 3 document of the events of all services."""

from typing import Any

from gateway.openapi import CONTACT, LICENCE

Json = dict[str, Any]

DESCRIPTION = (
    "What happens on the platform, as CloudEvents 1.0. Each service has a feed that is"
    " asked over HTTP: begin with `after=0`, go on with `next_cursor`, wait with `wait`."
    " A feed shows its caller what the caller may read, in order and complete."
)


def merge_events(catalogues: dict[str, Json]) -> Json:
    """The catalogues of all services as one; each names its parts after itself."""
    merged: Json = {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Splot",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "Apache License 2.0", "url": LICENCE},
            "contact": CONTACT,
            "tags": [],
        },
        "servers": {
            "gateway": {
                "host": "{host}",
                "protocol": "https",
                "description": "The gateway, under whatever name it is reached.",
                "variables": {"host": {"default": "127.0.0.1:8000"}},
            }
        },
        "defaultContentType": "application/json",
        "channels": {},
        "operations": {},
        "components": {"messages": {}, "schemas": {}},
    }
    for catalogue in catalogues.values():
        merged["info"]["tags"] += catalogue.get("info", {}).get("tags", [])
        for part in ("channels", "operations"):
            merged[part] |= catalogue.get(part, {})
        for part in ("messages", "schemas"):
            merged["components"][part] |= catalogue.get("components", {}).get(part, {})
    merged["info"]["tags"].sort(key=lambda tag: str(tag["name"]))
    return merged
