"""What a certificate's holder lets others see."""

from fastapi import Request

from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.units import Change
from services.training.certificate_disclosures import actions
from services.training.certificate_disclosures.schemas import (
    CertificateLinkRead,
    DisclosureChoose,
)
from services.training.certificates.schemas import CertificateRead
from services.training.demands import CanShowCertificates
from services.training.problems import CertificateNotFound
from services.training.settings import TrainingSettings

router = slice_router(prefix="/certificates/{certificate_id}", tags=["certificates"])
_REFUSALS = (
    CertificateNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


# PUT and no patch: what is shown is chosen whole, and nothing stays by oversight.
@router.put("/disclosure", responses=answers(CertificateRead, *_REFUSALS))
async def choose_certificate_disclosure(
    caller: CanShowCertificates,
    change: Change,
    certificate_id: Id,
    chosen: DisclosureChoose,
    if_match: IfMatch = None,
) -> Answer:
    """Choose what whoever has the code sees: the name, or modules, hours and outcomes.

    By the holder alone.
    """
    version = expected_version(if_match, certificate_id)
    return stored_answer(
        await actions.choose_disclosure(change, certificate_id, chosen, version)
    )


@router.post("/link", responses=answers(CertificateLinkRead, *_REFUSALS))
async def make_certificate_link(
    caller: CanShowCertificates,
    change: Change,
    request: Request,
    certificate_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Make a secret link that shows the whole certificate.

    It is told this once; an earlier one ends.
    """
    version = expected_version(if_match, certificate_id)
    # A link leads to the platform, and not to where this service answers.
    settings: TrainingSettings = request.app.state.settings
    return stored_answer(
        await actions.make_link(change, certificate_id, version, settings.public_url)
    )


# With If-Match as every change: a link that was made since is not withdrawn unseen.
@router.delete("/link", responses=answers(CertificateRead, *_REFUSALS))
async def withdraw_certificate_link(
    caller: CanShowCertificates,
    change: Change,
    certificate_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Let the secret link show no more than the code does."""
    version = expected_version(if_match, certificate_id)
    return stored_answer(await actions.withdraw_link(change, certificate_id, version))
