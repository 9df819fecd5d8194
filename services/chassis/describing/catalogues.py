"""The events of a service as an AsyncAPI 3 document.

The events are listed in `words.txt` beside the service's `main.py`, and who may read
them in its `events.py`: `!institution.closed [fields*]: An institution was closed.`
Members of `data` that end with `*` are lists, with `#` numbers, with `?` true or false,
with `{}` objects; others are texts.
"""

import re
from pathlib import Path
from typing import Any

from services.chassis.describing.words import read_words, words_of
from services.chassis.serving.events import EventRead
from services.chassis.serving.feed_cursors import Feed

Json = dict[str, Any]
_EVENT = re.compile(r"!([a-z._-]+)(?: \[(.*)\])?")
_TYPES: dict[str, Json] = {
    "*": {"type": "array"},
    "#": {"type": ["integer", "null"]},
    "?": {"type": ["boolean", "null"]},
    "}": {"type": "object"},
}


def event_catalogue(service: str, feed: Feed, file: Path) -> Json:
    """The document: one channel, the service's feed, with a message for each event."""
    words = read_words(*words_of(file))
    messages = {
        f"{service}.{match[1]}": _message(
            f"{service}.{match[1]}", match[2], summary, feed
        )
        for name, summary in words.items()
        if (match := _EVENT.fullmatch(name))
    }
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": f"Splot {service}",
            "version": "1",
            "tags": [{"name": service, "description": f"Events of {service}."}],
        },
        "channels": {service: _channel(service, messages)},
        "operations": {
            f"tell_{service}_events": {
                "action": "send",
                "title": f"Events of {service}",
                "summary": "A reader of the feed receives the events since its last cursor.",
                "description": "What the caller may read, in order and complete.",
                "channel": {"$ref": f"#/channels/{service}"},
                "messages": [
                    {"$ref": f"#/channels/{service}/messages/{name}"}
                    for name in messages
                ],
                "tags": [{"name": service}],
            }
        },
        "components": {"messages": messages, "schemas": {"CloudEvent": _envelope()}},
    }


def _channel(service: str, messages: Json) -> Json:
    return {
        "address": f"/v1/{service}/events",
        "title": f"The feed of {service}",
        "description": "Asked by GET over HTTP; a page holds events in their order.",
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in messages
        },
    }


def _message(kind: str, members: str | None, summary: str, feed: Feed) -> Json:
    return {
        "name": kind,
        "title": summary.rstrip("."),
        "summary": summary,
        "description": _shown_to(kind, feed),
        "contentType": "application/json",
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": kind},
                        "data": _data((members or "").split()),
                    },
                },
            ]
        },
    }


def _data(members: list[str]) -> Json:
    href: Json = {"type": "string", "description": "address of the subject"}
    data = {
        member.rstrip("*#?{}"): _TYPES.get(member[-1], {"type": ["string", "null"]})
        for member in members
    }
    return {
        "type": "object",
        "required": ["href"],
        "properties": {"href": href, **data},
    }


def _shown_to(kind: str, feed: Feed) -> str:
    prefixes = [prefix for prefix in feed.kinds if kind.startswith(prefix)]
    if not prefixes:
        return "Shown to nobody."
    permission = feed.kinds[max(prefixes, key=len)]
    condition = f", and `{permission}` for its subject" if permission else ""
    return f"Shown to whoever has `{feed.permission}`{condition}."


def _envelope() -> Json:
    """The schema of the members that all events have."""
    schema = EventRead.model_json_schema()
    for property_ in schema["properties"].values():
        property_.pop("title", None)
    return {
        "type": "object",
        "description": "A CloudEvents 1.0 event.",
        "required": sorted(schema["properties"]),
        "properties": schema["properties"],
    }
