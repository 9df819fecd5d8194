"""/instrument-packages."""

from fastapi import Request

from services.chassis.answers import Answer
from services.chassis.database import Change
from services.chassis.problems import UnknownReference
from services.chassis.responses import answers
from services.chassis.routes import router as slice_router
from services.screening.instrument_packages import actions
from services.screening.instrument_packages.schemas import SignedPackage
from services.screening.instruments.schemas import InstrumentVersionRead
from services.screening.permissions import CanImportPackages
from services.screening.problems import (
    NormSetAlreadyExists,
    PackageAlreadyLoaded,
    PackageNotTrusted,
)

router = slice_router(prefix="/instrument-packages", tags=["instrument-packages"])


@router.post(
    "",
    status_code=201,
    responses=answers(
        InstrumentVersionRead,
        PackageNotTrusted,
        PackageAlreadyLoaded,
        NormSetAlreadyExists,
        UnknownReference,
        status=201,
    ),
)
async def load_instrument_package(
    caller: CanImportPackages, change: Change, request: Request, signed: SignedPackage
) -> Answer:
    """Load an instrument with its texts and norms, as drafts that a person then publishes.

    The signature of a publisher that the operator trusts is required. Texts that may not be passed on are kept for
    scoring and shown to nobody.
    """
    settings = request.app.state.settings
    sent = (await request.json())["package"]
    publishers = getattr(settings, "package_publishers", {})
    development = settings.environment == "development"
    return await actions.load_instrument_package(
        change, caller, signed, sent, publishers, in_development=development
    )
