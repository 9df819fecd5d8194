"""/pathways."""

from typing import Annotated

from fastapi import Query

from services.casework.demands import CanEditPathways, CanReadPathways
from services.casework.pathways import actions, queries
from services.casework.pathways.schemas import (
    PathwayCreate,
    PathwayList,
    PathwayRead,
    PathwayUpdate,
)
from services.casework.problems import PathwayNotFound
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    Duplicate,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Change, Reading

router = slice_router(prefix="/pathways", tags=["pathways"])
_CHANGE = (PathwayNotFound, StateConflict, PreconditionRequired, VersionMismatch)


@router.get("", responses=answers(Page[PathwayRead]))
async def list_pathways(
    caller: CanReadPathways,
    reading: Reading,
    terms: Terms,
    query: Annotated[PathwayList, Query()],
) -> Answer:
    """Templates of support pathways, in all versions, ordered by code."""
    # Not audited: templates contain no personal data.
    listed = queries.list_pathways(query, caller)
    return page_answer(await page_of(reading, terms, query, listed), terms)


@router.post("", status_code=201, responses=answers(PathwayRead, Duplicate, status=201))
async def draft_pathway(
    caller: CanEditPathways, change: Change, new: PathwayCreate
) -> Answer:
    """Draft the next version of a template: its steps, each a number of days after the
    start or after another step.
    """
    pathway = await actions.draft_pathway(change, new)
    return created_answer(pathway, f"/v1/casework/pathways/{pathway.key}")


@router.get("/{pathway_id}", responses=answers(PathwayRead, PathwayNotFound))
async def get_pathway(
    caller: CanReadPathways, reading: Reading, terms: Terms, pathway_id: Id
) -> Answer:
    """One version of a template."""
    pathway = await queries.get_pathway(reading, pathway_id)
    return stored_answer(queries.to_stored(pathway), terms)


# PUT and not PATCH: the steps are checked together.
@router.put("/{pathway_id}", responses=answers(PathwayRead, *_CHANGE))
async def amend_pathway(
    caller: CanEditPathways,
    change: Change,
    pathway_id: Id,
    new: PathwayUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Replace the content of a draft. A published version cannot be changed: draft the
    next one.
    """
    version = expected_version(if_match, pathway_id)
    return stored_answer(await actions.amend_pathway(change, pathway_id, new, version))


@router.post("/{pathway_id}/publish", responses=answers(PathwayRead, *_CHANGE))
async def publish_pathway(
    caller: CanEditPathways, change: Change, pathway_id: Id, if_match: IfMatch = None
) -> Answer:
    """Publish a version, so that plans can be made from it."""
    version = expected_version(if_match, pathway_id)
    pathway = await actions.publish_pathway(change, pathway_id, version, clock.now())
    return stored_answer(pathway)


# Retired and never deleted: plans name the version that their steps came from.
@router.post("/{pathway_id}/retire", responses=answers(PathwayRead, *_CHANGE))
async def retire_pathway(
    caller: CanEditPathways, change: Change, pathway_id: Id, if_match: IfMatch = None
) -> Answer:
    """Retire a version: no more plans are made from it.
    Existing plans keep their steps.
    """
    version = expected_version(if_match, pathway_id)
    return stored_answer(await actions.retire_pathway(change, pathway_id, version))
