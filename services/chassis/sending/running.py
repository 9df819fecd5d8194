"""Sends webhooks while a service runs."""

from typing import Any

from services.chassis.background.rounds import Round
from services.chassis.data.database import Database
from services.chassis.ground.logs import logger
from services.chassis.ground.settings import ServiceSettings
from services.chassis.sending.outcomes import Outcome
from services.chassis.sending.rights import CallerOf
from services.chassis.sending.senders import Sender, delete_old_deliveries
from services.chassis.sending.signing import keyring_of
from services.chassis.sending.taking import Terms
from services.chassis.serving.feed_cursors import Feed

log = logger("webhooks")
FORGETTING = Round("delete_old_deliveries", 3600.0, delete_old_deliveries)


class _LazyPoster:
    """Connects to receivers at the first request: the library takes 8 MB of memory."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        self._poster: Any = None

    async def post(self, url: str, headers: dict[str, str], body: str) -> Outcome:
        """The outcome of a request."""
        if self._poster is None:
            from services.chassis.sending.posting import Poster  # noqa: PLC0415

            self._poster = Poster(loopback=self._loopback)
        outcome: Outcome = await self._poster.post(url, headers, body)
        return outcome

    async def close(self) -> None:
        """Close the connections, if there are any."""
        if self._poster is not None:
            await self._poster.close()


async def send_webhooks(
    database: Database, settings: ServiceSettings, feed: Feed, caller_of: CallerOf
) -> None:
    """Send events until cancelled; not at all without a keyring."""
    if settings.webhook_keyring_file is None:
        log.info("no webhooks: WEBHOOK_KEYRING_FILE is not set")
        return
    ring = keyring_of(settings.webhook_keyring_file)
    terms = Terms(database.schema, feed, caller_of, ring)
    receivers = _LazyPoster(loopback=settings.webhook_loopback)
    try:
        await Sender(database, terms, receivers).run()
    finally:
        await receivers.close()
