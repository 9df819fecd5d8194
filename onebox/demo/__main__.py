"""Sends the small demo to a platform elsewhere: `python -m onebox.demo FOLDER URL`.

FOLDER is the folder of its development issuer, whose key signs the tokens. Requests are made
for the address of the issuer, and sent to URL.
"""

import asyncio
import sys
from pathlib import Path

import httpx

from onebox.demo import load_small_demo
from onebox.failures import Failure
from onebox.instance import announce, instance_in, withdraw
from onebox.issuer import IssuerSettings


class Elsewhere(httpx.AsyncHTTPTransport):
    """Sends every request to one address, and keeps the Host header that it was made with."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """httpx: send one request."""
        request.url = request.url.copy_with(host=self._url.host, port=self._url.port)
        return await super().handle_async_request(request)


def send(folder: Path, url: str) -> str | None:
    """Why the demo was not sent, None when it was."""
    settings = IssuerSettings()
    if settings.environment != "development":
        return "The demo holds invented people: it is sent with ENVIRONMENT=development alone."
    instance = instance_in(folder)
    announce(instance, settings.oidc_issuer.removesuffix("/issuer"))
    try:
        asyncio.run(load_small_demo(instance, Elsewhere(url)))
    except Failure as failure:
        return str(failure)
    finally:
        withdraw(instance)
    return None


if __name__ == "__main__":
    sys.exit(send(Path(sys.argv[1]), sys.argv[2]))
