"""What a caller asks the running platform, and whether it answers as it should. Standard library only."""

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from deploy.secrets import SERVICES

# What the demo sends to each service, and who reads it.
SHOWN = {
    "/v1/registry/institutions": "demo-registry-editor",
    "/v1/screening/campaigns": "demo-programme-manager",
    "/v1/casework/cases": "demo-county-coordinator",
    "/v1/training/groups": "demo-training-manager",
}


class Entrance(NamedTuple):
    """Where the platform is called from outside, and which certificates are believed there."""

    url: str
    trusted: ssl.SSLContext


def ask(
    entrance: Entrance,
    path: str,
    *,
    form: Mapping[str, str] | None = None,
    token: str | None = None,
) -> tuple[int, bytes]:
    """The status and body of one request."""
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(
        f"{entrance.url}{path}",
        data=body,
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )
    try:
        with urllib.request.urlopen(
            request, timeout=30, context=entrance.trusted
        ) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def token_of(entrance: Entrance, caller: str) -> str:
    """A token of the development issuer for one of its demo callers."""
    form = {"grant_type": "urn:splot:grant-type:demo-caller", "caller": caller}
    status, body = ask(entrance, "/issuer/token", form=form)
    if status != HTTPStatus.OK:
        raise RuntimeError(f"the issuer gives no token: {status}")
    return str(json.loads(body)["access_token"])


def items(entrance: Entrance, path: str) -> list[Any]:
    """The first page of a list, as its reader sees it."""
    token = token_of(entrance, SHOWN[path])
    status, body = ask(entrance, path, token=token)
    return list(json.loads(body)["items"]) if status == HTTPStatus.OK else []


def answers(entrance: Entrance) -> dict[str, bool]:
    """What should be so of a platform that is ready, each with whether it is."""
    token = token_of(entrance, "demo-registry-editor")
    resource = "/v1/registry/voivodeships"
    statuses = {
        "a caller with a token reads": (resource, token, HTTPStatus.OK),
        "a caller without one is refused": (resource, None, HTTPStatus.UNAUTHORIZED),
        "metrics are not for the outside": ("/metrics", None, HTTPStatus.NOT_FOUND),
        "the provider's administration is not either": (
            "/auth/admin/",
            None,
            HTTPStatus.NOT_FOUND,
        ),
        **{
            f"{name} is ready": (f"/readyz?service={name}", None, HTTPStatus.OK)
            for name in SERVICES
        },
    }
    return {
        what: ask(entrance, path, token=by)[0] == wanted
        for what, (path, by, wanted) in statuses.items()
    }
