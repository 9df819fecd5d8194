"""Issuers whose keys are found by discovery."""

import json
from typing import Any


class Site:
    """An issuer's site: a discovery document and keys, each at its path."""

    def __init__(self, pages: dict[str, Any]) -> None:
        self.pages, self.asked = pages, list[str]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        page = self.pages.get(scope["path"])
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        await send({"type": "http.response.start", "status": 404 if page is None else 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
