"""Who is calling: the gateway takes no request for a service without a token that it can verify itself."""

from services.chassis.identity import Claims, TokenVerifier
from services.chassis.problems import Unauthenticated


class Authentication:
    """The token check. A token verified before costs one look-up."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    async def claims(self, authorization: bytes | None) -> Claims:
        """What the caller's token says; Unauthenticated without one, or with one that is not to be trusted."""
        if authorization is None or authorization[:7].lower() != b"bearer ":
            raise Unauthenticated(reason="token-missing")
        token = authorization[7:]
        known = self._verifier.remembered(token)
        return known if known is not None else await self._verifier.verify(token.decode("latin-1"))

    async def is_ready(self) -> bool:
        """Whether the issuer's keys are known; asks for them when they are not."""
        if not self._verifier.ready:
            await self._verifier.refresh()
        return self._verifier.ready
