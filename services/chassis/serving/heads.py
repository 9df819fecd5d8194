"""HEAD: what GET would answer, without the body."""

from typing import Any

from starlette.types import Message, Receive, Scope, Send


class HeadAsGet:
    """HEAD is answered as GET, down to the ETag, and ends where a body would begin."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            # The head alone: an answer to HEAD has no body (RFC 9110, 9.3.2).
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        as_get = {**scope, "method": "GET", "splot.is_head": True}
        try:
            await self.app(as_get, receive, send_head)
        finally:
            # The router set it in the copy, and the log line names it.
            scope["route"] = as_get.get("route")
