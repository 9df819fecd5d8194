"""/instruments and their versions."""

from typing import Annotated

from fastapi import Query

from services.chassis.data.work import Stored
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.screening.demands import (
    CanEditInstruments,
    CanPublishInstruments,
    CanReadInstruments,
)
from services.screening.instruments import actions, queries
from services.screening.instruments.rules.definitions import InstrumentCode
from services.screening.instruments.schemas import (
    DefinitionCreate,
    DefinitionSchema,
    InstrumentCreate,
    InstrumentList,
    InstrumentRead,
    InstrumentVersionEntry,
    InstrumentVersionList,
    InstrumentVersionRead,
    VersionNumber,
    VersionRetirement,
)
from services.screening.problems import (
    InstrumentAlreadyExists,
    InstrumentNotFound,
    InstrumentVersionNotFound,
)

router = slice_router(prefix="/instruments", tags=["instruments"])
_CHANGE = (
    InstrumentVersionNotFound,
    StateConflict,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[InstrumentRead]))
async def list_instruments(
    caller: CanReadInstruments,
    reading: Reading,
    terms: Terms,
    query: Annotated[InstrumentList, Query()],
) -> Answer:
    """All instruments, also those without a published version."""
    return page_answer(await queries.list_instruments(reading, terms, query), terms)


# Before `/{code}`, which would read `definition-schema` as the code of an instrument.
@router.get("/definition-schema", responses=answers(DefinitionSchema))
async def get_definition_schema(caller: CanReadInstruments, terms: Terms) -> Answer:
    """The JSON Schema that a definition of an instrument satisfies."""
    return stored_answer(Stored("definition-schema", 1, queries.SCHEMA), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        InstrumentRead, InstrumentAlreadyExists, UnknownReference, status=201
    ),
)
async def create_instrument(
    caller: CanEditInstruments, change: Change, new: InstrumentCreate
) -> Answer:
    """Create an instrument with its place in a lineage (`family`, `supersedes`),
    without a version.
    """
    instrument = await actions.create_instrument(change, new)
    return created_answer(instrument, f"/v1/screening/instruments/{new.code}")


@router.get("/{code}", responses=answers(InstrumentRead, InstrumentNotFound))
async def get_instrument(
    caller: CanReadInstruments, reading: Reading, terms: Terms, code: InstrumentCode
) -> Answer:
    """One instrument."""
    return stored_answer(await queries.get_instrument(reading, code), terms)


@router.get(
    "/{code}/versions",
    responses=answers(Page[InstrumentVersionEntry], InstrumentNotFound),
)
async def list_instrument_versions(
    caller: CanReadInstruments,
    reading: Reading,
    terms: Terms,
    code: InstrumentCode,
    query: Annotated[InstrumentVersionList, Query()],
) -> Answer:
    """The versions of an instrument, without their definitions."""
    versions = await queries.list_instrument_versions(reading, terms, code, query)
    return page_answer(versions, terms)


@router.post(
    "/{code}/versions",
    status_code=201,
    responses=answers(InstrumentVersionRead, InstrumentNotFound, status=201),
)
async def draft_instrument_version(
    caller: CanEditInstruments,
    change: Change,
    code: InstrumentCode,
    definition: DefinitionCreate,
) -> Answer:
    """Draft the next version of an instrument.

    A definition that contradicts itself is refused, with the place
    of every contradiction.
    """
    draft = await actions.draft_instrument_version(change, code, definition)
    path = f"/v1/screening/instruments/{code}/versions/{draft.number}"
    return created_answer(draft.stored, path)


@router.get(
    "/{code}/versions/{number}",
    responses=answers(InstrumentVersionRead, InstrumentVersionNotFound),
)
async def get_instrument_version(
    caller: CanReadInstruments,
    reading: Reading,
    terms: Terms,
    code: InstrumentCode,
    number: VersionNumber,
) -> Answer:
    """One version with its definition.

    Texts of items that may not be passed on are left out for every caller.
    """
    version = await queries.get_instrument_version(reading, code, number)
    return stored_answer(version, terms)


async def _expected_version(
    reading: Reading, code: str, number: int, if_match: str | None
) -> int:
    """The version of the record that the caller has read.

    The ETag names the version by its id, which is not in the address.
    """
    return expected_version(
        if_match, await queries.get_version_id(reading, code, number)
    )


@router.put(
    "/{code}/versions/{number}", responses=answers(InstrumentVersionRead, *_CHANGE)
)
# A whole document and no patch, because its parts refer to one another and
# are checked together.
async def amend_instrument_version(
    caller: CanEditInstruments,
    change: Change,
    code: InstrumentCode,
    number: VersionNumber,
    definition: DefinitionCreate,
    if_match: IfMatch = None,
) -> Answer:
    """Give a draft another definition."""
    version = await _expected_version(change, code, number, if_match)
    return stored_answer(
        await actions.amend_instrument_version(
            change, code, number, definition, version
        )
    )


@router.post(
    "/{code}/versions/{number}/publish",
    responses=answers(InstrumentVersionRead, *_CHANGE),
)
async def publish_instrument_version(
    caller: CanPublishInstruments,
    change: Change,
    code: InstrumentCode,
    number: VersionNumber,
    if_match: IfMatch = None,
) -> Answer:
    """Publish a draft for use; from now on it never changes."""
    version = await _expected_version(change, code, number, if_match)
    return stored_answer(
        await actions.publish_instrument_version(
            change, code, number, version, clock.now()
        )
    )


@router.post(
    "/{code}/versions/{number}/retire",
    responses=answers(InstrumentVersionRead, *_CHANGE),
)
async def retire_instrument_version(
    caller: CanPublishInstruments,
    change: Change,
    code: InstrumentCode,
    number: VersionNumber,
    end: VersionRetirement,
    if_match: IfMatch = None,
) -> Answer:
    """End the use of a published version. Screenings made with it stay as they are."""
    version = await _expected_version(change, code, number, if_match)
    return stored_answer(
        await actions.retire_instrument_version(
            change, code, number, end, version, clock.now()
        )
    )
