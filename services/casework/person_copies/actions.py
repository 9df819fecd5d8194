"""Typesetting of a copy, in a separate process with limits of memory and time."""

from pydantic_core import to_json

from services.casework.data_subject_requests.schemas import PersonExport
from services.casework.problems import DocumentUnavailable
from services.chassis.confined import run_confined
from services.chassis.ground.problems import Language
from services.chassis.transfer.files import Broken

_TYPESETTING = "services.casework.person_copies.typesetting:copy_pdf"


async def draw_copy(export: PersonExport, language: Language) -> bytes:
    """The copy as a PDF (PDF/UA-1 and PDF/A-2a). DocumentUnavailable when it cannot be
    made in time.
    """
    try:
        return await run_confined(
            _TYPESETTING, to_json({"language": language, "export": export})
        )
    except Broken:
        raise DocumentUnavailable(retry_after=5) from None
