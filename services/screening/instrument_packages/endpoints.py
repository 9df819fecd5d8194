"""/instrument-packages."""

from fastapi import Request

from services.chassis.ground.problems import UnknownReference
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, created_answer
from services.chassis.web.units import Change
from services.screening.demands import CanImportPackages
from services.screening.instrument_packages import actions
from services.screening.instrument_packages.rules import canonical_bytes
from services.screening.instrument_packages.schemas import SignedPackage
from services.screening.instruments.schemas import InstrumentVersionRead
from services.screening.problems import (
    NormSetAlreadyExists,
    PackageAlreadyLoaded,
    PackageNotTrusted,
)
from services.screening.settings import ScreeningSettings

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

    The signature of a publisher that the operator trusts is required. Texts that may
    not be passed on are stored for scoring and never shown.
    """
    settings: ScreeningSettings = request.app.state.settings
    # The signature covers the JSON that was sent, not the parsed model.
    content = canonical_bytes((await request.json())["package"])
    draft = await actions.load_instrument_package(
        change,
        signed,
        content,
        settings.package_publishers,
        in_development=settings.environment == "development",
    )
    code = signed.package.instrument.code
    path = f"/v1/screening/instruments/{code}/versions/{draft.number}"
    return created_answer(draft.stored, path)
