"""Seals the audit trail of a service while it runs."""

import asyncio
from collections.abc import Sequence

from services.chassis.background.kept_checkpoints import KeptCheckpoint
from services.chassis.background.sealer import AuditLogBroken, Sealer
from services.chassis.data.database import Database
from services.chassis.ground.logs import describe_exception, logger
from services.chassis.ground.settings import ServiceSettings
from services.chassis.telemetry.counting import SEALED
from services.chassis.trails.checkpoints import SigningKey, VerifierKey

SECONDS_BETWEEN_SEALS = 10.0

log = logger("sealing")


def keys_of(
    settings: ServiceSettings, service: str
) -> tuple[SigningKey, list[VerifierKey]]:
    """The key that signs the log of a service, and those that signed it before."""
    seed = settings.audit_key.get_secret_value() if settings.audit_key else ""
    earlier = [VerifierKey.read(text) for text in settings.audit_earlier_verifiers]
    return SigningKey(f"{settings.audit_origin}/{service}", seed), earlier


def kept_by(
    settings: ServiceSettings, keys: Sequence[VerifierKey]
) -> KeptCheckpoint | None:
    """The checkpoint beside the database, if one is configured."""
    path = settings.audit_checkpoint_file
    return KeptCheckpoint(path, keys) if path else None


async def keep_sealed(database: Database, settings: ServiceSettings) -> None:
    """Seal new records, now and every ten seconds; not at all without a key."""
    if settings.audit_key is None:
        # The trail is written anyway, and sealed once there is a key.
        log.warning("the audit trail is not sealed: AUDIT_KEY is not set")
        return
    key, earlier = keys_of(settings, database.schema)
    sealer = Sealer(database, key, earlier, kept_by(settings, [key.verifier, *earlier]))
    log.info("the audit trail is sealed", verifier_key=str(key.verifier))
    while True:
        try:
            await sealer.seal()
            SEALED.set_to_current_time()
        except AuditLogBroken as error:
            # An alarm in itself: a traceback would add nothing.
            log.error(  # noqa: TRY400
                "the audit trail is not sealed: it was changed", reason=str(error)
            )
        except Exception as error:  # noqa: BLE001
            # Any error: nothing would start this loop again.
            log.warning(
                "the audit trail could not be sealed", **describe_exception(error)
            )
        await asyncio.sleep(SECONDS_BETWEEN_SEALS)
