"""A new wrapping key for the secrets of webhooks, while the service runs:
`python -m services.chassis.webhooks.rotating SERVICE`.

The secrets stay; the key that seals them changes. It may be stopped and started again:
it goes on with secrets that another key than the newest has sealed.
"""

import asyncio
import sys
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, func, literal, or_, select, update

from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.ground.settings import ServiceSettings
from services.chassis.sending.looking import HOOKS
from services.chassis.sending.signing import keyring_of, seal_secret, unseal_secret
from services.chassis.sending.tables import WEBHOOKS
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import Keyring

ROTATOR = Caller("webhooks: rotation")
# Rows are locked meanwhile: so few that no sending waits.
AT_ONCE = 100
_NOTHING = UUID(int=0)


async def reseal(database: Database, ring: Keyring, at_once: int = AT_ONCE) -> int:
    """Seal every secret by the newest wrapping key; returns the number of webhooks."""
    done, last = 0, _NOTHING
    while True:
        async with database.change(ROTATOR) as change:
            hook_ids = await _reseal_some(change, ring, last, at_once)
        if not hook_ids:
            return done
        done, last = done + len(hook_ids), hook_ids[-1]


async def _reseal_some(
    change: Change, ring: Keyring, after: UUID, at_once: int
) -> list[UUID]:
    is_old = or_(_is_old(HOOKS.secret, ring), _is_old(HOOKS.earlier_secret, ring))
    statement = (
        select(HOOKS.id, HOOKS.secret, HOOKS.earlier_secret)
        .where(is_old, HOOKS.id > after)
        .order_by(HOOKS.id)
        .limit(at_once)
        .with_for_update()
    )
    hooks = []
    for hook_id, secret, earlier in await change.rows(statement):
        update_statement = update(WEBHOOKS).where(HOOKS.id == hook_id)
        values = {"secret": _sealed_anew(ring, hook_id, secret)}
        if earlier is not None:
            values["earlier_secret"] = _sealed_anew(ring, hook_id, earlier)
        await change.execute(update_statement.values(values))
        hooks.append(hook_id)
    if hooks:
        about = Subject("webhook-secrets")
        change.record(
            "reseal_webhooks", about, keyring_id=ring.current, hooks=len(hooks)
        )
    return hooks


def _is_old(sealed: ColumnElement[bytes], ring: Keyring) -> ColumnElement[bool]:
    # The name of the key stands before the sealed bytes (`seal_by_name`).
    newest = f"{ring.current}\n".encode()
    begins = func.substring(sealed, 1, len(newest), type_=LargeBinary)
    return begins != literal(newest, LargeBinary)


def _sealed_anew(ring: Keyring, hook_id: UUID, sealed: bytes) -> bytes:
    return seal_secret(ring, hook_id, unseal_secret(ring, hook_id, sealed))


async def _rotate(service: str) -> None:
    settings = ServiceSettings()
    ring = keyring_of(settings.webhook_keyring_file)
    database = Database(settings, service)
    try:
        count = await reseal(database, ring)
    finally:
        await database.close()
    sys.stdout.write(f"the secrets of {count} webhooks are sealed anew\n")


if __name__ == "__main__":
    asyncio.run(_rotate(sys.argv[1]))
