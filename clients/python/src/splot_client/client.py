"""The client of the whole platform."""

from types import TracebackType
from typing import Literal, Self

import httpx

from splot_client.calls import Calls, Token
from splot_client.generated.services import Services
from splot_client.sending import Patience

# A question to the feed waits for news for up to thirty seconds.
SECONDS = 60


class Splot(Services):
    """`async with Splot(url, token) as splot:` has every service as an attribute: `splot.registry`, …

    `url` is the gateway's address without `/v1`. `token` is an access token, or an async
    function that gets one; it is called for every request, and once more when the last
    token was refused. `language` is that of titles and details of refusals.
    """

    def __init__(
        self,
        url: str,
        token: Token | None = None,
        *,
        language: Literal["pl", "en"] = "pl",
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"accept-language": language},
            timeout=SECONDS,
            transport=transport,
        )
        self.calls = Calls(self._client, token, patience or Patience())
        super().__init__(self.calls)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()
