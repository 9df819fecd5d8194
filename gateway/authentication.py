"""Authentication: no service gets a request without a verified token."""

from services.chassis.ground.problems import Unauthenticated
from services.chassis.trust.issuers import TokenVerifier
from services.chassis.trust.tokens import Claims


class Authentication:
    """The token check. A token verified before costs one look-up."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    def remembered(self, authorization: bytes | None) -> Claims | None:
        """The claims of a token that was verified before; None for any other."""
        if authorization is None or not _is_bearer(authorization):
            return None
        return self._verifier.remembered(authorization[7:])

    @property
    def withdrawals(self) -> int:
        """How often the issuer withdrew keys; each time cached claims expire."""
        return self._verifier.withdrawals

    async def claims(self, authorization: bytes | None, trace_id: str) -> Claims:
        """The claims of the caller's token; Unauthenticated if there is none to be trusted."""
        if authorization is None or not _is_bearer(authorization):
            raise Unauthenticated(reason="token-missing")
        # Latin-1 decodes any byte, so that the verifier refuses whatever is no token.
        return await self._verifier.verify(
            authorization[7:].decode("latin-1"), trace_id
        )

    async def is_ready(self) -> bool:
        """Whether the issuer's keys are known; fetches them when they are not."""
        # Probes come more often than keys are fetched: so the gateway is ready again as
        # soon as the issuer is.
        if not self._verifier.ready:
            await self._verifier.refresh()
        return self._verifier.ready


def _is_bearer(authorization: bytes) -> bool:
    # The name of a scheme has no case (RFC 9110, 11.1).
    return authorization[:7].lower() == b"bearer "
