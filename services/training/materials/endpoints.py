"""/materials and their files."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from services.chassis.file_kinds import MediaType
from services.chassis.ground.problems import StateConflict, UnknownReference
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.kept_files import FILE_ANSWER, file_answer
from services.chassis.serving.routes import router as slice_router
from services.chassis.small_files import read_small_file, small_upload
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, slot
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.demands import CanEditMaterials, CanReadMaterials
from services.training.materials import actions, queries
from services.training.materials.schemas import (
    MaterialCreate,
    MaterialList,
    MaterialRead,
)
from services.training.problems import (
    MaterialFileAlreadyKept,
    MaterialFileNotFound,
    MaterialNotFound,
    ProgrammeVersionNotFound,
    TestOnlyMaterial,
    TrainingProgrammeNotFound,
)
from services.training.settings import TrainingSettings

router = slice_router(prefix="/materials", tags=["materials"])
_KINDS = [kind.value for kind in MediaType]
# Each upload is in memory until it is stored.
_FILES_AT_ONCE = 2


@router.get("", responses=answers(Page[MaterialRead]))
async def list_materials(
    caller: CanReadMaterials,
    reading: Reading,
    terms: Terms,
    query: Annotated[MaterialList, Query()],
) -> Answer:
    """Materials by programme, module, kind and use, also of retired versions."""
    return page_answer(await queries.list_materials(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        MaterialRead,
        TrainingProgrammeNotFound,
        ProgrammeVersionNotFound,
        StateConflict,
        UnknownReference,
        TestOnlyMaterial,
        status=201,
    ),
)
async def add_material(
    caller: CanEditMaterials, change: Change, new: MaterialCreate
) -> Answer:
    """Add a material to modules of a proposed or agreed version; its file follows.

    With a code that exists in the programme, it is the next version of that material.
    A test-only material belongs to test-specific modules only.
    """
    material = await actions.add_material(change, new)
    return created_answer(material, f"/v1/training/materials/{material.key}")


@router.get("/{material_id}", responses=answers(MaterialRead, MaterialNotFound))
async def get_material(
    caller: CanReadMaterials, reading: Reading, terms: Terms, material_id: Id
) -> Answer:
    """One version of a material, with the checksum of its file."""
    return stored_answer(await queries.get_material(reading, material_id), terms)


@router.post(
    "/{material_id}/file",
    # No PUT: a stored file is never replaced; another file is another version.
    status_code=201,
    responses=answers(
        MaterialRead,
        *UPLOAD_REFUSALS,
        MaterialNotFound,
        MaterialFileAlreadyKept,
        status=201,
    ),
    openapi_extra=small_upload(_KINDS, "the file itself, at most 20 MiB unless set"),
)
async def keep_material_file(
    caller: CanEditMaterials, change: Change, request: Request, material_id: Id
) -> Answer:
    """Upload a PDF, PNG or JPEG file as the body. It is stored once and unchanged.

    A file whose content is not of its media type, or that is also a file of another
    kind, is refused.
    """
    # Checked first, so that no second file is uploaded in vain.
    await actions.lock_without_file(change, material_id)
    settings: TrainingSettings = request.app.state.settings
    limit = settings.max_material_bytes
    with slot(request.app.state, "materials", _FILES_AT_ONCE):
        file = await read_small_file(request, change, _KINDS, limit)
        kind = MediaType(file.media_type)
        material = await actions.keep_file(change, material_id, kind, file.content)
    return created_answer(material, f"/v1/training/materials/{material_id}/file")


@router.get(
    "/{material_id}/file",
    responses=FILE_ANSWER | problems(MaterialNotFound, MaterialFileNotFound),
)
async def get_material_file(
    caller: CanReadMaterials,
    reading: Reading,
    request: Request,
    terms: Terms,
    material_id: Id,
) -> Response:
    """The file as a download. Its ETag is its checksum."""
    file = await queries.get_file(reading, material_id)

    # With a new reading: the one above is released before the parts are sent.
    async def find(reading: Reading, part: int) -> bytes | None:
        return await queries.find_part(reading, material_id, part)

    return file_answer(request, caller, terms, file, find)
