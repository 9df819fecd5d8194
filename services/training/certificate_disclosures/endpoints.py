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


# PUT and no patch: both choices are sent, so that neither stays by oversight.
@router.put("/disclosure", responses=answers(CertificateRead, *_REFUSALS))
async def choose_certificate_disclosure(
    caller: CanShowCertificates,
    change: Change,
    certificate_id: Id,
    chosen: DisclosureChoose,
    if_match: IfMatch = None,
) -> Answer:
    """Choose what anybody with the code sees: the name, or modules, hours and outcomes.

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

    The link is only shown in this answer; an earlier one ends.
    """
    version = expected_version(if_match, certificate_id)
    # The link leads to the platform's public address, not to this service's.
    settings: TrainingSettings = request.app.state.settings
    return stored_answer(
        await actions.make_link(change, certificate_id, version, settings.public_url)
    )


# With If-Match: a link that was made in the meantime is not withdrawn by accident.
@router.delete("/link", responses=answers(CertificateRead, *_REFUSALS))
async def withdraw_certificate_link(
    caller: CanShowCertificates,
    change: Change,
    certificate_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Withdraw the secret link: it then shows no more than the code does."""
    version = expected_version(if_match, certificate_id)
    return stored_answer(await actions.withdraw_link(change, certificate_id, version))
