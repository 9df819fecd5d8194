"""/networks."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    AmbiguousReference,
    OutsideScope,
    PreconditionRequired,
    UnknownReference,
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
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.demands import CanEditNetworks, CanReadNetworks
from services.registry.networks import actions, queries
from services.registry.networks.schemas import (
    NetworkClose,
    NetworkCreate,
    NetworkList,
    NetworkOverview,
    NetworkRead,
    NetworkUpdate,
)
from services.registry.problems import (
    NetworkAlreadyOpen,
    NetworkClosed,
    NetworkNotFound,
)

router = slice_router(prefix="/networks", tags=["networks"])
_CHANGE = (
    NetworkNotFound,
    NetworkClosed,
    OutsideScope,
    PreconditionRequired,
    VersionMismatch,
)


@router.get("", responses=answers(Page[NetworkRead]))
async def list_networks(
    caller: CanReadNetworks,
    reading: Reading,
    terms: Terms,
    query: Annotated[NetworkList, Query()],
) -> Answer:
    """Support networks of counties, the open and the closed ones."""
    networks = await queries.list_networks(reading, terms, query, clock.today())
    return page_answer(networks, terms)


@router.post(
    "",
    status_code=201,
    responses=answers(
        NetworkRead,
        OutsideScope,
        UnknownReference,
        AmbiguousReference,
        NetworkAlreadyOpen,
        status=201,
    ),
)
async def create_network(
    caller: CanEditNetworks, change: Change, new: NetworkCreate
) -> Answer:
    """Found the support network of a county. A county has one open network at a time."""
    network = await actions.create_network(change, new, clock.today())
    return created_answer(network, f"/v1/registry/networks/{network.key}")


@router.get("/{network_id}", responses=answers(NetworkOverview, NetworkNotFound))
async def get_network(
    caller: CanReadNetworks, reading: Reading, network_id: Id
) -> Answer:
    """One network, with its members counted by role and sector."""
    # No 304: the counts change without a new version.
    return stored_answer(await queries.get_network(reading, network_id))


@router.patch("/{network_id}", responses=answers(NetworkRead, *_CHANGE))
async def amend_network(
    caller: CanEditNetworks,
    change: Change,
    network_id: Id,
    patch: NetworkUpdate,
    if_match: IfMatch = None,
) -> Answer:
    """Change a network's name or description by a merge patch."""
    version = expected_version(if_match, network_id)
    network = await actions.amend_network(change, network_id, patch, version)
    return stored_answer(network)


@router.post("/{network_id}/close", responses=answers(NetworkRead, *_CHANGE))
async def close_network(
    caller: CanEditNetworks,
    change: Change,
    network_id: Id,
    end: NetworkClose,
    if_match: IfMatch = None,
) -> Answer:
    """Close a network: it takes no decision of that day or a later one. Its rules, members
    and history stay readable.
    """
    version = expected_version(if_match, network_id)
    network = await actions.close_network(
        change, network_id, end, version, clock.today()
    )
    return stored_answer(network)
