"""Training, running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from services.chassis.app import create_app
from services.chassis.background.jobs import Job
from services.chassis.background.rounds import Round
from services.training.attendances import endpoints as attendances
from services.training.certificate_disclosures import (
    endpoints as certificate_disclosures,
)
from services.training.certificate_documents import endpoints as certificate_documents
from services.training.certificate_documents.drawing import stop_drawing
from services.training.certificates import endpoints as certificates
from services.training.certificates.actions import ISSUING
from services.training.credential_keys import read_keys
from services.training.credentials import endpoints as credentials
from services.training.events import EVENTS
from services.training.group_validators import endpoints as group_validators
from services.training.permissions import GRANTS, Permission
from services.training.sessions import endpoints as sessions
from services.training.settings import TrainingSettings
from services.training.validations import endpoints as validations
from services.training.verifications import endpoints as verifications

SLICES: tuple[ModuleType, ...] = (
    attendances,
    sessions,
    group_validators,
    validations,
    certificates,
    certificate_disclosures,
    certificate_documents,
    credentials,
    verifications,
)
JOBS: list[Job | Round] = [ISSUING]


@asynccontextmanager
async def _running(settings: TrainingSettings) -> AsyncIterator[None]:
    """Keys that cannot be read are told at the start; what draws documents ends with the service."""
    if settings.credential_keys_file is not None:
        read_keys(settings.credential_keys_file)
    try:
        yield
    finally:
        await stop_drawing()


app = create_app(
    "training",
    routers=[slice_.router for slice_ in SLICES],
    grants=GRANTS,
    events=EVENTS,
    operate_jobs=Permission.OPERATE_JOBS,
    read_audit=Permission.READ_AUDIT,
    jobs=JOBS,
    settings=TrainingSettings,
    connected=_running,
)
