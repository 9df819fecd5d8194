"""Who is calling: the gateway takes no request for a service without a token that it can verify itself."""

from services.chassis.issuers import TokenVerifier
from services.chassis.problems import Unauthenticated
from services.chassis.tokens import Claims


class Authentication:
    """The token check. A token verified before costs one look-up."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    def remembered(self, authorization: bytes | None) -> Claims | None:
        """What a token that was verified before says, without waiting."""
        return (
            self._verifier.remembered(authorization[7:])
            if authorization and _is_bearer(authorization)
            else None
        )

    @property
    def withdrawals(self) -> int:
        """How often keys were withdrawn: whatever follows from a token is worked out anew after each time."""
        return self._verifier.withdrawals

    async def claims(self, authorization: bytes | None, trace_id: str) -> Claims:
        """What the caller's token says; Unauthenticated without one, or with one that is not to be trusted."""
        if authorization is None or not _is_bearer(authorization):
            raise Unauthenticated(reason="token-missing")
        return await self._verifier.verify(
            authorization[7:].decode("latin-1"), trace_id
        )

    async def is_ready(self) -> bool:
        """Whether the issuer's keys are known; asks for them when they are not."""
        if not self._verifier.ready:
            await self._verifier.refresh()
        return self._verifier.ready


def _is_bearer(authorization: bytes) -> bool:
    return authorization[:7].lower() == b"bearer "
